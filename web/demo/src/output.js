/**
 * The configuration in the forms that other tools take.
 *
 * @module
 */

import { html, nothing } from "lit-html";

import { example, snippets } from "./snippets.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {keyof typeof snippets} Tab
 */

const tabs = /** @type {Tab[]} */ (Object.keys(snippets));

/** @param {App} app */
export function output(app) {
  const { t, model } = app;
  const current = /** @type {Tab} */ (model.state.tab);
  const select = (/** @type {Tab} */ tab) => model.configure({ tab });
  const move = (/** @type {KeyboardEvent} */ event) => {
    const at = tabs.indexOf(current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (tab) {
      event.preventDefault();
      select(tab);
      app.focus(`tab-${tab}`);
    }
  };
  return html`<section class="output" aria-labelledby="output-title">
    <h2 id="output-title">${t.output}</h2>
    <div role="tablist" aria-labelledby="output-title" @keydown=${move}>
      ${tabs.map(
        (tab) =>
          html`<button
            type="button"
            role="tab"
            id="tab-${tab}"
            aria-controls="output-panel"
            aria-selected=${tab === current}
            tabindex=${tab === current ? 0 : -1}
            @click=${() => select(tab)}
          >
            ${t.tabs[tab]}
          </button>`,
      )}
    </div>
    <div role="tabpanel" id="output-panel" aria-labelledby="tab-${current}">${panel(app, current)}</div>
  </section>`;
}

/**
 * @param {App} app
 * @param {Tab} tab
 */
function panel(app, tab) {
  const { t, model, ui } = app;
  const { config, xml, report } = model.understanding;
  if (!config || xml === undefined) {
    return html`<p class="notice warning">${t.noOutput}</p>`;
  }
  const bucket = model.state.bucket || example.bucket;
  const region = model.state.region || example.region;
  const snippet = snippets[tab]({ config, xml, bucket, region, signed: ui.signed });
  return html`${report.valid ? nothing : html`<p class="notice warning">${t.outputErrors}</p>`}
    ${snippet.complete ? nothing : html`<p class="notice warning">${t.outputUnknown}</p>`}
    ${tab === "curl" ? html`<p class="hint">${ui.signed ? t.outputSecret : t.outputUnsigned}</p>` : nothing}
    <div class="row">
      <button type="button" id="copy" @click=${() => app.copy(snippet.text)}>${t.copy}</button>
      <button type="button" id="download" @click=${() => app.download(snippet.text, snippet.file)}>
        ${t.download}
      </button>
    </div>
    <pre tabindex="0" id="output-text" aria-label=${t.tabs[tab]}><code>${snippet.text}</code></pre>`;
}
