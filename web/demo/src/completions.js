/**
 * Completions: elements where they belong, versions, suites and truth values.
 *
 * @module
 */

import { openElements } from "./scan.js";

/** What may stand in an element. @type {Record<string, string[]>} */
const elements = {
  "": ["HttpsConfiguration"],
  HttpsConfiguration: ["TLS", "CipherSuite"],
  TLS: ["Enable", "TLSVersion"],
  CipherSuite: ["Enable", "StrongCipherSuite", "CustomCipherSuite", "TLS13CustomCipherSuite"],
};

const levels = ["recommended", "secure", "weak", "insecure"];

/**
 * @param {import("./core.js").Core} core
 * @returns {import("@codemirror/autocomplete").CompletionSource}
 */
export function completions(core) {
  const values = {
    Enable: booleans(),
    StrongCipherSuite: booleans(),
    TLSVersion: core.catalog.tls_versions.map(({ name }) => ({ label: name, type: "constant" })),
    CustomCipherSuite: suites(core, false),
    TLS13CustomCipherSuite: suites(core, true),
  };
  return (context) => {
    const before = context.state.sliceDoc(0, context.pos);
    const tag = context.matchBefore(/<[A-Za-z0-9]*/);
    const parent = openElements(before).at(-1) ?? "";
    if (tag) {
      const options = elements[parent]?.map((name) => ({ label: name, type: "type", apply: applyElement(name) }));
      return options ? { from: tag.from + 1, options, validFor: /^[A-Za-z0-9]*$/ } : null;
    }
    const options = Object.hasOwn(values, parent) ? values[/** @type {keyof typeof values} */ (parent)] : undefined;
    const word = context.matchBefore(/[A-Za-z0-9._-]*/);
    if (!options || (!context.explicit && word?.from === word?.to && !before.endsWith(">"))) {
      return null;
    }
    return { from: word?.from ?? context.pos, options, validFor: /^[A-Za-z0-9._-]*$/ };
  };
}

function booleans() {
  return ["true", "false"].map((label) => ({ label, type: "keyword" }));
}

/**
 * @param {import("./core.js").Core} core
 * @param {boolean} tls13
 */
function suites(core, tls13) {
  return core.catalog.cipher_suites
    .filter((suite) => (suite.key_exchange === "any") === tls13)
    .map(({ openssl, level, reasons }) => ({
      label: openssl,
      type: "constant",
      detail: [level, ...reasons].join("; "),
      boost: -levels.indexOf(level),
    }));
}

/**
 * Writes an element with its end tag, which is there unless it was typed, and puts the cursor between them.
 *
 * @param {string} name
 * @returns {import("@codemirror/autocomplete").Completion["apply"]}
 */
function applyElement(name) {
  return (view, _completion, from, to) => {
    const closed = view.state.sliceDoc(to, to + 1) === ">";
    const insert = `${name}></${name}>`;
    view.dispatch({
      changes: { from, to: closed ? to + 1 : to, insert },
      selection: { anchor: from + name.length + 1 },
      userEvent: "input.complete",
    });
  };
}
