/**
 * What is chosen in the form: a configuration as a whole, or suites.
 *
 * @module
 */

/** @typedef {import("ossconf").Config} Config */

export class Choices {
  #core;
  #model;
  /** The custom suites before another choice. @type {Config["CipherSuite"]} */
  #custom;

  /**
   * @param {import("./core.js").Core} core
   * @param {import("./model.js").Model} model
   */
  constructor(core, model) {
    this.#core = core;
    this.#model = model;
    let { text } = model;
    model.subscribe((kind) => {
      if (kind !== "form" && model.text !== text) {
        this.#custom = undefined; // they were chosen for what may be another document
      }
      ({ text } = model);
    });
  }

  /** Puts a configuration in place of the present one. @param {Config} config */
  replace(config) {
    const { understanding } = this.#model;
    if (understanding.config) {
      this.#model.change((next) => {
        for (const name of /** @type {const} */ (["TLS", "CipherSuite"])) {
          const unknown = next[name]?.["#unknown"];
          delete next[name];
          if (config[name] || unknown) {
            Object.assign(next, { [name]: { ...config[name], ...(unknown && { "#unknown": unknown }) } });
          }
        }
      });
    } else {
      this.#model.edit(this.#core.encode(config));
    }
  }

  /** @param {import("./form.js").Mode} mode */
  setSuites(mode) {
    this.#model.change((next) => {
      const { CustomCipherSuite, TLS13CustomCipherSuite, "#unknown": unknown } = next.CipherSuite ?? {};
      if (CustomCipherSuite || TLS13CustomCipherSuite) {
        this.#custom = {
          ...(CustomCipherSuite && { CustomCipherSuite }),
          ...(TLS13CustomCipherSuite && { TLS13CustomCipherSuite }),
        };
      }
      const kept = unknown && { "#unknown": unknown };
      if (mode === "all" && !unknown) {
        delete next.CipherSuite;
      } else if (mode === "all") {
        next.CipherSuite = { Enable: false, ...kept };
      } else if (mode === "strong") {
        next.CipherSuite = { Enable: true, StrongCipherSuite: true, ...kept };
      } else {
        next.CipherSuite = {
          Enable: true,
          StrongCipherSuite: false,
          ...(this.#custom ?? this.#recommended()),
          ...kept,
        };
      }
    });
  }

  /** The suites to begin a choice with. @returns {Config["CipherSuite"]} */
  #recommended() {
    const good = this.#core.catalog.cipher_suites.filter(({ level }) => level === "recommended");
    const names = (/** @type {boolean} */ tls13) =>
      good.filter((it) => (it.key_exchange === "any") === tls13).map(({ openssl }) => openssl);
    return { CustomCipherSuite: names(false), TLS13CustomCipherSuite: names(true) };
  }

  /**
   * @param {string} name
   * @param {boolean} tls13
   */
  toggleSuite(name, tls13) {
    this.#model.change((next) => {
      const suites = (next.CipherSuite ??= {});
      const lists = /** @type {const} */ (["CustomCipherSuite", "TLS13CustomCipherSuite"]);
      const there = lists.filter((list) => suites[list]?.includes(name));
      for (const list of there) {
        suites[list] = suites[list]?.filter((it) => it !== name) ?? [];
      }
      if (there.length === 0) {
        const list = lists[tls13 ? 1 : 0] ?? "CustomCipherSuite";
        suites[list] = [...(suites[list] ?? []), name];
      }
    });
  }
}
