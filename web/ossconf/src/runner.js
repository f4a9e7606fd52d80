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
   * Runs an operation and returns what is read of the payload of its answer. An input of bytes is overwritten with zeros.
   *
   * @template T
   * @param {string} op
   * @param {import("./input.js").Input} input
   * @param {(payload: string) => T} read
   * @returns {T}
   */
  run(op, { input, texts = [] }, read) {
    let answer;
    try {
      this.check();
      answer = this.#answer(op, input, read, texts);
    } finally {
      if (typeof input !== "string") {
        input.fill(0);
      }
    }
    if ("refusal" in answer) {
      throw new OssConfError(answer.refusal);
    }
    return answer.value;
  }

  /**
   * @template T
   * @param {string} op
   * @param {Uint8Array | string} input
   * @param {(payload: string) => T} read
   * @param {readonly (string | undefined)[]} texts
   */
  #answer(op, input, read, texts) {
    try {
      this.#instance ??= new Instance(this.#module);
      const { status, text } = answerOf(this.#instance, op, input);
      if (status === 0) {
        return { value: read(text) };
      }
      if (status === 2) {
        this.#drop();
      }
      return { refusal: refusal(text, texts) };
    } catch (error) {
      this.#drop();
      throw new OssConfError(
        {
          code: "trap",
          message: "the module failed; the next call gets a new instance of it",
          hint: "unless the call stack was exhausted, this is a fault of ossconf: please report the operation and, without secrets, the input",
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
 * @param {Instance} instance
 * @param {string} op
 * @param {Uint8Array | string} input
 */
function answerOf(instance, op, input) {
  if (typeof input === "string") {
    const { status, out } = instance.callText(op, input);
    return { status, text: out };
  }
  const { status, out } = instance.call(op, input);
  return { status, text: decoder.decode(out) };
}

/**
 * Reads an error answer. Lines and columns are of no use to a caller who passed an object and never saw the text that
 * they count in; the path is.
 *
 * @param {string} text
 * @param {readonly (string | undefined)[]} texts as in Input
 * @returns {import("./error.js").Fault}
 */
function refusal(text, texts) {
  const { line, column, ...fault } = JSON.parse(text).error;
  return line !== undefined && texts.includes(fault.member) ? { ...fault, line, column } : fault;
}
