/**
 * The module: everything that the page knows of configurations and signatures.
 *
 * @module
 */

import { applyFix, load, OssConfError } from "ossconf";
import { Instance } from "ossconf/raw";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * @typedef {import("./types.d.ts").Certificates} Certificates
 * @typedef {import("ossconf").Report} Report
 */

/** What the page asks of the module. */
export class Core {
  #module;
  #oss;
  /** @type {Instance | undefined} */
  #raw;

  /**
   * @param {WebAssembly.Module} module
   * @param {import("ossconf").OssConf} oss
   */
  constructor(module, oss) {
    this.#module = module;
    this.#oss = oss;
    this.catalog = /** @type {import("./types.d.ts").FullCatalog} */ (oss.catalog());
    this.version = oss.version();
    /** The suites by their OpenSSL names. */
    this.suites = new Map(this.catalog.cipher_suites.map((suite) => [suite.openssl, suite]));
    /** The clients by their names. */
    this.clients = new Map(this.catalog.clients?.map((client) => [client.name, client]));
  }

  /**
   * Compiles the module and makes the instance that does all but sign.
   *
   * @param {URL} url
   */
  static async open(url) {
    const response = await fetch(url);
    if (!response.ok) {
      throw new Error(`${url.pathname}: ${response.status} ${response.statusText}`);
    }
    // Some hosts do not know the type of modules, and compileStreaming insists on it.
    const typed = response.headers.get("content-type")?.startsWith("application/wasm");
    const module = await (typed
      ? WebAssembly.compileStreaming(response)
      : WebAssembly.compile(await response.arrayBuffer()));
    return new Core(module, await load({ module }));
  }

  /**
   * What is to be known of a document, whatever stands in it.
   *
   * @param {string} text
   * @returns {import("./types.d.ts").Understanding}
   */
  understand(text) {
    let report;
    try {
      report = this.#oss.validate(text);
    } catch (error) {
      return { report: refusal(error), config: undefined, xml: undefined };
    }
    try {
      return { report, config: this.#oss.decode(text), xml: this.#oss.encode(text) };
    } catch {
      return { report, config: undefined, xml: undefined }; // the report says why
    }
  }

  /** @param {string} text */
  decode(text) {
    return this.#oss.decode(text);
  }

  /** @param {string | import("ossconf").ConfigInput} document */
  encode(document) {
    return this.#oss.encode(document);
  }

  /**
   * Carries out the fixes of all errors, until none is left that has one.
   *
   * @param {string} text
   */
  mend(text) {
    for (let round = 0; round < 1000; round++) {
      const { findings } = this.understand(text).report;
      const fix = findings.find((finding) => finding.severity === "error" && finding.fix)?.fix;
      if (!fix) {
        break;
      }
      text = applyFix(text, fix);
    }
    return text;
  }

  /** @param {string} name of an operation */
  has(name) {
    return this.version.operations.includes(name);
  }

  /**
   * @param {string | null} document
   * @param {Certificates} certificates
   * @returns {import("./types.d.ts").Simulation}
   */
  simulate(document, certificates) {
    return this.#call("simulate", { document, certificates: kinds(certificates) });
  }

  /**
   * @param {string | null} before
   * @param {string | null} after
   * @param {Certificates} certificates
   * @returns {import("./types.d.ts").Diff}
   */
  diff(before, after, certificates) {
    return this.#call("diff", { before, after, certificates: kinds(certificates) });
  }

  /**
   * @param {string} document
   * @returns {import("./types.d.ts").Assessment[]}
   */
  profiles(document) {
    return this.#call("validate_profiles", { document }).profiles;
  }

  /**
   * Signs in an instance that is overwritten with zeros afterwards, derived keys and all.
   *
   * @param {import("ossconf").SignInput} request
   */
  async sign(request) {
    const oss = await load({ module: this.#module });
    try {
      return oss.sign(request);
    } finally {
      oss.close();
    }
  }

  /**
   * @param {string} operation
   * @param {object} input
   */
  #call(operation, input) {
    if (!this.#raw || this.#raw.dead) {
      this.#raw = new Instance(this.#module);
    }
    const { status, out } = this.#raw.call(operation, encoder.encode(JSON.stringify(input)));
    const answer = JSON.parse(decoder.decode(out));
    if (status !== 0) {
      throw new OssConfError(answer.error);
    }
    return answer;
  }
}

/** @param {Certificates} certificates */
function kinds(certificates) {
  return certificates === "both" ? ["rsa", "ecdsa"] : [certificates];
}

/**
 * A report for a text that is not even validated: too large, or with half a surrogate pair.
 *
 * @param {unknown} error
 * @returns {Report}
 */
function refusal(error) {
  const { message, hint } = /** @type {OssConfError} */ (error);
  /** @type {import("ossconf").Finding} */
  const finding = {
    rule: "document-readable",
    severity: "error",
    evidence: "documented",
    line: 1,
    column: 1,
    offset: 0,
    message,
    ...(hint && { hint }),
  };
  return { valid: false, errors: 1, warnings: 0, infos: 0, findings: [finding] };
}
