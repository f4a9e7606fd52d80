/**
 * Sending through an edge worker: what is known of what is stored, and what was answered last.
 *
 * @module
 */

import { addressOf, EdgeError, load, save } from "./edge.js";
import { Vault } from "./signing.js";

/**
 * @typedef {object} Conflict something else is stored than the page knows of
 * @property {string | undefined} etag undefined if nothing is stored
 * @property {string} xml
 */

/** What the panel of the edge worker shows and does. */
export class Desk {
  endpoint = "edge/";
  busy = false;
  needsToken = false;
  /** @type {{ act: "loaded" | "saved", answer: import("./edge.js").Answer, xml: string } | undefined} */
  done;
  /** @type {EdgeError | undefined} */
  problem;
  /** @type {Conflict | undefined} */
  conflict;
  comparing = false;
  /** @type {Vault<string>} the token that was typed */
  vault;
  #app;
  /** @type {string | undefined} as typed */
  #bucket;
  /** The ETag of what is stored, as far as the page knows. @type {string | undefined} */
  #etag;

  /** @param {import("./app.js").App} app */
  constructor(app) {
    this.#app = app;
    this.vault = new Vault(() => app.draw());
  }

  get bucket() {
    return this.#bucket ?? this.given?.bucket ?? this.#app.model.state.bucket;
  }

  /** What `ossconf demo` gives, if it has a worker. */
  get given() {
    return this.#app.mock?.about.edge;
  }

  /** @param {{ endpoint?: string, bucket?: string }} target */
  aim({ endpoint = this.endpoint, bucket = this.bucket }) {
    this.endpoint = endpoint.trim();
    this.#bucket = bucket.trim();
    this.#etag = undefined;
    this.#clear();
    this.#app.draw();
  }

  #clear() {
    this.done = undefined;
    this.problem = undefined;
    this.conflict = undefined;
    this.comparing = false;
    this.needsToken = false;
  }

  /** Puts what is stored into the editor. */
  load() {
    return this.#act(async (url, token) => {
      const answer = await load(url, token);
      this.#keep("loaded", answer);
    });
  }

  /** Stores the document, unless something else is stored than the page knows of. */
  save() {
    return this.#save(this.#etag);
  }

  /** Stores the document in place of what the conflict has shown, and of nothing else. */
  overwrite() {
    return this.#save(this.conflict?.etag);
  }

  /** @param {string | undefined} etag */
  #save(etag) {
    return this.#act(async (url, token) => {
      const answer = await save(url, token, this.#app.model.understanding.xml ?? "", etag);
      this.#keep("saved", answer);
    });
  }

  /**
   * @param {"loaded" | "saved"} act
   * @param {import("./edge.js").Answer} answer
   */
  #keep(act, answer) {
    const xml = this.#app.core.encode(answer.config);
    this.#etag = answer.etag;
    this.done = { act, answer, xml };
    if (act === "loaded") {
      this.#app.take(xml, "bucket");
    }
  }

  /** Compares with what the conflict has shown, here and from now on. */
  compare() {
    if (this.conflict?.etag) {
      this.comparing = true;
      this.#app.model.configure({ baseline: { kind: "bucket", text: this.conflict.xml } }, "step");
    }
  }

  /** Puts what the conflict has shown into the editor. */
  takeStored() {
    const { conflict } = this;
    this.#clear();
    this.#etag = conflict?.etag;
    this.#app.take(conflict?.xml ?? "", "bucket");
    this.#app.draw();
  }

  /** Moves a token from the field, where nothing stays of it, to memory. */
  #token() {
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById("edge-token"));
    const typed = field?.value.trim();
    if (field && typed) {
      field.value = "";
      this.vault.remember(typed);
    }
    return this.vault.key ?? this.given?.token;
  }

  /** @param {(url: URL, token: string) => Promise<void>} act */
  async #act(act) {
    const token = this.#token();
    this.#clear();
    if (token === undefined) {
      this.needsToken = true;
      this.#app.focus("edge-token");
      return;
    }
    this.busy = true;
    this.#app.draw();
    try {
      await act(addressOf(this.endpoint, this.bucket, document.baseURI), token);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.busy = false;
      this.#app.draw();
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    if (!(error instanceof EdgeError)) {
      throw error;
    }
    this.problem = error;
    if (error.nothingStored) {
      this.#etag = undefined;
    }
    if (error.stored) {
      this.conflict = { etag: error.stored.etag, xml: this.#app.core.encode(error.stored.config) };
    } else if (error.status === 412) {
      this.conflict = { etag: undefined, xml: "" };
    }
  }
}
