import { OssConfError } from "./error.js";
import { checkText, reading, wrongType } from "./plain.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Carries out the edits of a fix, whose offsets count bytes of UTF-8.
 *
 * @param {unknown} document
 * @param {unknown} fix
 * @returns {string}
 */
export function applyFix(document, fix) {
  if (typeof document !== "string") {
    throw wrongType("the document is no string", "", "pass the text that was validated");
  }
  checkText(document);
  const bytes = encoder.encode(document);
  let result = "";
  let done = 0;
  for (const { start, end, text } of readEdits(fix)) {
    if (start < done || end < start || end > bytes.length) {
      throw outOfPlace();
    }
    result += piece(bytes, done, start) + text;
    done = end;
  }
  return result + piece(bytes, done, bytes.length);
}

/**
 * Decodes some of the bytes. A piece that begins or ends inside a character is a sign of the wrong document.
 *
 * @param {Uint8Array} bytes
 * @param {number} start
 * @param {number} end
 */
function piece(bytes, start, end) {
  for (const at of [start, end]) {
    if (((bytes[at] ?? 0) & 0xc0) === 0x80) {
      throw outOfPlace();
    }
  }
  return decoder.decode(bytes.subarray(start, end));
}

function outOfPlace() {
  return new OssConfError({
    code: "edits",
    message: "the edits overlap or do not fit the document",
    hint: "pass the text that was validated, and one fix at a time",
  });
}

/**
 * @param {unknown} fix
 * @returns {{ start: number, end: number, text: string }[]}
 */
function readEdits(fix) {
  return reading(() => {
    const edits = /** @type {any} */ (fix)?.edits;
    if (!Array.isArray(edits)) {
      throw wrongType("the fix has no edits", "/edits", "pass the fix of a finding");
    }
    return edits.map((edit, i) => {
      const { start, end, text } = edit ?? {};
      if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || typeof text !== "string") {
        throw wrongType("the edit is not {start, end, text}", `/edits/${i}`, "pass the fix of a finding");
      }
      checkText(text, `/edits/${i}/text`);
      return { start, end, text };
    });
  });
}
