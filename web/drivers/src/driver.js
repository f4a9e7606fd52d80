/**
 * What all drivers have in common, whatever they run in: a line about the runtime, and for each line a line. See
 * docs/conformance.md for what the lines hold. Nothing here needs more than the language itself.
 *
 * @module
 */

import { Instance } from "../../ossconf/src/instance.js";

import { encode } from "./base64.js";
import { exit, Failure, text } from "./failure.js";
import { excerpt, parseQuestion, refusal } from "./question.js";
import { wasi } from "./wasi.js";

/**
 * @typedef {object} About
 * @property {string} runtime
 * @property {string} version of the runtime
 * @property {string} sha256 of the module's file, in hex
 * @property {() => WebAssembly.Module} compile
 * @property {() => number} now a clock in milliseconds
 */

/** Answers questions with an instance of the module. */
export class Driver {
  #module;
  #instance;
  #operations;
  #coldStart;
  #line = 0;

  /**
   * Compiles and instantiates the module, asks it what it can do, and measures how long that takes.
   *
   * @param {About} about
   */
  constructor({ runtime, version, sha256, compile, now }) {
    const begin = now();
    try {
      this.#module = compile();
      this.#instance = new Instance(this.#module, wasi);
      const { out } = this.#instance.call("version", new Uint8Array());
      this.#coldStart = now() - begin;
      this.#operations = /** @type {string[]} */ (JSON.parse(String.fromCharCode(...out)).operations);
    } catch (error) {
      throw new Failure(exit.runtime, `the module did not start: ${text(error)}`, error);
    }
    const { abi } = this.#instance;
    this.hello = `${JSON.stringify({ runtime, version, abi, module: sha256, operations: this.#operations })}\n`;
  }

  /**
   * Answers a line, without its end, with a line, with its end.
   *
   * @param {string} line
   */
  answer(line) {
    this.#line++;
    try {
      return this.#answer(line);
    } catch (error) {
      const status = error instanceof Failure ? error.status : exit.runtime;
      throw new Failure(status, `line ${this.#line}: ${error instanceof Failure ? error.message : text(error)}`, error);
    }
  }

  /** @param {string} line */
  #answer(line) {
    const { id, op, input } = parseQuestion(line);
    if (!this.#operations.includes(op)) {
      throw refusal(`case ${id}: operation that the driver did not name: ${excerpt(op)}`);
    }
    let answer;
    try {
      answer = this.#instance.call(op, input);
      if (answer.status === 2) {
        this.#instance = new Instance(this.#module, wasi); // as hosts do after a panic
      }
    } catch (error) {
      throw new Failure(exit.runtime, `case ${id}: ${op}: ${text(error)}`, error);
    }
    return `${JSON.stringify({ id, status: answer.status, out: encode(answer.out) })}\n`;
  }

  /** What there is to say at the end, on standard error. */
  get summary() {
    return JSON.stringify({ cold_start_ms: Math.round(this.#coldStart * 100) / 100 });
  }
}
