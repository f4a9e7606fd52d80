/**
 * Keeps the address as the state, and goes where the user goes: back, forward, or to another address.
 *
 * @module
 */

import { fromHash, toHash } from "./address.js";
import { initial } from "./model.js";

/**
 * @typedef {import("./model.js").Kind} Kind
 * @typedef {Awaited<ReturnType<typeof fromHash>>} Address
 * @typedef {{ readonly hash: string, push(hash: string): void, replace(hash: string): void }} Place
 */

/** How long the address waits for more changes, and for a browser that takes no more of them, in milliseconds. */
const STEP = 30;
const TYPING = 400;
const REFUSED = 10_000;

/** The address of the page. @type {Place} */
const page = {
  get hash() {
    return location.hash;
  },
  push: (hash) => history.pushState(null, "", hash),
  replace: (hash) => history.replaceState(null, "", hash),
};

export class Trail {
  #model;
  #module;
  #place;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Whether what is to be written is an entry of its own. */
  #push = false;
  /** Counts what is under way: only the latest comes to an end. */
  #latest = 0;

  /**
   * @param {import("./model.js").Model} model
   * @param {string} module its version
   * @param {Place} [place]
   */
  constructor(model, module, place = page) {
    this.#model = model;
    this.#module = module;
    this.#place = place;
    model.subscribe((kind) => {
      if (kind !== "history") {
        const step = kind === "step" || kind === "form";
        this.#push ||= step;
        this.#later(step ? STEP : TYPING);
      }
    });
  }

  /** The address of what the page shows now, which the browser's may not be yet. */
  get hash() {
    return toHash(this.#model.state, this.#module);
  }

  /** @param {number} pause */
  #later(pause) {
    this.#stop();
    this.#timer = setTimeout(() => this.#write(), pause);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Writes what waits to be written. */
  async flush() {
    if (this.#timer !== undefined) {
      await this.#write();
    }
  }

  async #write() {
    this.#stop();
    const mine = ++this.#latest;
    const hash = await this.hash;
    if (mine !== this.#latest) {
      return; // the state is another one meanwhile
    }
    const how = this.#push ? "push" : "replace";
    this.#push = false;
    if (hash === this.#place.hash) {
      return;
    }
    try {
      this.#place[how](hash);
    } catch {
      this.#later(REFUSED); // browsers take only so many changes within some seconds
    }
  }

  /**
   * Goes to what the address says. What was still to be written is not.
   *
   * @returns {Promise<Address | undefined>} nothing, if the page went elsewhere meanwhile
   */
  async follow() {
    this.#stop();
    this.#push = false;
    const mine = ++this.#latest;
    const { hash } = this.#place;
    const address = await fromHash(hash);
    if (mine !== this.#latest) {
      return undefined;
    }
    const { lang, theme } = this.#model.state;
    this.#model.go(hash === "" ? { ...initial, lang, theme } : address.state);
    return address;
  }
}
