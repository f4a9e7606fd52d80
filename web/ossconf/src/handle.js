import { configsInput, profilesInput, readProfiles, textOf } from "./config-request.js";
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
   * @param {(...values: any[]) => import("./input.js").Input} input
   * @param {(payload: string) => any} [read]
   * @returns {(...values: unknown[]) => any}
   */
  const operation = (op, input, read = JSON.parse) => {
    return (...values) => {
      runner.check(); // before anything is read of what is passed
      return runner.run(op, input(...values), read);
    };
  };

  const decode = operation("decode", documentInput);
  const validate = operation("validate", documentInput);
  const validateProfiles = operation("validate_profiles", profilesInput);
  const sign = operation("sign", requestInput);
  return Object.freeze({
    decode,
    encode: operation("encode", configInput, String),
    /**
     * @param {unknown} document
     * @param {unknown} options
     */
    validate: (document, options) => {
      runner.check();
      const profiles = readProfiles(options);
      if (profiles === undefined) {
        return validate(document);
      }
      const { input } = documentInput(document);
      const text = textOf(input);
      if (text !== undefined) {
        return validateProfiles(text, profiles);
      }
      // Such bytes fit into no request. Profiles are left open as for any document that cannot be read: an empty one, say.
      return { ...validate(input), profiles: validateProfiles("", profiles).profiles };
    },
    simulate: operation("simulate", (document, options) => configsInput({ document }, options, decode)),
    diff: operation("diff", (before, after, options) => configsInput({ before, after }, options, decode)),
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
