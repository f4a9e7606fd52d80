import { OssConfError } from "./error.js";
import { configInput, requestInput } from "./input.js";
import { members, strings, wrongType } from "./plain.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Takes the configurations of an operation on documents in a request: what configInput takes, or null for a bucket that
 * was never configured.
 *
 * @param {Record<string, unknown>} documents by the names of their members
 * @param {unknown} options
 * @param {(bytes: unknown) => unknown} decode the operation, which says what is wrong with bytes that are not UTF-8
 * @returns {import("./input.js").Input}
 */
export function configsInput(documents, options, decode) {
  /** @type {Record<string, unknown>} */
  const request = {};
  /** @type {string[]} */
  const texts = [];
  for (const [member, value] of Object.entries(documents)) {
    request[member] = value === null ? null : within(member, () => configText(value, decode));
    if (typeof value !== "object" || ArrayBuffer.isView(value)) {
      texts.push(member);
    }
  }
  const { certificates } = optional(options, "certificates");
  if (certificates !== undefined) {
    request.certificates = strings(certificates, "/certificates");
  }
  return { ...requestInput(request), texts };
}

/**
 * @param {unknown} value
 * @param {(bytes: unknown) => unknown} decode
 */
function configText(value, decode) {
  if (value === undefined) {
    throw wrongType("there is no configuration", "", "pass one, or null for a bucket that was never configured");
  }
  const { input } = configInput(value);
  return textOf(input) ?? decode(input);
}

/**
 * Returns what is taken of a document as text, or undefined if it is bytes that are not UTF-8: they fit into no request.
 *
 * @param {Uint8Array | string} input
 */
export function textOf(input) {
  if (typeof input === "string") {
    return input;
  }
  try {
    return decoder.decode(input);
  } catch (error) {
    if (error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Takes the text of a document, and which profiles it is held against.
 *
 * @param {unknown} document
 * @param {unknown} profiles
 */
export const profilesInput = (document, profiles) =>
  requestInput({ document, profiles: profiles === "all" ? undefined : profiles });

/**
 * Reads which profiles are asked for: undefined for none of them.
 *
 * @param {unknown} options
 */
export function readProfiles(options) {
  const { profiles } = optional(options, "profiles");
  return profiles === undefined || profiles === "all"
    ? profiles
    : strings(profiles, "/profiles", 'give an array of names, or "all"');
}

/**
 * Reads the only option that there is, of options that may be left out.
 *
 * @param {unknown} options
 * @param {string} name
 */
const optional = (options, name) => (options === undefined ? {} : members(options, [name]));

/**
 * Runs code that reads a configuration, and says in its errors which one it is.
 *
 * @template T
 * @param {string} member
 * @param {() => T} read
 * @returns {T}
 */
function within(member, read) {
  try {
    return read();
  } catch (error) {
    throw error instanceof OssConfError ? Object.assign(error, { member }) : error;
  }
}
