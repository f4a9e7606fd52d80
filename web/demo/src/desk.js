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

/** What is known of one bucket at one worker. */
class Known {
  busy = false;
  needsToken = false;
  /** @type {{ act: "loaded" | "saved", answer: import("./edge.js").Answer, xml: string } | undefined} */
  done;
  /** @type {EdgeError | undefined} */
  problem;
  /** @type {Conflict | undefined} */
  conflict;
  comparing = false;
  /** The ETag of what is stored, as far as the page knows. @type {string | undefined} */
  etag;

  /** Forgets what was answered, but not what is stored. */
  clear() {
    this.done = undefined;
    this.problem = undefined;
    this.conflict = undefined;
    this.comparing = false;
    this.needsToken = false;
  }
}

/** What the panel of the edge worker shows and does. */
export class Desk {
  endpoint = "edge/";
  /** @type {Vault<string>} the token that was typed */
  vault;
  #app;
  /** @type {string | undefined} as typed */
  #bucket;
  #known = new Known();
  #aim = "";

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

  /**
   * What is known of the bucket that is aimed at. Another bucket or worker begins anew, whatever field it was named in, and
   * an answer for the former one changes what nobody looks at any more.
   */
  get known() {
    const aim = JSON.stringify([this.endpoint, this.bucket]);
    if (aim !== this.#aim) {
      this.#aim = aim;
      this.#known = new Known();
    }
    return this.#known;
  }

  /** @param {{ endpoint?: string, bucket?: string }} target */
  aim({ endpoint = this.endpoint, bucket = this.bucket }) {
    this.endpoint = endpoint.trim();
    this.#bucket = bucket.trim();
    this.#app.draw();
  }

  /** Puts what is stored into the editor. */
  load() {
    return this.#act("loaded", load);
  }

  /** Stores the document, unless something else is stored than the page knows of. */
  save() {
    return this.#save(this.known.etag);
  }

  /** Stores the document in place of what the conflict has shown, and of nothing else. */
  overwrite() {
    return this.#save(this.known.conflict?.etag);
  }

  /** @param {string | undefined} etag */
  #save(etag) {
    const xml = this.#app.model.understanding.xml ?? "";
    return this.#act("saved", (url, token) => save(url, token, xml, etag));
  }

  /** Compares with what the conflict has shown, here and from now on. */
  compare() {
    const { known } = this;
    if (known.conflict?.etag) {
      known.comparing = true;
      this.#app.model.configure({ baseline: { kind: "bucket", text: known.conflict.xml } }, "step");
    }
  }

  /** Puts what the conflict has shown into the editor. */
  takeStored() {
    const { known } = this;
    const { conflict } = known;
    known.clear();
    known.etag = conflict?.etag;
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

  /**
   * @param {"loaded" | "saved"} act
   * @param {(url: URL, token: string) => Promise<import("./edge.js").Answer>} ask
   */
  async #act(act, ask) {
    const token = this.#token();
    const { known } = this;
    known.clear();
    if (token === undefined) {
      known.needsToken = true;
      this.#app.focus("edge-token");
      return;
    }
    known.busy = true;
    this.#app.draw();
    try {
      const answer = await ask(addressOf(this.endpoint, this.bucket, document.baseURI), token);
      const xml = this.#write(answer.config);
      known.etag = answer.etag;
      known.done = { act, answer, xml };
      if (act === "loaded" && known === this.known) {
        this.#app.take(xml, "bucket");
      }
    } catch (error) {
      this.#fail(known, error);
    } finally {
      known.busy = false;
      this.#app.draw();
    }
  }

  /**
   * @param {Known} known
   * @param {unknown} error
   */
  #fail(known, error) {
    if (!(error instanceof EdgeError)) {
      throw error;
    }
    known.problem = error;
    if (error.nothingStored) {
      known.etag = undefined;
    }
    if (error.stored) {
      try {
        known.conflict = { etag: error.stored.etag, xml: this.#write(error.stored.config) };
      } catch (unreadable) {
        known.problem = /** @type {EdgeError} */ (unreadable);
      }
    } else if (error.fault && error.status === 412) {
      known.conflict = { etag: undefined, xml: "" };
    }
  }

  /** Writes what a worker says is stored. @param {import("ossconf").Config} config */
  #write(config) {
    try {
      return this.#app.core.encode(config);
    } catch (error) {
      throw new EdgeError("unreadable", { cause: error });
    }
  }
}
