/**
 * The state of the page as the fragment of its address, and back: #v=1&d=…
 *
 * A reader of each version stays. What it cannot read of an address it leaves at its default, and names it.
 *
 * @module
 */

/** @typedef {import("./types.d.ts").State} State */

/** The version of the format that is written. */
const VERSION = "1";

/** How large a document may be, in bytes: an address that unpacks to more is hostile. */
const MAX_DOCUMENT = 64 << 10;

/** How long an address that is read may be. A document of 64 KiB that does not get smaller has 87,400 characters. */
const MAX_ADDRESS = 200_000;

/** The words of the address and what they stand for; the first one is the default and is left out. */
const words = /** @type {const} */ ({
  c: ["both", "rsa", "ecdsa"],
  l: ["en", "zh"],
  th: ["auto", "light", "dark"],
  o: ["xml", "json", "ossutil", "curl", "terraform", "go", "npm"],
  k: ["never", "imported", "bucket", "kept"],
});

/** @typedef {keyof typeof words} Word */

/** What a bucket of OSS may be called, and a little more. */
export const bucketName = /^[a-z0-9-]{1,63}$/;

/** Names as OSS has them, so that nothing else comes in by an address. */
const names = { n: bucketName, r: /^[a-z0-9-]{1,64}$/ };

/**
 * @param {State} state
 * @param {string} module the version of the module
 */
export async function toHash(state, module) {
  const parts = new URLSearchParams({ v: VERSION });
  const put = (/** @type {Word} */ name, /** @type {string} */ value) => {
    if (value !== words[name][0]) {
      parts.set(name, value);
    }
  };
  parts.set("d", await pack(state.text));
  put("k", state.baseline.kind);
  if (state.baseline.text !== null) {
    parts.set("b", await pack(state.baseline.text));
  }
  put("c", state.certificates);
  put("o", state.tab);
  put("l", state.lang);
  put("th", state.theme);
  for (const [name, value] of [
    ["n", state.bucket],
    ["r", state.region],
  ]) {
    if (name && value && names[/** @type {"n" | "r"} */ (name)].test(value)) {
      parts.set(name, value);
    }
  }
  parts.set("m", module);
  return `#${parts}`;
}

/** Whether an address can hold a document, so that it is read again. @param {string} text */
export function fits(text) {
  return new TextEncoder().encode(text).length <= MAX_DOCUMENT;
}

/**
 * Reads an address.
 *
 * @param {string} hash with or without #
 * @returns {Promise<{ state: Partial<State>, module: string, problems: string[] }>} problems: the parts that cannot be read,
 *   or "v" for a version that is not known, or "length"
 */
export async function fromHash(hash) {
  const text = hash.replace(/^#/, "");
  const problems = /** @type {string[]} */ ([]);
  const state = /** @type {Partial<State>} */ ({});
  if (text === "") {
    return { state, module: "", problems };
  }
  if (text.length > MAX_ADDRESS) {
    return { state, module: "", problems: ["length"] };
  }
  const parts = new URLSearchParams(text);
  if (parts.get("v") !== VERSION) {
    return { state, module: "", problems: ["v"] };
  }
  /** @type {(name: string) => Promise<string | undefined>} */
  const document = async (name) => {
    const packed = parts.get(name);
    try {
      return packed === null ? undefined : await unpack(packed);
    } catch {
      problems.push(name);
      return undefined;
    }
  };
  /** @type {(name: Word) => any} */
  const word = (name) => {
    const value = parts.get(name);
    if (value === null || /** @type {readonly string[]} */ (words[name]).includes(value)) {
      return value ?? words[name][0];
    }
    problems.push(name);
    return words[name][0];
  };
  /** @type {(name: "n" | "r") => string} */
  const name = (name) => {
    const value = parts.get(name) ?? "";
    if (value !== "" && !names[name].test(value)) {
      problems.push(name);
      return "";
    }
    return value;
  };
  const [d, b] = [await document("d"), await document("b")];
  if (d !== undefined) {
    state.text = d;
  }
  const kind = word("k");
  state.baseline =
    b === undefined ? { kind: "never", text: null } : { kind: kind === "never" ? "kept" : kind, text: b };
  state.certificates = word("c");
  state.tab = word("o");
  state.lang = word("l");
  state.theme = word("th");
  state.bucket = name("n");
  state.region = name("r");
  return { state, module: (parts.get("m") ?? "").slice(0, 40), problems };
}

/**
 * @param {string} text
 * @returns {Promise<string>}
 */
async function pack(text) {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let binary = "";
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} packed
 * @returns {Promise<string>}
 */
async function unpack(packed) {
  if (!/^[A-Za-z0-9_-]*$/.test(packed)) {
    throw new TypeError("no base64url");
  }
  const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return text + decoder.decode();
    }
    size += value.length;
    if (size > MAX_DOCUMENT) {
      await reader.cancel();
      throw new RangeError("too large");
    }
    text += decoder.decode(value, { stream: true });
  }
}
