import { OssConfError } from "./error.js";
import { handle } from "./handle.js";
import { compile } from "./module.js";
import { members } from "./plain.js";

/**
 * Makes the function load of an entry.
 *
 * @param {() => unknown} packaged gives the module that stands in the package, as anything that load takes
 * @param {(url: URL) => unknown} [open] reads an address
 */
export function loader(packaged, open = (url) => fetch(url)) {
  /** @type {Promise<WebAssembly.Module> | undefined} */
  let compiled;

  async function ours() {
    compiled ??= compile(packaged, open);
    try {
      return await compiled;
    } catch (error) {
      compiled = undefined; // the next call tries again
      throw error;
    }
  }

  /** @param {unknown} [options] */
  return async function load(options = {}) {
    const { module: given } = members(options, ["module"]);
    const module = given === undefined ? await ours() : await compile(() => given, open);
    try {
      return handle(module);
    } catch (error) {
      throw new OssConfError(
        {
          code: "not_loaded",
          message: "the module is none that this version of the package can use",
          hint: "take ossconf.wasm from the same version of the package; the form with WASI imports is not for it",
        },
        { cause: error },
      );
    }
  };
}
