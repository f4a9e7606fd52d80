/**
 * Changes a document as the form asks, by edits at the places concerned: comments, white space and unknown elements stay.
 *
 * @module
 */

import { scan } from "./scan.js";

/**
 * @typedef {import("ossconf").Config} Config
 * @typedef {import("./scan.js").Element} Element
 * @typedef {{ decode(text: string): Config, encode(config: Config): string }} Codec
 * @typedef {{ start: number, end: number, text: string }} Edit
 */

/** The elements of the containers, in the order in which they are written. */
const schema = /** @type {const} */ ({
  TLS: { booleans: ["Enable"], lists: ["TLSVersion"] },
  CipherSuite: { booleans: ["Enable", "StrongCipherSuite"], lists: ["CustomCipherSuite", "TLS13CustomCipherSuite"] },
});

/**
 * Returns the document that says what next says. The text has to be one that codec decodes.
 *
 * @param {string} text
 * @param {Config} next
 * @param {Codec} codec
 */
export function rewrite(text, next, codec) {
  const current = codec.decode(text);
  try {
    const edited = edit(text, current, next, codec);
    if (edited !== undefined && meaning(codec.decode(edited)) === meaning(next)) {
      return edited;
    }
  } catch {
    // What was edited cannot be read.
  }
  return codec.encode(placed(next));
}

/**
 * A text that is the same for configurations that say the same, wherever their unknown elements stand.
 *
 * @param {Config} config
 */
export function meaning(config) {
  const containers = [config, config.TLS, config.CipherSuite].map((it) => {
    const { "#unknown": unknown = [], ...known } = it ?? {};
    return [
      it !== undefined,
      Object.entries(known).filter(([, value]) => typeof value !== "object"),
      unknown.map(({ xml }) => xml),
    ];
  });
  const { TLS = {}, CipherSuite = {} } = config;
  const lists = [TLS.TLSVersion, CipherSuite.CustomCipherSuite, CipherSuite.TLS13CustomCipherSuite];
  return JSON.stringify([containers, lists.map((list) => list ?? [])]);
}

/**
 * A copy whose unknown elements stand behind no more siblings than there are.
 *
 * @param {Config} config
 * @returns {Config}
 */
function placed(config) {
  const copy = structuredClone(config);
  for (const container of [copy, copy.TLS, copy.CipherSuite]) {
    let siblings = 0;
    for (const [name, value] of Object.entries(container ?? {})) {
      siblings += name === "#unknown" ? 0 : Array.isArray(value) ? value.length : 1;
    }
    for (const element of container?.["#unknown"] ?? []) {
      element.after = Math.min(element.after, siblings);
    }
  }
  return copy;
}

/**
 * @param {string} text
 * @param {Config} current
 * @param {Config} next
 * @param {Codec} codec
 * @returns {string | undefined} nothing, if the places are not found
 */
function edit(text, current, next, codec) {
  const root = scan(text);
  if (!root) {
    return undefined;
  }
  /** @type {Edit[]} */
  const edits = [];
  for (const name of /** @type {const} */ (["TLS", "CipherSuite"])) {
    const element = root.children.find((child) => child.name === name);
    const before = current[name];
    const after = next[name];
    if (!before && after) {
      const written = codec.encode({ TLS: { Enable: false }, [name]: after });
      const inside = scan(written)?.children.find((child) => child.name === name);
      const behind = root.children.at(-1);
      if (!inside || !behind || name === "TLS") {
        return undefined;
      }
      const indent = indentation(text, behind) ?? "";
      edits.push(insertion(behind.end, (indent && "\n" + indent) + written.slice(inside.start, inside.end)));
    } else if (before && !after && element) {
      edits.push(removal(text, element));
    } else if (before && after && element) {
      const ok = editContainer(text, element, name, /** @type {any} */ (before), /** @type {any} */ (after), edits);
      if (!ok) {
        return undefined;
      }
    }
  }
  return apply(text, edits);
}

/**
 * @param {string} text
 * @param {Element} element
 * @param {keyof typeof schema} name
 * @param {Record<string, any>} before
 * @param {Record<string, any>} after
 * @param {Edit[]} edits gets what is to be done
 */
function editContainer(text, element, name, before, after, edits) {
  const { booleans, lists } = schema[name];
  const named = (/** @type {string} */ child) => element.children.filter((it) => it.name === child);
  /** @type {Element | undefined} */
  let last; // the element that a new one would stand behind
  for (const child of booleans) {
    const [there] = named(child);
    if (there && after[child] === undefined) {
      edits.push(removal(text, there));
    } else if (there && before[child] !== after[child]) {
      edits.push({ start: there.inner, end: there.innerEnd, text: String(after[child]) });
    } else if (
      !there &&
      after[child] !== undefined &&
      !addition(text, element, last, child, [String(after[child])], edits)
    ) {
      return false;
    }
    last = there && after[child] !== undefined ? there : last;
  }
  for (const child of lists) {
    const there = named(child);
    const wanted = [...(after[child] ?? [])];
    for (const [i, value] of (before[child] ?? []).entries()) {
      const at = wanted.indexOf(value);
      const one = there[i];
      if (!one) {
        return false;
      }
      if (at < 0) {
        edits.push(removal(text, one));
        continue;
      }
      const added = wanted.splice(0, at + 1).slice(0, -1);
      if (added.length > 0 && !addition(text, element, last, child, added, edits)) {
        return false;
      }
      last = one;
    }
    if (wanted.length > 0 && !addition(text, element, last, child, wanted, edits)) {
      return false;
    }
    last = there.at(-1) ?? last;
  }
  return true;
}

/**
 * Adds elements behind another one, or as the first ones of their container.
 *
 * @param {string} text
 * @param {Element} container
 * @param {Element | undefined} behind
 * @param {string} name
 * @param {string[]} values
 * @param {Edit[]} edits
 */
function addition(text, container, behind, name, values, edits) {
  const model = behind ?? container.children[0];
  if (!model) {
    return false; // an empty container, which may be a single tag
  }
  const indent = indentation(text, model);
  const before = indent === undefined ? "" : "\n" + indent;
  const elements = values.map((value) => `${before}<${name}>${escape(value)}</${name}>`).join("");
  edits.push(insertion(behind ? behind.end : container.inner, elements));
  return true;
}

/**
 * The white space in front of an element that is the first of its line.
 *
 * @param {string} text
 * @param {Element} element
 */
function indentation(text, element) {
  const line = text.slice(text.lastIndexOf("\n", element.start - 1) + 1, element.start);
  return /^[ \t]*$/.test(line) ? line : undefined;
}

/**
 * Removes an element, and its line if nothing else is in it.
 *
 * @param {string} text
 * @param {Element} element
 */
function removal(text, { start, end }) {
  const before = /\r?\n[ \t]*$/.exec(text.slice(0, start))?.[0] ?? "";
  const alone = /^[ \t]*(?=\r?\n|$)/.exec(text.slice(end))?.[0];
  return before && alone !== undefined
    ? { start: start - before.length, end: end + alone.length, text: "" }
    : { start, end, text: "" };
}

/**
 * @param {number} at
 * @param {string} text
 */
function insertion(at, text) {
  return { start: at, end: at, text };
}

/** @param {string} value */
function escape(value) {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * @param {string} text
 * @param {Edit[]} edits
 */
function apply(text, edits) {
  let result = "";
  let done = 0;
  for (const { start, end, text: piece } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < done) {
      throw new Error("edits overlap"); // and the document is written anew
    }
    result += text.slice(done, start) + piece;
    done = end;
  }
  return result + text.slice(done);
}
