/**
 * What stands around the parts: the head of the page, messages, the buttons of the editor.
 *
 * @module
 */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { fits } from "./address.js";
import { valueOf } from "./form.js";
import { endedAs } from "./lines.js";

/** @typedef {import("./app.js").App} App */

const languages = /** @type {const} */ ({ en: "English", zh: "中文" });

/** @param {App} app */
export function header(app) {
  const { t, model } = app;
  const { lang, theme } = model.state;
  const set = (/** @type {string} */ name) => (/** @type {Event} */ event) =>
    model.configure({ [name]: valueOf(event) });
  return html`<header>
    <a
      class="skip"
      href="#document"
      @click=${(/** @type {Event} */ event) => {
        event.preventDefault(); // the fragment is the state
        app.editor?.focus();
      }}
      >${t.skip}</a
    >
    <div>
      <h1>${t.title}</h1>
      <p>${t.lead}</p>
    </div>
    <div class="row settings">
      <label>
        <span class="unseen">${t.language}</span>
        <select id="language" .value=${live(lang)} @change=${set("lang")}>
          ${Object.entries(languages).map(
            ([value, name]) => html`<option value=${value} lang=${value} ?selected=${value === lang}>${name}</option>`,
          )}
        </select>
      </label>
      <label>
        <span class="unseen">${t.theme}</span>
        <select id="theme" .value=${live(theme)} @change=${set("theme")}>
          ${Object.entries(t.themes).map(
            ([value, name]) => html`<option value=${value} ?selected=${value === theme}>${name}</option>`,
          )}
        </select>
      </label>
      <button type="button" id="share" @click=${() => share(app)}>${t.share}</button>
    </div>
  </header>`;
}

/** Copies the address of what the page shows now. @param {App} app */
function share(app) {
  if (fits(app.model.text)) {
    app.copy(app.trail.hash.then((hash) => new URL(hash, location.href).href));
  } else {
    app.show({ notices: [{ text: app.t.noLink, bad: true }] });
  }
}

/** @param {App} app */
export function notices(app) {
  const { t, ui } = app;
  return html`<div id="notices" role="status">
    ${ui.notices.map(
      (notice) =>
        html`<p class="notice ${notice.bad ? "bad" : ""}">
          ${notice.text}
          <button
            type="button"
            class="link"
            @click=${() => app.show({ notices: ui.notices.filter((it) => it !== notice) })}
          >
            ${t.dismiss}
          </button>
        </p>`,
    )}
  </div>`;
}

/** @param {App} app */
export function toolbar(app) {
  const { t, model } = app;
  const isJSON = /^\s*\{/.test(model.text);
  const { xml } = model.understanding;
  return html`<div class="row wrap toolbar">
      <h2 id="document-title">${t.editor}</h2>
      <button type="button" id="undo" ?disabled=${!model.canUndo} @click=${() => model.undo()}>${t.undo}</button>
      <button type="button" id="redo" ?disabled=${!model.canRedo} @click=${() => model.redo()}>${t.redo}</button>
      <label class="button">
        ${t.open}
        <input
          type="file"
          id="file"
          class="hidden"
          accept=".xml,.json,.txt,text/*,application/json,application/xml"
          @change=${(/** @type {Event} */ event) => {
            const input = /** @type {HTMLInputElement} */ (event.target);
            const [file] = input.files ?? [];
            if (file) {
              app.open(file);
            }
            input.value = ""; // the same file can be opened again
          }}
        />
      </label>
    </div>
    ${
      isJSON && xml !== undefined
        ? html`<p class="notice">
            ${t.isJSON}
            <button type="button" id="to-xml" @click=${() => model.edit(endedAs(model.text, xml))}>${t.toXML}</button>
          </p>`
        : nothing
    }`;
}
