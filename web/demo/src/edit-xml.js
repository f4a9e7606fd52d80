/**
 * Edits of a document in XML, at the places concerned.
 *
 * @module
 */

import { Edits } from "./edits.js";
import { scan } from "./scan.js";
import { containers, schema } from "./schema.js";

/**
 * @typedef {import("ossconf").Config} Config
 * @typedef {import("./scan.js").Element} Element
 * @typedef {import("./edits.js").Node} Node
 * @typedef {Record<string, any>} Members
 */

/**
 * @param {string} text
 * @param {Config} before what the text says
 * @param {Config} after
 * @returns {string | undefined} nothing, if the places are not found
 */
export function editXML(text, before, after) {
  const root = scan(text);
  if (!root) {
    return undefined;
  }
  const edits = new Edits(text);
  /** @type {Node[]} */
  const added = [];
  for (const name of containers) {
    const element = root.children.find((child) => child.name === name);
    const next = after[name];
    if (element && next) {
      editContainer(edits, element, name, before[name] ?? {}, next);
    } else if (element) {
      edits.remove(element, edits.commentsIn(element));
    } else if (next) {
      added.push({ name, content: nodesOf(name, next) });
    }
  }
  if (root.children.length === 0) {
    edits.fill(root, added);
  } else {
    const last = root.children.findLast(({ name }) => containers.every((it) => it !== name || after[it]));
    for (const node of added) {
      edits.add(root, node.name === "TLS" ? undefined : last, [node]);
    }
  }
  return edits.apply();
}

/**
 * @param {Edits} edits gets what is to be done
 * @param {Element} element
 * @param {import("./schema.js").Container} name
 * @param {Members} before
 * @param {Members} after
 */
function editContainer(edits, element, name, before, after) {
  if (element.children.length === 0) {
    edits.fill(element, nodesOf(name, after));
    return;
  }
  /** @type {Element | undefined} */
  let last; // the element that a new one would stand behind: one that stays
  for (const child of schema[name].booleans) {
    const there = element.children.find((it) => it.name === child);
    const value = after[child];
    if (value === undefined) {
      if (there) {
        edits.remove(there);
      }
    } else if (!there) {
      edits.add(element, last, [{ name: child, content: String(value) }]);
    } else if (before[child] !== value) {
      edits.replace(there.inner, there.innerEnd, String(value));
    }
    last = there && value !== undefined ? there : last;
  }
  for (const child of schema[name].lists) {
    const there = element.children.filter((it) => it.name === child);
    last = editList(edits, element, there, child, before[child] ?? [], after[child] ?? [], last);
  }
}

/**
 * @param {Edits} edits
 * @param {Element} container
 * @param {Element[]} there the elements of the list
 * @param {string} name
 * @param {string[]} before what they say
 * @param {string[]} after
 * @param {Element | undefined} last what the list stands behind
 * @returns {Element | undefined} what stands behind the list would stand behind
 */
function editList(edits, container, there, name, before, after, last) {
  const stays = staying(before, after);
  /** The elements that go elsewhere, or for good, by what they say. @type {Map<string, Element[]>} */
  const spare = new Map();
  for (const [i, one] of there.entries()) {
    const value = before[i] ?? "";
    if (stays[i] === undefined) {
      spare.set(value, [...(spare.get(value) ?? []), one]);
    }
  }
  let done = 0;
  const addUpTo = (/** @type {number} */ end) => {
    const pieces = after.slice(done, end).map((content) => {
      const moved = spare.get(content)?.shift();
      return moved ? edits.cut(container, moved) : { name, content };
    });
    edits.add(container, last, pieces);
    done = end + 1;
  };
  for (const [i, one] of there.entries()) {
    const at = stays[i];
    if (at !== undefined) {
      addUpTo(at);
      last = one;
    }
  }
  addUpTo(after.length);
  for (const one of [...spare.values()].flat()) {
    edits.remove(one);
  }
  return last;
}

/**
 * Which of the values stay where they are: for each its index afterwards, which grows from one to the next.
 *
 * @param {string[]} before
 * @param {string[]} after
 */
function staying(before, after) {
  let from = 0;
  return before.map((value) => {
    const at = after.indexOf(value, from);
    if (at < 0) {
      return undefined;
    }
    from = at + 1;
    return at;
  });
}

/**
 * @param {import("./schema.js").Container} name
 * @param {Members} config
 * @returns {Node[]}
 */
function nodesOf(name, config) {
  const { booleans, lists } = schema[name];
  return [
    ...booleans.filter((it) => config[it] !== undefined).map((it) => ({ name: it, content: String(config[it]) })),
    ...lists.flatMap((it) => (config[it] ?? []).map((/** @type {string} */ content) => ({ name: it, content }))),
  ];
}
