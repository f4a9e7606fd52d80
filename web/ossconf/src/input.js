import { view } from "./bytes.js";
import { checkText, toJSON, tooLarge, wrongType } from "./plain.js";

/** The sizes in bytes of the largest inputs, as docs/abi.md has them. */
const MAX_DOCUMENT = 64 << 10;
const MAX_REQUEST = 1 << 20;

const encoder = new TextEncoder();

/**
 * @typedef {object} Input
 * @property {Uint8Array | string} input a copy of bytes, to be overwritten after use, or text
 * @property {readonly (string | undefined)[]} [texts] the members of a request that hold a text which the caller knows, with its
 *   lines and columns; undefined stands for an input that is such a text itself
 */

/** @returns {Input} */
export const nothing = () => ({ input: "" });

/**
 * Takes a document.
 *
 * @param {unknown} document
 * @returns {Input}
 */
export function documentInput(document) {
  if (typeof document === "string") {
    if (document.length > MAX_DOCUMENT) {
      throw tooLarge(MAX_DOCUMENT); // in UTF-8 it is no shorter
    }
    checkText(document);
    return { input: fit(document, MAX_DOCUMENT), texts: [undefined] };
  }
  let bytes;
  try {
    bytes = view(document, "document");
  } catch (error) {
    throw wrongType(/** @type {TypeError} */ (error).message, "", "pass a string, or a Uint8Array of UTF-8");
  }
  if (bytes.length > MAX_DOCUMENT) {
    throw tooLarge(MAX_DOCUMENT);
  }
  return { input: bytes.slice(), texts: [undefined] };
}

/**
 * Takes a document, or a configuration as an object.
 *
 * @param {unknown} input
 * @returns {Input}
 */
export function configInput(input) {
  const isObject = typeof input === "object" && input !== null && !ArrayBuffer.isView(input);
  return isObject ? objectInput(input, "configuration", MAX_DOCUMENT) : documentInput(input);
}

/**
 * Takes a request.
 *
 * @param {unknown} request
 * @returns {Input}
 */
export function requestInput(request) {
  return objectInput(request, "request", MAX_REQUEST);
}

/**
 * @param {unknown} object
 * @param {string} name
 * @param {number} limit
 * @returns {Input}
 */
function objectInput(object, name, limit) {
  if (typeof object !== "object" || object === null) {
    throw wrongType(`the ${name} is ${object === null ? "null" : typeof object}`, "", "pass a plain object");
  }
  return { input: fit(toJSON(object, limit), limit) };
}

/**
 * Returns text unless it takes more bytes than the limit.
 *
 * @param {string} text
 * @param {number} limit
 */
function fit(text, limit) {
  if (3 * text.length > limit) {
    // it may, in UTF-8
    const bytes = encoder.encode(text);
    bytes.fill(0);
    if (bytes.length > limit) {
      throw tooLarge(limit);
    }
  }
  return text;
}
