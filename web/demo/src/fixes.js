/**
 * What a fix does, in the language of the page: from its edits, since its description is in English.
 *
 * @module
 */

import { indexesOf } from "./places.js";

/** How much of a document a label quotes. */
const MAX_QUOTED = 100;

/**
 * @param {import("./app.js").App} app
 * @param {import("ossconf").Fix} fix of a finding of the present text
 */
export function labelOf({ t, model }, { description, edits }) {
  const says = t.sentences?.fix;
  if (!says) {
    return description.charAt(0).toUpperCase() + description.slice(1);
  }
  const places = indexesOf(
    model.text,
    edits.flatMap(({ start, end }) => [start, end]),
  );
  const [one, ...more] = edits.map(({ text }, i) => ({
    from: model.text.slice(places[2 * i], places[2 * i + 1]).trim(),
    to: text.trim(),
  }));
  // To rename an element takes two edits that do the same.
  if (!one || more.some(({ from, to }) => from !== one.from || to !== one.to)) {
    return says.other;
  }
  const { from, to } = one;
  if (from.length > MAX_QUOTED || to.length > MAX_QUOTED) {
    return says.other;
  }
  if (from === to) {
    return says.space(from);
  }
  return to === "" ? says.remove(from) : from === "" ? says.add(to) : says.replace(from, to);
}
