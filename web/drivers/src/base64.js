/**
 * Base64 with padding, as strict as Go's: what one input encodes to is the only text that decodes to it. The shells of
 * engines have no `atob`, and that of the others takes white space and missing padding.
 *
 * @module
 */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const codes = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
const pad = "=".charCodeAt(0);

/** The value of each ASCII letter, or -1, with which every group of which it is a part is negative. */
const values = new Int8Array(128).fill(-1);
codes.forEach((code, value) => {
  values[code] = value;
});

/** How many codes `String.fromCharCode` is given at once, which each take a place on the stack. */
const CHUNK = 1 << 13;

/** @param {Uint8Array} bytes */
export function encode(bytes) {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const group = (at(bytes, from) << 16) | (at(bytes, from + 1) << 8) | at(bytes, from + 2);
    for (let i = 0; i < 4; i++) {
      out[to + i] = from + i > bytes.length ? pad : at(codes, (group >> (18 - 6 * i)) & 63);
    }
  }
  let text = "";
  for (let from = 0; from < out.length; from += CHUNK) {
    text += String.fromCharCode(...out.subarray(from, from + CHUNK));
  }
  return text;
}

/**
 * Returns the bytes, or undefined if the text is not what they encode to.
 *
 * @param {string} text
 */
export function decode(text) {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const letters = text.length - padding;
  if (text.length % 4 !== 0) {
    return undefined;
  }
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  for (let from = 0, to = 0; from < letters; from += 4, to += 3) {
    let group = 0;
    for (let i = 0; i < 4; i++) {
      const code = from + i < letters ? text.charCodeAt(from + i) : at(codes, 0);
      group = (group << 6) | (code < 128 ? at(values, code) : -1);
    }
    const beyond = Math.max(0, to + 3 - out.length);
    if (group < 0 || (group & ((1 << (8 * beyond)) - 1)) !== 0) {
      return undefined;
    }
    for (let i = 0; i < 3 - beyond; i++) {
      out[to + i] = group >> (16 - 8 * i);
    }
  }
  return out;
}

/**
 * @param {Uint8Array | Int8Array} bytes
 * @param {number} index
 */
function at(bytes, index) {
  return bytes[index] ?? 0;
}
