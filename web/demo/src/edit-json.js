/**
 * Edits of ossutil's JSON: members that do not change, and those that nobody knows, stay as they are, and so do the order of
 * members and the depth of lines. JSON has no comments to lose.
 *
 * @module
 */

import { endedAs } from "./lines.js";
import { containers, schema } from "./schema.js";

/** @typedef {import("ossconf").Config} Config */

/**
 * @param {string} text
 * @param {Config} before what the text says
 * @param {Config} after
 */
export function editJSON(text, before, after) {
  const document = JSON.parse(text.trim());
  for (const name of containers) {
    const next = after[name];
    if (!next) {
      delete document[name];
      continue;
    }
    const members = (document[name] ??= {});
    for (const member of [...schema[name].booleans, ...schema[name].lists]) {
      const [was, is] = [before[name], next].map((it) => /** @type {Record<string, unknown>} */ (it ?? {})[member]);
      if (is === undefined) {
        delete members[member];
      } else if (JSON.stringify(was) !== JSON.stringify(is)) {
        members[member] = is; // or a single name stays that is no list, and "true" in quotes
      }
    }
  }
  const indent = /\n([ \t]+)/.exec(text)?.[1];
  const [space = ""] = /\s*$/.exec(text) ?? [];
  return endedAs(text, JSON.stringify(document, undefined, indent)) + space;
}
