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
   * @param {(payload: string) => any} [read]
   * @returns {(value?: unknown) => any}
   */
  const operation = (op, input, read = JSON.parse) => {
    return (value) => {
      runner.check(); // before anything is read of what is passed
      return runner.run(op, input(value), read);
    };
  };

  const sign = operation("sign", requestInput);
  return Object.freeze({
    decode: operation("decode", documentInput),
    encode: operation("encode", configInput, String),
    validate: operation("validate", documentInput),
    sign,
    presign: operation("presign", requestInput),
    postPolicy: operation("post_policy", requestInput),
    verify: operation("verify", requestInput),
    catalog: operation("catalog", nothing),
    version: operation("version", nothing),
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
