/**
 * The module: everything that the page knows of configurations and signatures.
 *
 * @module
 */

import { applyFix, load } from "ossconf";

/**
 * @typedef {import("./types.d.ts").Certificates} Certificates
 * @typedef {import("ossconf").Report} Report
 */

/** What the page asks of the module. */
export class Core {
  #module;
  #oss;

  /**
   * @param {WebAssembly.Module} module
   * @param {import("ossconf").OssConf} oss
   */
  constructor(module, oss) {
    this.#module = module;
    this.#oss = oss;
    this.catalog = oss.catalog();
    this.version = oss.version();
    /** The suites by their OpenSSL names. */
    this.suites = new Map(this.catalog.cipher_suites.map((suite) => [suite.openssl, suite]));
    /** The clients by their names. */
    this.clients = new Map(this.catalog.clients.map((client) => [client.name, client]));
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
    } catch (error) {
      // The report says why, unless the document is too large only when it is written.
      return { report: report.valid ? refusal(error) : report, config: undefined, xml: undefined };
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

  /**
   * @param {string | null} document
   * @param {Certificates} certificates
   */
  simulate(document, certificates) {
    return this.#oss.simulate(document, { certificates: kinds(certificates) });
  }

  /**
   * @param {string | null} before
   * @param {string | null} after
   * @param {Certificates} certificates
   */
  diff(before, after, certificates) {
    return this.#oss.diff(before, after, { certificates: kinds(certificates) });
  }

  /**
   * How a document stands to all profiles, and to the presets.
   *
   * @param {string} document
   */
  profiles(document) {
    return this.#oss.validate(document, { profiles: "all" });
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
}

/**
 * @param {Certificates} certificates
 * @returns {import("ossconf").CertificateKind[]}
 */
function kinds(certificates) {
  return certificates === "both" ? ["rsa", "ecdsa"] : [certificates];
}

/**
 * A report for a text that is not even validated, or that is too large when it is written.
 *
 * @param {unknown} error
 * @returns {Report}
 */
function refusal(error) {
  const { message, hint } = /** @type {import("ossconf").OssConfError} */ (error);
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
