import { resource } from "./addressing.js";
import { OssConfError } from "./error.js";
import { members, reading, strings, wrongType } from "./plain.js";

/** What of the options is signed as it is. */
const SIGNED = /** @type {const} */ ([
  "access_key_id",
  "access_key_secret",
  "security_token",
  "region",
  "product",
  "additional_headers",
]);
const OPTIONS = [...SIGNED, "time", "endpoint", "bucket", "path_style"];

/** The headers that a signature consists of. */
const SET = /^(?:authorization|x-oss-content-sha256|x-oss-date|x-oss-security-token)$/i;

/** The headers that are signed always. */
const ALWAYS = /^(?:content-type|content-md5|x-oss-.*)$/;

/** The headers that a runtime sets or leaves out as it likes, when a request is sent: https://fetch.spec.whatwg.org/#forbidden-request-header */
const FORBIDDEN =
  /^(?:accept-(?:charset|encoding)|access-control-.*|connection|content-length|cookie|date|dnt|expect|keep-alive|origin|proxy-.*|referer|sec-.*|set-cookie|te|trailer|transfer-encoding|upgrade|via)$/;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Returns a request like the given one with a signature in its headers. The body of the given one goes with it.
 *
 * @param {(request: unknown) => { headers: [string, string][] }} sign
 * @param {unknown} request
 * @param {unknown} options
 * @returns {Request}
 */
export function signRequest(sign, request, options) {
  const given = readOptions(options);
  const sent = readRequest(request);
  const { url } = sent;
  const { headers } = sign({
    ...Object.fromEntries(SIGNED.map((name) => [name, given[name]])),
    time: given.time ?? now(),
    method: sent.method,
    ...resource(url, given),
    query: parseQuery(url.search),
    headers: signedHeaders(sent.headers, url.host, given.additional_headers),
  });
  return withHeaders(
    sent.request,
    headers.filter(([name]) => SET.test(name)),
  );
}

/** @typedef {Record<string, any> & import("./addressing.js").Addressing & { additional_headers: string[] }} Options */

/**
 * @param {unknown} options
 * @returns {Options}
 */
function readOptions(options) {
  const given = members(options, OPTIONS);
  const types = { endpoint: "string", bucket: "string", path_style: "boolean" };
  for (const [name, type] of Object.entries(types)) {
    if (given[name] !== undefined && typeof given[name] !== type) {
      throw wrongType(`the option is no ${type}`, `/${name}`, `give a ${type}`);
    }
  }
  if (typeof given.endpoint === "string" && /[/?#@\\\s]/.test(given.endpoint)) {
    throw new OssConfError({
      code: "endpoint",
      message: "not an endpoint",
      hint: "give a host such as oss-cn-hangzhou.aliyuncs.com, without scheme and path",
      path: "/endpoint",
    });
  }
  return { ...given, additional_headers: strings(given.additional_headers ?? [], "/additional_headers") };
}

/** @param {unknown} value */
function readRequest(value) {
  return reading(() => {
    if (!(value instanceof Request)) {
      throw wrongType("the first argument is no Request", "", "pass a Request of this runtime");
    }
    if (value.bodyUsed || value.body?.locked) {
      throw wrongType("the body of the request has been read", "/body", "sign before, or pass a clone");
    }
    return { request: value, method: value.method, url: new URL(value.url), headers: [...value.headers] };
  });
}

/** The time as OSS writes it. */
const now = () => new Date().toISOString().replace(/[-:]|\.\d+/g, "");

/**
 * Reads a query as OSS signs it: a plus is a blank, name= is name, and empty pieces do not count.
 *
 * @param {string} search
 * @returns {[string, string][]}
 */
function parseQuery(search) {
  try {
    return search
      .slice(1)
      .split("&")
      .filter((piece) => piece !== "")
      .map((piece) => {
        const text = piece.replaceAll("+", " ");
        const at = text.indexOf("=");
        const [name, value] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
        return [decodeURIComponent(name), decodeURIComponent(value)];
      });
  } catch {
    throw new OssConfError({
      code: "query",
      message: "unusable query parameter",
      hint: "write the query as percent-encoded UTF-8, a percent sign as %25",
      path: "/url",
    });
  }
}

/**
 * Returns the headers that are signed.
 *
 * @param {[string, string][]} headers
 * @param {string} host
 * @param {string[]} additional
 * @returns {[string, string][]}
 */
function signedHeaders(headers, host, additional) {
  const names = new Set(additional.map((name) => name.toLowerCase()));
  /** @type {[string, string][]} */
  const list = [];
  for (const [name, value] of headers) {
    if (name !== "host" && (ALWAYS.test(name) || names.has(name))) {
      list.push([name, headerText(name, value)]);
      names.delete(name);
    }
  }
  list.push(["host", host]);
  for (const name of names) {
    if (FORBIDDEN.test(name)) {
      throw new OssConfError({
        code: "header",
        message: `${name} is set when the request is sent, and not known before`,
        hint: "leave it out of additional_headers",
        path: `/additional_headers/${additional.findIndex((n) => n.toLowerCase() === name)}`,
      });
    }
  }
  return list;
}

/**
 * Returns the text of a header: in Headers each character is a byte.
 *
 * @param {string} name
 * @param {string} value
 */
function headerText(name, value) {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(value)) {
    return value;
  }
  try {
    return decoder.decode(Uint8Array.from(value, (c) => c.charCodeAt(0)));
  } catch {
    throw new OssConfError({
      code: "header",
      message: `the bytes of ${name} are no UTF-8, which is what can be signed`,
      hint: "percent-encode the value, or write the bytes of its UTF-8",
      path: "/headers",
    });
  }
}

/**
 * @param {Request} request
 * @param {[string, string][]} set
 * @returns {Request}
 */
function withHeaders(request, set) {
  const headers = new Headers(request.headers);
  for (const [name, value] of set) {
    headers.set(name, value);
  }
  // A signature is for one URL: followed, a redirect would take the security token to wherever it leads.
  const redirect = request.redirect === "follow" ? { redirect: /** @type {const} */ ("manual") } : {};
  let signed;
  try {
    signed = new Request(request, { headers, ...redirect });
  } catch (error) {
    const fault = { code: "wrong_type", message: "no request can be made of the given one", hint: "see the cause" };
    throw new OssConfError(fault, { cause: error });
  }
  for (const [name, value] of set) {
    if (signed.headers.get(name) !== value) {
      throw wrongType(`the request cannot have the header ${name}`, "/headers", "use a mode other than no-cors");
    }
  }
  return signed;
}
