/**
 * Edits of a text in XML.
 *
 * A comment belongs to the element before it on its line, or else to the one below it, and stays beside that one wherever it
 * goes. The comments of an element that is removed stay where they are.
 *
 * @module
 */

import { lineEnd } from "./lines.js";

/**
 * @typedef {import("./scan.js").Element} Element
 * @typedef {import("./scan.js").Place} Place
 * @typedef {{ name: string, content: string | Node[] }} Node what is to be written
 */

/** What is to be done to a text, in the end all at once. */
export class Edits {
  #text;
  #lineEnd;
  /** @type {(Place & { text: string })[]} */
  #edits = [];

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
    this.#lineEnd = lineEnd(text);
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {string} text
   */
  replace(start, end, text) {
    this.#edits.push({ start, end, text });
  }

  /**
   * Adds elements behind another one, or as the first ones of a container that has some.
   *
   * @param {Element} container
   * @param {Element | undefined} behind
   * @param {(Node | string)[]} pieces nodes, and what was cut elsewhere
   */
  add(container, behind, pieces) {
    if (pieces.length === 0) {
      return;
    }
    const model = behind ?? container.children[0];
    const indent = model && this.#indentation(model.start);
    const at = behind ? this.#behind(container, behind.end) : this.#behindStartTag(container);
    this.replace(at, at, pieces.map((piece) => this.#write(piece, indent, indent || "  ")).join(""));
  }

  /**
   * Puts elements into a container that has none.
   *
   * @param {Element} container
   * @param {Node[]} nodes
   */
  fill(container, nodes) {
    const { name, start, inner, innerEnd, end, comments } = container;
    const indent = this.#indentation(start);
    const depth = indent || "  ";
    const inside = indent === undefined ? undefined : indent + depth;
    const written = nodes.map((node) => this.#write(node, inside, depth)).join("");
    const closes = indent === undefined ? "" : this.#lineEnd + indent;
    const rest = this.#text.slice(comments.at(-1)?.end ?? inner, innerEnd);
    if (nodes.length === 0) {
      return;
    }
    if (inner === end) {
      this.replace(start, end, `<${name}>${written}${closes}</${name}>`);
    } else if (rest.includes("\n")) {
      const at = this.#behindStartTag(container);
      this.replace(at, at, written);
    } else {
      this.replace(innerEnd - rest.length, innerEnd, written + closes);
    }
  }

  /**
   * Removes an element, and its line if nothing else is in it.
   *
   * @param {Place} place
   * @param {string} [kept] what stands there instead
   */
  remove({ start, end }, kept = "") {
    const indent = this.#indentation(start);
    const blanks = /^[ \t]*/.exec(this.#text.slice(end))?.[0].length ?? 0;
    const endsLine = /^\r?\n|^$/.test(this.#text.slice(end + blanks));
    const before = indent === undefined ? undefined : this.#lineEndBefore(start - indent.length);
    if (kept || indent === undefined || before === undefined) {
      this.replace(start, end, kept);
    } else if (endsLine) {
      this.replace(start - indent.length - before.length, end + blanks, "");
    } else {
      this.replace(start, end + blanks, "");
    }
  }

  /**
   * Removes an element together with the comments that belong to it.
   *
   * @param {Element} container
   * @param {Element} element
   * @returns {string} what was removed
   */
  cut(container, element) {
    let { start } = element;
    for (const comment of container.comments.toReversed()) {
      const above = comment.end <= start && /^[ \t]*\r?\n[ \t]*$/.test(this.#text.slice(comment.end, start));
      start = above && this.#indentation(comment.start) !== undefined ? comment.start : start;
    }
    const end = this.#behind(container, element.end);
    this.remove({ start, end });
    return this.#text.slice(start, end);
  }

  /** The comments in an element, as they would stand in its place. @param {Element} element */
  commentsIn(element) {
    /** @type {(it: Element) => Place[]} */
    const all = (it) => [...it.comments, ...it.children.flatMap(all)];
    const indent = this.#indentation(element.start);
    return all(element)
      .toSorted((a, b) => a.start - b.start)
      .map(({ start, end }) => this.#text.slice(start, end))
      .join(indent === undefined ? "" : this.#lineEnd + indent);
  }

  apply() {
    let result = "";
    let done = 0;
    for (const { start, end, text } of this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
      if (start < done) {
        throw new Error("edits overlap"); // and the document is written anew
      }
      result += this.#text.slice(done, start) + text;
      done = end;
    }
    return result + this.#text.slice(done);
  }

  /** Behind the comments that follow a place on its line. @param {Element} container @param {number} at */
  #behind({ comments }, at) {
    for (const { start, end } of comments) {
      at = start >= at && /^[ \t]*$/.test(this.#text.slice(at, start)) ? end : at;
    }
    return at;
  }

  /** Comments behind a start tag are about the container if nothing else is in their line. @param {Element} container */
  #behindStartTag(container) {
    const at = this.#behind(container, container.inner);
    return /^[ \t]*\r?\n/.test(this.#text.slice(at)) ? at : container.inner;
  }

  /** @param {number} at */
  #lineEndBefore(at) {
    return /\r?\n$/.exec(this.#text.slice(Math.max(0, at - 2), at))?.[0];
  }

  /** The white space before a place if nothing else is in front of it in its line. @param {number} at */
  #indentation(at) {
    const line = this.#text.slice(this.#text.lastIndexOf("\n", at - 1) + 1, at);
    return /^[ \t]*$/.test(line) ? line : undefined;
  }

  /**
   * @param {Node | string} piece
   * @param {string | undefined} indent in front of it on a line of its own
   * @param {string} depth how much deeper its children are
   * @returns {string}
   */
  #write(piece, indent, depth) {
    const before = indent === undefined ? "" : this.#lineEnd + indent;
    if (typeof piece === "string") {
      return before + piece;
    }
    const { name, content } = piece;
    if (typeof content === "string") {
      return `${before}<${name}>${escape(content)}</${name}>`;
    }
    const inside = indent === undefined ? undefined : indent + depth;
    const children = content.map((node) => this.#write(node, inside, depth)).join("");
    return `${before}<${name}>${children}${children && before}</${name}>`;
  }
}

/** @param {string} value */
function escape(value) {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
