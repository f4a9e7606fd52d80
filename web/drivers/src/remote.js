import { concat } from "./bytes.js";

/** The side of a page or a worker of the bridge to standard input and output, see bridge.js. */
export class Remote {
  #base;

  /** @param {string | URL} base the address of the page */
  constructor(base) {
    this.#base = base;
  }

  /** What the runtime is called, and its version. */
  async about() {
    const response = await this.#fetch("about.json");
    return /** @type {{ runtime: string, version: string }} */ (await response.json());
  }

  async module() {
    const response = await this.#fetch("module.wasm");
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Opens a connection that ends with this page or worker, by which the other side notices. */
  show() {
    this.#fetch("alive").catch(() => {}); // the other side ends it
  }

  async questions() {
    const { body } = await this.#fetch("questions");
    if (!body) {
      throw new Error("the questions have no body");
    }
    return body;
  }

  answers() {
    return gathered((bytes) => this.#fetch("answers", bytes));
  }

  /**
   * @param {number} status
   * @param {string} message
   */
  async end(status, message) {
    await this.#fetch("end", JSON.stringify({ status, message }));
  }

  /**
   * @param {string} path
   * @param {BodyInit} [body]
   */
  async #fetch(path, body) {
    const init = body === undefined ? {} : { method: "POST", body };
    const response = await fetch(new URL(path, this.#base), init);
    if (!response.ok) {
      throw new Error(`${path}: ${response.status}`);
    }
    return response;
  }
}

/** How many bytes may wait to be sent. */
const MAX_WAITING = 1 << 20;

/**
 * Makes a stream that sends one thing at a time, and what was written meanwhile at once after that.
 *
 * @param {(bytes: Uint8Array<ArrayBuffer>) => Promise<unknown>} send
 * @returns {WritableStream<Uint8Array<ArrayBuffer>>}
 */
export function gathered(send) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  let waiting = [];
  let size = 0;
  /** @type {Promise<void> | undefined} */
  let sending;

  async function sendAll() {
    while (size > 0) {
      const bytes = concat(waiting);
      waiting = [];
      size = 0;
      await send(bytes);
    }
    sending = undefined;
  }

  return new WritableStream({
    async write(bytes, controller) {
      waiting.push(bytes);
      size += bytes.length;
      if (!sending) {
        sending = sendAll();
        sending.catch((error) => controller.error(error));
      }
      if (size > MAX_WAITING) {
        await sending;
      }
    },
    async close() {
      await sending;
    },
  });
}
