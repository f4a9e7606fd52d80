import { OssConfError } from "./error.js";

/**
 * @param {string} message
 * @param {string} hint
 * @param {unknown} [cause]
 */
function notLoaded(message, hint, cause) {
  return new OssConfError({ code: "not_loaded", message, hint }, cause === undefined ? undefined : { cause });
}

/** @param {unknown} value */
const brand = (value) => Object.prototype.toString.call(value).slice(8, -1);

/**
 * Compiles a module, wherever it comes from.
 *
 * @param {() => unknown} source gives what load takes as module
 * @param {(url: URL) => unknown} open fetches or reads what stands at an address
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(source, open) {
  let from;
  try {
    from = await source();
  } catch (error) {
    throw notLoaded("the module cannot be read", "see the cause, or pass the module to load", error);
  }
  if (brand(from) === "URL") {
    const url = /** @type {URL} */ (from);
    try {
      from = await open(url);
    } catch (error) {
      throw notLoaded(
        `the module cannot be read from ${place(url)}`,
        "serve ossconf.wasm there, or pass it as module",
        error,
      );
    }
  }
  switch (brand(from)) {
    case "WebAssembly.Module":
      return /** @type {WebAssembly.Module} */ (from);
    case "Response":
      return compileResponse(/** @type {Response} */ (from));
  }
  if (ArrayBuffer.isView(from)) {
    const { buffer, byteOffset, byteLength } = from; // not every engine takes a DataView
    return guard(async () =>
      WebAssembly.compile(new Uint8Array(/** @type {ArrayBuffer} */ (buffer), byteOffset, byteLength)),
    );
  }
  if (brand(from) === "ArrayBuffer") {
    return guard(() => WebAssembly.compile(/** @type {ArrayBuffer} */ (from)));
  }
  throw new OssConfError({
    code: "wrong_type",
    message: "the module is nothing that can be compiled",
    hint: "pass a WebAssembly.Module, its bytes, a URL object or a Response, or the promise of one",
    path: "/module",
  });
}

/** @param {Response} response */
async function compileResponse(response) {
  if (!response.ok) {
    throw notLoaded(
      `the request for the module was answered with status ${response.status}`,
      "serve ossconf.wasm at the address, or pass it as module",
    );
  }
  // The streaming compiler insists on the media type, which many servers do not know.
  const type = response.headers.get("content-type") ?? "";
  if (/^application\/wasm$/i.test(type.trim()) && typeof WebAssembly.compileStreaming === "function") {
    return guard(() => WebAssembly.compileStreaming(response));
  }
  return guard(async () => WebAssembly.compile(await response.arrayBuffer()));
}

/** @param {() => Promise<WebAssembly.Module>} run */
async function guard(run) {
  try {
    return await run();
  } catch (error) {
    throw notLoaded(
      "the module cannot be compiled",
      "check that the whole of ossconf.wasm arrives, and that a page's Content-Security-Policy has 'wasm-unsafe-eval' in script-src",
      error,
    );
  }
}

/**
 * Where a URL leads, without what may be a secret in its query.
 *
 * @param {URL} url
 */
const place = (url) => `${url.protocol}//${url.host}${url.pathname}`;
