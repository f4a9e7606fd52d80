/**
 * The module's calling convention, as docs/abi.md has it: bytes in, a status and bytes out.
 *
 * @module
 */

import { view } from "./bytes.js";

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

/** One instance of the module. */
export class Instance {
  /** @type {Exports & Record<string, unknown>} */
  #exports;
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
      throw new RangeError(`the module takes no input of more than ${MAX_BLOCK} bytes`);
    }
    if (this.#dead) {
      throw new WebAssembly.RuntimeError("the instance is dead");
    }
    return this.#guard(() => this.#call(operation, bytes));
  }

  /** Overwrites the whole memory with zeros, after which the instance is dead. */
  wipe() {
    this.#dead = true;
    new Uint8Array(this.#exports.memory.buffer).fill(0);
  }

  /**
   * @param {string} op
   * @returns {(address: number, length: number) => bigint}
   */
  #operation(op) {
    const operation = typeof op === "string" && /^[a-z_]+$/.test(op) ? this.#exports[`ossconf_${op}`] : undefined;
    if (typeof operation !== "function" || operation.length !== 2) {
      throw new TypeError("the module has no operation of this name");
    }
    return /** @type {(address: number, length: number) => bigint} */ (operation);
  }

  /**
   * @param {(address: number, length: number) => bigint} operation
   * @param {Uint8Array} input
   * @returns {{ status: 0 | 1 | 2, out: Uint8Array<ArrayBuffer> }}
   */
  #call(operation, input) {
    const { memory, ossconf_alloc: alloc, ossconf_free: free } = this.#exports;
    const size = input.length;
    const block = size === 0 ? 0 : alloc(size) >>> 0;
    if (size > 0) {
      if (block === 0) {
        throw new WebAssembly.RuntimeError("the module gave no block");
      }
      new Uint8Array(memory.buffer, block, size).set(input);
    }
    const packed = BigInt.asUintN(64, operation(block, size));
    const address = Number(packed >> 32n);
    const length = Number(packed & 0xffffffffn);
    // Memory may have grown: a view made before is detached.
    const answer = new Uint8Array(memory.buffer, address, length);
    const status = answer[0];
    if (status !== 0 && status !== 1 && status !== 2) {
      throw new WebAssembly.RuntimeError("the module gave an answer without a status");
    }
    const out = answer.slice(1);
    free(address);
    if (size > 0) {
      free(block);
    }
    return { status, out };
  }

  /**
   * Runs code of the module. Whatever it throws leaves the instance in an unknown state.
   *
   * @template T
   * @param {() => T} run
   * @returns {T}
   */
  #guard(run) {
    try {
      return run();
    } catch (error) {
      this.#dead = true;
      if (error instanceof WebAssembly.RuntimeError) {
        throw error;
      }
      throw Object.assign(new WebAssembly.RuntimeError("the module broke its calling convention"), { cause: error });
    }
  }
}
