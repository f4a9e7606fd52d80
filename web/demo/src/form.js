/**
 * The form: presets, certificates, TLS versions, suites.
 *
 * @module
 */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { suiteList } from "./suites.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("ossconf").Config} Config
 * @typedef {"all" | "strong" | "custom"} Mode
 */

/** @param {App} app */
export function form(app) {
  const { t, model } = app;
  const { config } = model.understanding;
  return html`<section class="form" aria-labelledby="form-title">
    <h2 id="form-title">${t.form}</h2>
    ${presets(app)} ${config ? nothing : html`<p class="notice warning" id="form-waits">${t.unreadable}</p>`}
    ${versions(app, config)} ${suites(app, config)} ${certificates(app)}
  </section>`;
}

/** @param {App} app */
function presets(app) {
  const { t, core, ui } = app;
  const list = core.catalog.presets;
  const chosen = list.find(({ name }) => name === ui.preset);
  return html`<div class="field">
    <label for="preset">${t.preset}</label>
    <div class="row">
      <select
        id="preset"
        .value=${live(ui.preset)}
        @change=${(/** @type {Event} */ event) => app.show({ preset: valueOf(event) })}
      >
        <option value="">${t.presetNone}</option>
        ${list.map(({ name, title }) => html`<option value=${name}>${title}</option>`)}
      </select>
      <button type="button" ?disabled=${!chosen} @click=${() => chosen && app.choices.replace(chosen.config)}>
        ${t.apply}
      </button>
    </div>
    ${
      chosen &&
      html`<details class="hint">
        <summary>${t.presetLost}</summary>
        <ul lang="en">
          ${chosen.lost.map((it) => html`<li>${it}</li>`)}
        </ul>
        <p>${t.source}: <span lang="en">${chosen.source}</span></p>
      </details>`
    }
  </div>`;
}

/**
 * @param {App} app
 * @param {Config | undefined} config
 */
function versions(app, config) {
  const { t, core, model } = app;
  const enabled = config?.TLS?.Enable === true;
  const listed = config?.TLS?.TLSVersion ?? [];
  const order = core.catalog.tls_versions.map(({ name }) => name);
  const toggle = (/** @type {import("ossconf").TLSVersion} */ name) => () =>
    model.change((next) => {
      const tls = (next.TLS ??= {});
      const rest = (tls.TLSVersion ?? []).filter((it) => it !== name);
      tls.TLSVersion = listed.includes(name) ? rest : inserted(rest, name, order);
    });
  return html`<fieldset id="versions" ?disabled=${!config}>
    <legend>${t.versions}</legend>
    <label class="check">
      <input
        type="checkbox"
        id="versions-enable"
        .checked=${live(enabled)}
        @change=${() =>
          model.change((next) => {
            next.TLS = { ...next.TLS, Enable: !enabled };
            if (!enabled && listed.length === 0) {
              next.TLS.TLSVersion = ["TLSv1.2", "TLSv1.3"];
            }
          })}
      />
      <span>${t.versionsEnable}</span>
    </label>
    <div class="versions">
      ${order.map(
        (name) =>
          html`<label class="check">
            <input
              type="checkbox"
              value=${name}
              .checked=${live(listed.includes(name))}
              ?disabled=${!enabled}
              @change=${toggle(name)}
            />
            <span>${name.replace("TLSv", "TLS ")}</span>
          </label>`,
      )}
    </div>
    ${config && !enabled ? html`<p class="hint">${t.versionsOff}</p>` : nothing}
  </fieldset>`;
}

/**
 * Returns the list with the name at its place in an order.
 *
 * @template {string} T
 * @param {T[]} list
 * @param {T} name
 * @param {readonly string[]} order
 */
function inserted(list, name, order) {
  const at = list.findIndex((it) => order.indexOf(it) > order.indexOf(name));
  return at < 0 ? [...list, name] : list.toSpliced(at, 0, name);
}

/**
 * @param {Config} config
 * @returns {Mode}
 */
function modeOf({ CipherSuite: suites }) {
  return !suites?.Enable ? "all" : suites.StrongCipherSuite ? "strong" : "custom";
}

/**
 * @param {App} app
 * @param {Config | undefined} config
 */
function suites(app, config) {
  const { t } = app;
  const mode = config && modeOf(config);
  return html`<fieldset id="suites" ?disabled=${!config}>
    <legend>${t.suites}</legend>
    ${
      /** @type {Mode[]} */ (["all", "strong", "custom"]).map(
        (it) =>
          html`<label class="check">
            <input
              type="radio"
              name="suites"
              value=${it}
              .checked=${live(it === mode)}
              @change=${() => app.choices.setSuites(it)}
            />
            <span>${t.suiteModes[it]}</span>
          </label>`,
      )
    }
    ${config && mode === "custom" ? suiteList(app, config) : nothing}
  </fieldset>`;
}

/** @param {App} app */
function certificates({ t, model }) {
  return html`<fieldset id="certificates">
    <legend>${t.certificates}</legend>
    <div class="versions">
      ${
        /** @type {const} */ (["both", "rsa", "ecdsa"]).map(
          (kind) =>
            html`<label class="check">
              <input
                type="radio"
                name="certificates"
                value=${kind}
                .checked=${live(model.state.certificates === kind)}
                @change=${() => model.configure({ certificates: kind })}
              />
              <span>${t.certificateKinds[kind]}</span>
            </label>`,
        )
      }
    </div>
    <p class="hint">${t.certificatesHint}</p>
  </fieldset>`;
}

/** @param {Event} event */
export function valueOf(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
}
