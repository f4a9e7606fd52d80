/**
 * The suites to choose from.
 *
 * @module
 */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { suiteReasons } from "./reasons.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("ossconf").CatalogSuite} Suite
 * @typedef {keyof import("./texts/index.js").Texts["suiteGroups"]} Group
 */

/** @type {readonly Group[]} */
const groups = ["unknown", "tls13", "recommended", "secure", "weak", "insecure"];

/**
 * @param {App} app
 * @param {import("ossconf").Config} config
 */
export function suiteList(app, config) {
  const { t, core, ui } = app;
  const { CustomCipherSuite = [], TLS13CustomCipherSuite = [] } = config.CipherSuite ?? {};
  const chosen = new Set([...CustomCipherSuite, ...TLS13CustomCipherSuite]);
  const unknown = [...chosen].filter((name) => !core.suites.has(name));
  const wanted = ui.search.toUpperCase().split(/\s+/).filter(Boolean);
  const matches = (/** @type {Suite | { openssl: string }} */ suite) => {
    const text = wanted.length > 0 ? searchText(app, suite).toUpperCase() : "";
    return wanted.every((word) => text.includes(word));
  };
  const lists = groups.map((group) => {
    const all =
      group === "unknown"
        ? unknown.map((openssl) => ({ openssl }))
        : core.catalog.cipher_suites.filter((it) => groupOf(it) === group);
    const found = all.filter((suite) => (ui.onlyChosen?.has(suite.openssl) ?? true) && matches(suite));
    return { group, all, found };
  });
  const narrowed = wanted.length > 0 || ui.onlyChosen !== undefined;
  const shown = lists.filter(({ found }) => found.length > 0);
  return html`<div class="suites">
    <div class="field">
      <label for="suite-search">${t.suiteSearch}</label>
      <input
        type="search"
        id="suite-search"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="suite-search-hint"
        .value=${live(ui.search)}
        @input=${(/** @type {InputEvent} */ event) =>
          app.show({ search: /** @type {HTMLInputElement} */ (event.target).value })}
      />
      <p class="hint" id="suite-search-hint">${t.suiteSearchHint}</p>
      <label class="check">
        <input
          type="checkbox"
          id="only-chosen"
          .checked=${live(ui.onlyChosen !== undefined)}
          @change=${() => app.show({ onlyChosen: ui.onlyChosen ? undefined : chosen })}
        />
        <span>${t.onlyChosen} <span class="count">${chosen.size}</span></span>
      </label>
    </div>
    <div class="groups" tabindex="0" role="region" aria-label=${t.suiteList}>
      ${shown.map(({ group, all, found }) => {
        const picked = all.filter(({ openssl }) => chosen.has(openssl)).length;
        const open = narrowed || (ui.openGroups.get(group) ?? (picked > 0 || group === "recommended"));
        return html`<details
          class="group"
          data-group=${group}
          .open=${live(open)}
          @toggle=${(/** @type {ToggleEvent} */ event) => {
            const now = /** @type {HTMLDetailsElement} */ (event.target).open;
            if (now !== open) {
              ui.openGroups.set(group, now);
              app.draw();
            }
          }}
        >
          <summary>${t.suiteGroups[group]} <span class="count">${t.chosenOf(picked, all.length)}</span></summary>
          <ul>
            ${open ? found.map((suite) => suiteItem(app, suite, chosen.has(suite.openssl))) : nothing}
          </ul>
        </details>`;
      })}
      ${shown.length === 0 ? html`<p class="hint">${t.noSuite}</p>` : nothing}
    </div>
  </div>`;
}

/**
 * @param {App} app
 * @param {Suite | { openssl: string }} suite
 * @param {boolean} checked
 */
function suiteItem(app, suite, checked) {
  const { t } = app;
  const about =
    "level" in suite
      ? html`<span class="level ${suite.level}">${t.levels[suite.level]}</span>
          <span class="about"
            >${[...suiteReasons(app, suite), t.certificate(suite.authentication)].join(t.between)}</span
          >`
      : nothing;
  return html`<li>
    <label class="check">
      <input
        type="checkbox"
        value=${suite.openssl}
        .checked=${live(checked)}
        @change=${() => app.choices.toggleSuite(suite.openssl, "level" in suite && isTLS13(suite))}
      />
      <span><code>${suite.openssl}</code> ${about}</span>
    </label>
  </li>`;
}

/** @param {Suite} suite */
export function isTLS13(suite) {
  return suite.key_exchange === "any";
}

/**
 * @param {Suite} suite
 * @returns {Group}
 */
function groupOf(suite) {
  return isTLS13(suite) ? "tls13" : suite.level;
}

/**
 * @param {App} app
 * @param {Suite | { openssl: string }} suite
 */
function searchText(app, suite) {
  if (!("level" in suite)) {
    return suite.openssl;
  }
  const { id, openssl, name, level, reasons, authentication, key_exchange } = suite;
  const seen = [app.t.levels[level], ...suiteReasons(app, suite)];
  return [id, openssl, name, level, authentication, key_exchange, ...reasons, ...seen].join(" ");
}
