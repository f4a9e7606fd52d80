/**
 * The one document of the page, and what goes with it. The text is the truth: everything else is made of it.
 *
 * @module
 */

import { applyFix } from "ossconf";

import { rewrite } from "./rewrite.js";

/**
 * @typedef {import("./types.d.ts").State} State
 * @typedef {import("./types.d.ts").Understanding} Understanding
 * @typedef {import("./core.js").Core} Core
 * @typedef {"typing" | "step" | "form" | "history" | "settings"} Kind how a change came about
 */

/** How many steps can be undone. */
const MAX_UNDO = 500;

/** Typing without a pause of this many milliseconds is one step. */
const PAUSE = 700;

/** What stands in the page at first: TLS 1.2 and 1.3, and nothing said of suites. */
export const first = `<?xml version="1.0" encoding="UTF-8"?>
<HttpsConfiguration>
  <TLS>
    <Enable>true</Enable>
    <TLSVersion>TLSv1.2</TLSVersion>
    <TLSVersion>TLSv1.3</TLSVersion>
  </TLS>
</HttpsConfiguration>
`;

/** The state of a page without an address. @type {State} */
export const initial = {
  text: first,
  baseline: { kind: "never", text: null },
  certificates: "both",
  bucket: "",
  region: "",
  tab: "xml",
  lang: "en",
  theme: "auto",
};

/** The document with its history and the settings of the page. */
export class Model {
  #core;
  /** @type {string[]} */
  #undo = [];
  /** @type {string[]} */
  #redo = [];
  #typedAt = -Infinity;
  /** @type {Set<(kind: Kind) => void>} */
  #listeners = new Set();

  /**
   * @param {Core} core
   * @param {Partial<State>} [state]
   */
  constructor(core, state = {}) {
    this.#core = core;
    /** @type {Readonly<State>} */
    this.state = { ...initial, ...state };
    /** @type {Understanding} */
    this.understanding = core.understand(this.state.text);
    /** Whether the last change of the form had to write the document anew. */
    this.anew = false;
  }

  /** Calls listener after each change. @param {(kind: Kind) => void} listener */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  get text() {
    return this.state.text;
  }

  get canUndo() {
    return this.#undo.length > 0;
  }

  get canRedo() {
    return this.#redo.length > 0;
  }

  /**
   * Puts another text in place of the present one.
   *
   * @param {string} text
   * @param {Kind} [kind]
   */
  edit(text, kind = "step") {
    if (text === this.text) {
      return;
    }
    const now = Date.now();
    if (kind !== "typing" || now - this.#typedAt > PAUSE || this.#undo.length === 0) {
      this.#remember();
    }
    this.#typedAt = kind === "typing" ? now : -Infinity;
    this.#redo = [];
    this.#set({ text }, kind);
  }

  /**
   * Changes the configuration as the form does.
   *
   * @param {(config: import("ossconf").Config) => void} change is given a copy to change
   */
  change(change) {
    const { config } = this.understanding;
    if (config) {
      const next = structuredClone(config);
      change(next);
      const { text, anew } = rewrite(this.text, next, this.#core);
      this.anew = anew;
      this.edit(text, "form");
    }
  }

  /** @param {import("ossconf").Fix} fix of a finding of the present text */
  fix(fix) {
    this.edit(applyFix(this.text, fix));
  }

  mend() {
    this.edit(this.#core.mend(this.text));
  }

  /**
   * Takes a document from outside. It is then what changes are compared with, as it was meant.
   *
   * @param {string} text
   * @param {"imported" | "bucket"} kind
   */
  take(text, kind) {
    const mended = this.#core.mend(text);
    const readable = this.#core.understand(mended).config !== undefined;
    this.edit(text);
    this.configure({ baseline: readable ? { kind, text: mended } : { kind: "never", text: null } }, "step");
  }

  undo() {
    this.#travel(this.#undo, this.#redo);
  }

  redo() {
    this.#travel(this.#redo, this.#undo);
  }

  /**
   * Changes settings.
   *
   * @param {Partial<Omit<State, "text">>} settings
   * @param {Kind} [kind]
   */
  configure(settings, kind = "settings") {
    this.#set(settings, kind);
  }

  /**
   * Goes to what an address says, when the user goes back or forward.
   *
   * @param {Partial<State>} state
   */
  go(state) {
    const text = state.text ?? this.text;
    if (text !== this.text) {
      this.#remember();
      this.#redo = [];
    }
    this.#typedAt = -Infinity;
    this.#set({ ...state, text }, "history");
  }

  #remember() {
    this.#undo.push(this.text);
    this.#undo.splice(0, this.#undo.length - MAX_UNDO);
  }

  /**
   * @param {string[]} from
   * @param {string[]} to
   */
  #travel(from, to) {
    const text = from.pop();
    if (text !== undefined) {
      to.push(this.text);
      this.#typedAt = -Infinity;
      this.#set({ text }, "step");
    }
  }

  /**
   * @param {Partial<State>} changes
   * @param {Kind} kind
   */
  #set(changes, kind) {
    const before = this.state;
    this.state = { ...before, ...changes };
    if (this.state.text !== before.text) {
      this.understanding = this.#core.understand(this.state.text);
    }
    for (const listener of this.#listeners) {
      listener(kind);
    }
  }
}
