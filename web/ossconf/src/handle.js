import { configInput, documentInput, nothing, requestInput } from "./input.js";
import { Runner } from "./runner.js";
import { signRequest } from "./sign-request.js";

/**
 * Makes the object that load answers with. Its methods need no this.
 *
 * @param {WebAssembly.Module} module
 */
export function handle(module) {
  const runner = new Runner(module);

  /**
   * @param {string} op
   * @param {(value: unknown) => import("./input.js").Input} input
   * @returns {(value?: unknown) => string}
   */
  const text = (op, input) => (value) => {
    runner.check(); // before anything is read of what is passed
    return runner.run(op, input(value));
  };

  /**
   * @param {string} op
   * @param {(value: unknown) => import("./input.js").Input} input
   * @returns {(value?: unknown) => any}
   */
  const object = (op, input) => {
    const run = text(op, input);
    return (value) => JSON.parse(run(value));
  };

  const sign = object("sign", requestInput);
  return Object.freeze({
    decode: object("decode", documentInput),
    encode: text("encode", configInput),
    validate: object("validate", documentInput),
    sign,
    presign: object("presign", requestInput),
    postPolicy: object("post_policy", requestInput),
    verify: object("verify", requestInput),
    catalog: object("catalog", nothing),
    version: object("version", nothing),
    /**
     * @param {unknown} request
     * @param {unknown} options
     */
    signRequest: async (request, options) => {
      runner.check();
      return signRequest(sign, request, options);
    },
    close: () => runner.close(),
  });
}
