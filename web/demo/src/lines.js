/**
 * Ends of lines: a document keeps its own.
 *
 * @module
 */

/** The end of the first line. @param {string} text */
export function lineEnd(text) {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}

/**
 * A text with its lines ended as those of another.
 *
 * @param {string} model
 * @param {string} text
 */
export function endedAs(model, text) {
  return lineEnd(model) === "\n" ? text : text.replace(/(?<!\r)\n/g, "\r\n");
}

/** A text as a text area shows it: all lines end alike. @param {string} text */
export function shown(text) {
  return text.replace(/\r\n?/g, "\n");
}
