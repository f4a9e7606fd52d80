/**
 * Where the elements of a document stand. The module has found the document well-formed and without attributes before:
 * this only looks for places.
 *
 * @module
 */

/**
 * @typedef {{ start: number, end: number }} Place
 *
 * @typedef {object} Element
 * @property {string} name
 * @property {number} start of its start tag
 * @property {number} inner behind its start tag
 * @property {number} innerEnd before its end tag
 * @property {number} end behind its end tag
 * @property {Element[]} children
 * @property {Place[]} comments those that are not in one of its children
 */

const markup = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)\s*(\/?)>/g;

/**
 * Returns the root element, or undefined if the text does not look as expected.
 *
 * @param {string} text
 * @returns {Element | undefined}
 */
export function scan(text) {
  const top = elementAt("", 0, 0);
  const open = [top];
  for (const match of text.matchAll(markup)) {
    const [tag, ends, starts, empty] = match;
    const behind = match.index + tag.length;
    const current = /** @type {Element} */ (open.at(-1));
    if (starts !== undefined) {
      const element = elementAt(starts, match.index, behind);
      current.children.push(element);
      if (!empty) {
        open.push(element);
      }
    } else if (ends !== undefined) {
      if (current.name !== ends || open.length === 1) {
        return undefined;
      }
      current.innerEnd = match.index;
      current.end = behind;
      open.pop();
    } else if (tag.startsWith("<!--")) {
      current.comments.push({ start: match.index, end: behind });
    }
  }
  return open.length === 1 && top.children.length === 1 ? top.children[0] : undefined;
}

/**
 * An element as its start tag says.
 *
 * @param {string} name
 * @param {number} start
 * @param {number} behind
 * @returns {Element}
 */
function elementAt(name, start, behind) {
  return { name, start, inner: behind, innerEnd: behind, end: behind, children: [], comments: [] };
}

/**
 * The names of the elements that are open at a place, from the root. It copes with documents that are being typed.
 *
 * @param {string} before the text up to the place
 */
export function openElements(before) {
  /** @type {string[]} */
  const open = [];
  for (const [, ends, starts, empty] of before.matchAll(markup)) {
    if (starts !== undefined && !empty) {
      open.push(starts);
    } else if (ends !== undefined) {
      const at = open.lastIndexOf(ends);
      open.length = at < 0 ? Math.max(0, open.length - 1) : at; // a wrong end tag ends what is open
    }
  }
  return open;
}
