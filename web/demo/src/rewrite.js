/**
 * Changes a document as the form asks, by edits at the places concerned: comments, white space and unknown elements stay.
 *
 * @module
 */

import { editJSON } from "./edit-json.js";
import { editXML } from "./edit-xml.js";
import { endedAs } from "./lines.js";

/**
 * @typedef {import("ossconf").Config} Config
 * @typedef {{ decode(text: string): Config, encode(config: Config): string }} Codec
 */

/**
 * Returns the document that says what next says, and whether it had to be written anew, which loses comments, white space
 * and the form of JSON. The text has to be one that codec decodes.
 *
 * @param {string} text
 * @param {Config} next
 * @param {Codec} codec
 * @returns {{ text: string, anew: boolean }}
 */
export function rewrite(text, next, codec) {
  const current = codec.decode(text);
  try {
    const edited = (/^\s*\{/.test(text) ? editJSON : editXML)(text, current, next);
    if (edited !== undefined && meaning(codec.decode(edited)) === meaning(next)) {
      return { text: edited, anew: false };
    }
  } catch {
    // What was edited cannot be read.
  }
  return { text: endedAs(text, codec.encode(placed(next))), anew: true };
}

/**
 * A text that is the same for configurations that say the same, wherever their unknown elements stand.
 *
 * @param {Config} config
 */
export function meaning(config) {
  const containers = [config, config.TLS, config.CipherSuite].map((it) => {
    const { "#unknown": unknown = [], ...known } = it ?? {};
    return [
      it !== undefined,
      Object.entries(known).filter(([, value]) => typeof value !== "object"),
      unknown.map(({ xml }) => xml),
    ];
  });
  const { TLS = {}, CipherSuite = {} } = config;
  const lists = [TLS.TLSVersion, CipherSuite.CustomCipherSuite, CipherSuite.TLS13CustomCipherSuite];
  return JSON.stringify([containers, lists.map((list) => list ?? [])]);
}

/**
 * A copy whose unknown elements stand behind no more siblings than there are.
 *
 * @param {Config} config
 * @returns {Config}
 */
function placed(config) {
  const copy = structuredClone(config);
  for (const container of [copy, copy.TLS, copy.CipherSuite]) {
    let siblings = 0;
    for (const [name, value] of Object.entries(container ?? {})) {
      siblings += name === "#unknown" ? 0 : Array.isArray(value) ? value.length : 1;
    }
    for (const element of container?.["#unknown"] ?? []) {
      element.after = Math.min(element.after, siblings);
    }
  }
  return copy;
}
