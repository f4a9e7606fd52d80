/**
 * Signing with an access key, for whoever wants it.
 *
 * @module
 */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";

/** @typedef {import("./app.js").App} App */

/** How long a secret is remembered, in milliseconds. */
const MEMORY = 10 * 60_000;

/**
 * A secret in memory.
 *
 * @template T
 */
export class Vault {
  /** How often the secret was forgotten: what was begun with it before is not to bring it back. */
  times = 0;
  /** @type {T | undefined} */
  #key;
  #until = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #forgotten;

  /** @param {() => void} forgotten is called when the secret is no longer there */
  constructor(forgotten) {
    this.#forgotten = forgotten;
  }

  /** The secret, to be used at once and not kept. Timers sleep with the machine, so the clock is asked, too. */
  get key() {
    if (this.#key !== undefined && Date.now() >= this.#until) {
      this.forget();
    }
    return this.#key;
  }

  /** @param {T} key */
  remember(key) {
    clearTimeout(this.#timer);
    this.#key = key;
    this.#until = Date.now() + MEMORY;
    this.#timer = setTimeout(() => this.forget(), MEMORY);
  }

  forget() {
    clearTimeout(this.#timer);
    this.#key = undefined;
    this.times++;
    this.#forgotten();
  }
}

/** @param {App} app */
export function signing(app) {
  const { t, model, ui, vault } = app;
  return html`<section class="signing" aria-labelledby="sign-title">
    <h2 id="sign-title">${t.sign}</h2>
    <p class="hint">${t.signHint}</p>
    ${summary(app)}
    <form
      novalidate
      autocomplete="off"
      @submit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        app.sign(/** @type {HTMLFormElement} */ (event.target));
      }}
    >
      <div class="fields">
        ${text(app, "bucket", t.bucket, "", model.state.bucket)}
        ${text(app, "region", t.region, t.regionHint, model.state.region)}
      </div>
      ${
        vault.key
          ? html`<p>${t.remembered(vault.key.access_key_id)}</p>`
          : html`<div class="fields">
              ${secret(app, "access_key_id", t.keyID, "", "text")}
              ${secret(app, "access_key_secret", t.keySecret, "", "password")}
              ${secret(app, "security_token", t.token, t.tokenHint, "password")}
            </div>`
      }
      <div class="row">
        <button class="primary" id="sign">${t.signNow}</button>
        ${
          vault.key
            ? html`<button type="button" id="forget" @click=${() => vault.forget()}>${t.forget}</button>`
            : nothing
        }
      </div>
    </form>
    ${
      ui.signed
        ? html`<div class="signed">
            ${block("canonical-request", t.canonicalRequest, ui.signed.canonical_request)}
            ${block("string-to-sign", t.stringToSign, ui.signed.string_to_sign)}
            ${block("signed-headers", t.headers, ui.signed.headers.map(([name, value]) => `${name}: ${value}`).join("\n"))}
          </div>`
        : nothing
    }
    <p class="hint">${t.sendNote}</p>
  </section>`;
}

/** What has to be put right, with links to where. @param {App} app */
function summary({ t, ui }) {
  if (ui.problems.length === 0) {
    return nothing;
  }
  return html`<div
    class="notice bad"
    id="error-summary"
    role="alert"
    tabindex="-1"
    aria-labelledby="error-summary-title"
  >
    <h3 id="error-summary-title">${t.summaryTitle}</h3>
    <ul>
      ${ui.problems.map(
        ({ field, text }) =>
          html`<li>
            <a
              href="#${field}"
              @click=${(/** @type {Event} */ event) => {
                event.preventDefault(); // the fragment is the state
                document.getElementById(field)?.focus();
              }}
              >${text}</a
            >
          </li>`,
      )}
    </ul>
  </div>`;
}

/**
 * @param {App} app
 * @param {"bucket" | "region"} name
 * @param {string} label
 * @param {string} hint
 * @param {string} value
 */
function text(app, name, label, hint, value) {
  return field(
    app,
    name,
    label,
    hint,
    html`<input
      id=${name}
      name=${name}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      aria-invalid=${app.hasProblem(name)}
      aria-describedby=${described(app, name, hint)}
      .value=${live(value)}
      @input=${(/** @type {InputEvent} */ event) => app.name(name, /** @type {HTMLInputElement} */ (event.target).value)}
    />`,
  );
}

/**
 * A field whose value never gets into the model.
 *
 * @param {App} app
 * @param {"access_key_id" | "access_key_secret" | "security_token"} name
 * @param {string} label
 * @param {string} hint
 * @param {"text" | "password"} type
 */
function secret(app, name, label, hint, type) {
  return field(
    app,
    name,
    label,
    hint,
    html`<input
      id=${name}
      name=${name}
      type=${type}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      aria-invalid=${app.hasProblem(name)}
      aria-describedby=${described(app, name, hint)}
    />`,
  );
}

/**
 * @param {App} app
 * @param {string} name
 * @param {string} hint
 */
function described(app, name, hint) {
  const ids = [hint && `${name}-hint`, app.hasProblem(name) && `${name}-problem`].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : nothing;
}

/**
 * @param {App} app
 * @param {string} name
 * @param {string} label
 * @param {string} hint
 * @param {unknown} input
 */
function field(app, name, label, hint, input) {
  const problem = app.ui.problems.find((it) => it.field === name);
  return html`<div class="field">
    <label for=${name}>${label}</label>
    ${input} ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : nothing}
    ${problem ? html`<p class="problem" id="${name}-problem">${problem.text}</p>` : nothing}
  </div>`;
}

/**
 * @param {string} id
 * @param {string} title
 * @param {string} text
 */
function block(id, title, text) {
  return html`<h3 id="${id}-title">${title}</h3>
    <pre id=${id} tabindex="0" aria-labelledby="${id}-title"><code>${text}</code></pre>`;
}
