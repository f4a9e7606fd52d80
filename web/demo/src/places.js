/**
 * Places in the document: the module counts bytes, a string counts something else.
 *
 * @module
 */

/**
 * The places in a string of what is at offsets in its UTF-8.
 *
 * @param {string} text
 * @param {readonly number[]} offsets in bytes, in any order
 */
export function indexesOf(text, offsets) {
  /** @type {Map<number, number>} */
  const places = new Map();
  let bytes = 0;
  let at = 0;
  for (const offset of offsets.toSorted((a, b) => a - b)) {
    while (bytes < offset && at < text.length) {
      const code = /** @type {number} */ (text.codePointAt(at));
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      at += code < 0x10000 ? 1 : 2;
    }
    places.set(offset, at);
  }
  return offsets.map((offset) => places.get(offset) ?? 0);
}

/**
 * @param {string} text
 * @param {number} offset in bytes
 */
export function indexOf(text, offset) {
  return indexesOf(text, [offset])[0] ?? 0;
}

/**
 * The end of what a finding at a place is about: a tag, or the text up to the next one, on one line.
 *
 * @param {string} text
 * @param {number} at
 */
export function endOf(text, at) {
  const rest = text.slice(at, at + 500);
  const found = rest.startsWith("<") ? /^<[^>\n]*>(?:[^<\n]*<\/[^>\n]*>)?/.exec(rest) : /^[^<\n]+/.exec(rest);
  return at + (found?.[0].length ?? 0);
}
