import { view } from "./bytes.js";
import { checkText, toJSON, tooLarge, wrongType } from "./plain.js";

/** The sizes in bytes of the largest inputs, as docs/abi.md has them. */
const MAX_DOCUMENT = 64 << 10;
const MAX_REQUEST = 1 << 20;

const encoder = new TextEncoder();

/**
 * @typedef {object} Input
 * @property {Uint8Array} bytes a copy, to be overwritten after use
 * @property {boolean} [isText] whether the caller knows the text, with its lines and columns
 */

/** @returns {Input} */
export const nothing = () => ({ bytes: new Uint8Array(0) });

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
    return { bytes: encode(document, MAX_DOCUMENT), isText: true };
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
  return { bytes: bytes.slice(), isText: true };
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
  return { bytes: encode(toJSON(object, limit), limit) };
}

/**
 * @param {string} text
 * @param {number} limit
 */
function encode(text, limit) {
  const bytes = encoder.encode(text);
  if (bytes.length > limit) {
    bytes.fill(0);
    throw tooLarge(limit);
  }
  return bytes;
}
