/**
 * The module's calling convention, as docs/abi.md has it: bytes in, a status and bytes out.
 *
 * @module
 */

import { view } from "./bytes.js";

/**
 * What callText needs. Shells of engines have neither, and do without it.
 *
 * @type {{ encoder: TextEncoder, decoder: TextDecoder } | undefined}
 */
let text;

const coders = () =>
  (text ??= { encoder: new TextEncoder(), decoder: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }) });

/** The number of the calling convention that this file speaks. */
const ABI = 1;

/** The size in bytes of the largest block that the module gives out. No operation takes as much. */
const MAX_BLOCK = (1 << 20) + (1 << 16);

/**
 * @typedef {object} Exports
 * @property {WebAssembly.Memory} memory
 * @property {() => number} ossconf_abi
 * @property {(size: number) => number} ossconf_alloc
 * @property {(address: number) => void} ossconf_free
 * @property {() => void} [_initialize]
 */

/** @typedef {(address: number, length: number) => bigint} Operation */

/** One instance of the module. */
export class Instance {
  /** @type {Exports & Record<string, unknown>} */
  #exports;
  /** @type {Map<string, Operation>} those that were called */
  #operations = new Map();
  #dead = false;

  /**
   * @param {WebAssembly.Module} module
   * @param {WebAssembly.Imports | ((memory: () => WebAssembly.Memory) => WebAssembly.Imports)} [imports]
   */
  constructor(module, imports) {
    const given = typeof imports === "function" ? imports(() => this.#exports.memory) : imports;
    const instance = new WebAssembly.Instance(module, given);
    this.#exports = /** @type {Exports & Record<string, unknown>} */ (/** @type {unknown} */ (instance.exports));
    for (const name of ["ossconf_abi", "ossconf_alloc", "ossconf_free"]) {
      if (typeof this.#exports[name] !== "function") {
        throw new TypeError(`the module does not export ${name}: it is none of ossconf`);
      }
    }
    if (!(this.#exports.memory instanceof WebAssembly.Memory)) {
      throw new TypeError("the module does not export memory: it is none of ossconf");
    }
    if (typeof this.#exports._initialize === "function") {
      this.#guard(this.#exports._initialize);
    }
    this.abi = this.#guard(this.#exports.ossconf_abi);
    if (this.abi !== ABI) {
      throw new TypeError(`the module speaks calling convention ${this.abi}, this package ${ABI}`);
    }
    Object.freeze(this);
  }

  /** Whether the instance trapped or was wiped. */
  get dead() {
    return this.#dead;
  }

  /** The size of the instance's memory in bytes. */
  get memorySize() {
    return this.#exports.memory.buffer.byteLength;
  }

  /**
   * Runs an operation.
   *
   * @param {string} op
   * @param {Uint8Array} input
   * @returns {{ status: 0 | 1 | 2, out: Uint8Array<ArrayBuffer> }}
   */
  call(op, input) {
    const operation = this.#operation(op);
    const bytes = view(input, "input");
    if (bytes.length > MAX_BLOCK) {
      throw tooLong();
    }
    this.#live();
    try {
      const block = this.#alloc(bytes.length);
      if (block !== 0) {
        this.#bytes(block, bytes.length).set(bytes);
      }
      const answer = this.#answer(operation(block, bytes.length));
      const result = { status: status(answer), out: answer.slice(1) };
      this.#free(answer.byteOffset, block);
      return result;
    } catch (error) {
      throw this.#broken(error);
    }
  }

  /**
   * Runs an operation on text, which is written into the memory and read from it without a copy in between: that is a
   * tenth of the time of signing, and more where memory is busy.
   *
   * @param {string} op
   * @param {string} input
   * @returns {{ status: 0 | 1 | 2, out: string }}
   */
  callText(op, input) {
    const operation = this.#operation(op);
    if (typeof input !== "string") {
      throw new TypeError("the input is no string");
    }
    const room = 3 * input.length; // in UTF-8 it is no longer
    if (room > MAX_BLOCK) {
      const bytes = coders().encoder.encode(input);
      try {
        const { status, out } = this.call(op, bytes);
        return { status, out: coders().decoder.decode(out) };
      } finally {
        bytes.fill(0); // it may hold an access key
      }
    }
    this.#live();
    try {
      const block = this.#alloc(room);
      const length = block === 0 ? 0 : coders().encoder.encodeInto(input, this.#bytes(block, room)).written;
      const answer = this.#answer(operation(block, length));
      const result = { status: status(answer), out: coders().decoder.decode(answer.subarray(1)) };
      this.#free(answer.byteOffset, block);
      return result;
    } catch (error) {
      throw this.#broken(error);
    }
  }

  /** Overwrites the whole memory with zeros, after which the instance is dead. */
  wipe() {
    this.#dead = true;
    new Uint8Array(this.#exports.memory.buffer).fill(0);
  }

  #live() {
    if (this.#dead) {
      throw new WebAssembly.RuntimeError("the instance is dead");
    }
  }

  /**
   * @param {string} op
   * @returns {Operation}
   */
  #operation(op) {
    const known = this.#operations.get(op);
    if (known !== undefined) {
      return known;
    }
    const found = typeof op === "string" && /^[a-z_]+$/.test(op) ? this.#exports[`ossconf_${op}`] : undefined;
    if (typeof found !== "function" || found.length !== 2) {
      throw new TypeError("the module has no operation of this name");
    }
    const operation = /** @type {Operation} */ (found);
    this.#operations.set(op, operation);
    return operation;
  }

  /**
   * Returns the address of a new block, 0 for no bytes, which need none.
   *
   * @param {number} size
   */
  #alloc(size) {
    const block = size === 0 ? 0 : this.#exports.ossconf_alloc(size) >>> 0;
    if (size > 0 && block === 0) {
      throw new WebAssembly.RuntimeError("the module gave no block");
    }
    return block;
  }

  /**
   * Returns a view of the memory, which is good until the next call: memory that has grown detaches it.
   *
   * @param {number} address
   * @param {number} length
   */
  #bytes(address, length) {
    return new Uint8Array(this.#exports.memory.buffer, address, length);
  }

  /**
   * Returns a view of the answer that an operation returned.
   *
   * @param {bigint} packed
   */
  #answer(packed) {
    const unsigned = BigInt.asUintN(64, packed);
    return this.#bytes(Number(unsigned >> 32n), Number(unsigned & 0xffffffffn));
  }

  /**
   * @param {number} answer
   * @param {number} block
   */
  #free(answer, block) {
    this.#exports.ossconf_free(answer);
    if (block !== 0) {
      this.#exports.ossconf_free(block);
    }
  }

  /**
   * Returns what to throw for an error in code of the module. Whatever it is leaves the instance in an unknown state.
   *
   * @param {unknown} error
   */
  #broken(error) {
    this.#dead = true;
    if (error instanceof WebAssembly.RuntimeError) {
      return error;
    }
    return Object.assign(new WebAssembly.RuntimeError("the module broke its calling convention"), { cause: error });
  }

  /**
   * @template T
   * @param {() => T} run
   * @returns {T}
   */
  #guard(run) {
    try {
      return run();
    } catch (error) {
      throw this.#broken(error);
    }
  }
}

/**
 * Returns the status that an answer begins with.
 *
 * @param {Uint8Array} answer
 * @returns {0 | 1 | 2}
 */
function status(answer) {
  const first = answer[0];
  if (first !== 0 && first !== 1 && first !== 2) {
    throw new WebAssembly.RuntimeError("the module gave an answer without a status");
  }
  return first;
}

const tooLong = () => new RangeError(`the module takes no input of more than ${MAX_BLOCK} bytes`);
