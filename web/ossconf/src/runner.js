import { OssConfError } from "./error.js";
import { Instance } from "./instance.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Runs operations on an instance, and on a new one when that has failed. */
export class Runner {
  #module;
  /** @type {Instance | undefined} */
  #instance;
  #closed = false;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    this.#module = module;
    this.#instance = new Instance(module);
  }

  /** Throws if the runner is closed. */
  check() {
    if (this.#closed) {
      throw new OssConfError({ code: "not_loaded", message: "close was called", hint: "call load again" });
    }
  }

  /**
   * Runs an operation and returns the payload of its answer as text. The input is overwritten with zeros.
   *
   * @param {string} op
   * @param {import("./input.js").Input} input
   */
  run(op, { bytes, isText = false }) {
    try {
      this.check();
      const { status, out } = this.#call(op, bytes);
      const text = decoder.decode(out);
      if (status === 0) {
        return text;
      }
      throw refusal(text, isText);
    } finally {
      bytes.fill(0);
    }
  }

  /**
   * @param {string} op
   * @param {Uint8Array} bytes
   */
  #call(op, bytes) {
    try {
      this.#instance ??= new Instance(this.#module);
      const answer = this.#instance.call(op, bytes);
      if (answer.status === 2) {
        this.#drop();
      }
      return answer;
    } catch (error) {
      this.#drop();
      throw new OssConfError(
        {
          code: "trap",
          message: "the module failed; the next call gets a new instance of it",
          hint: "if the call stack was not exhausted, this is a fault of ossconf: please report the operation and, without secrets, the input",
        },
        { cause: error },
      );
    }
  }

  /** Overwrites the memory of the instance with zeros and forgets it. */
  #drop() {
    this.#instance?.wipe();
    this.#instance = undefined;
  }

  close() {
    this.#closed = true;
    this.#drop();
  }
}

/**
 * Makes an error of an error answer. Lines and columns are of no use to a caller who passed an object and never saw
 * the text that they count in; the path is.
 *
 * @param {string} text
 * @param {boolean} isText
 */
function refusal(text, isText) {
  const { line, column, ...fault } = JSON.parse(text).error;
  const position = isText && line !== undefined ? { line, column } : {};
  return new OssConfError({ ...fault, ...position });
}
