/**
 * Findings as marks in the text.
 *
 * @module
 */

/**
 * The place in a string of what is at an offset in its UTF-8.
 *
 * @param {string} text
 * @param {number} offset in bytes
 */
export function indexOf(text, offset) {
  let bytes = 0;
  let at = 0;
  for (const character of text) {
    if (bytes >= offset) {
      break;
    }
    const code = /** @type {number} */ (character.codePointAt(0));
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += character.length;
  }
  return at;
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

/**
 * The marks for the document as it is.
 *
 * @param {import("./app.js").App} app
 */
export function diagnostics({ model, t }) {
  const { text } = model;
  return model.understanding.report.findings.map(({ offset, severity, message, hint, fix, rule }) => {
    const from = indexOf(text, offset);
    return {
      from,
      to: endOf(text, from),
      severity,
      message: [t.rules[rule], message, hint].filter(Boolean).join("\n"),
      source: rule,
      actions: fix ? [{ name: fix.description, apply: () => model.fix(fix) }] : [],
    };
  });
}
