/**
 * The panel for sending through an edge worker.
 *
 * @module
 */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { valueOf } from "./form.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("./texts/index.js").Texts["edge"]} Texts
 */

/** @param {App} app */
export function edgePanel(app) {
  const { desk, model } = app;
  const { known } = desk;
  const t = app.t.edge;
  return html`<p class="hint">${t.hint}</p>
    <form
      novalidate
      autocomplete="off"
      @submit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        desk.load();
      }}
    >
      <div class="fields">
        ${text("edge-bucket", app.t.bucket, nothing, desk.bucket, (bucket) => desk.aim({ bucket }))}
        ${text("edge-endpoint", t.endpoint, t.endpointHint, desk.endpoint, (endpoint) => desk.aim({ endpoint }))}
        ${desk.vault.key === undefined ? token(app) : nothing}
      </div>
      ${
        desk.vault.key === undefined
          ? nothing
          : html`<p>
              ${t.remembered}
              <button type="button" id="edge-forget" @click=${() => desk.vault.forget()}>${t.forget}</button>
            </p>`
      }
      <div class="row wrap">
        <button id="edge-load" ?disabled=${known.busy}>${t.load}</button>
        <button
          type="button"
          id="edge-save"
          ?disabled=${known.busy || model.understanding.xml === undefined}
          @click=${() => desk.save()}
        >
          ${t.save}
        </button>
      </div>
    </form>
    ${outcome(app)} ${known.conflict ? conflict(app, known.conflict) : nothing}`;
}

/**
 * @param {string} id
 * @param {string} label
 * @param {string | typeof nothing} hint
 * @param {string} value
 * @param {(value: string) => void} take
 */
function text(id, label, hint, value, take) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      aria-describedby=${hint === nothing ? nothing : `${id}-hint`}
      .value=${live(value)}
      @input=${(/** @type {Event} */ event) => take(valueOf(event))}
    />
    ${hint === nothing ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`;
}

/** The field of the token, whose value never gets into the model. @param {App} app */
function token({ desk, t: { edge: t } }) {
  const { needsToken } = desk.known;
  return html`<div class="field">
    <label for="edge-token">${t.token}</label>
    <input
      id="edge-token"
      type="password"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      aria-invalid=${needsToken}
      aria-describedby=${needsToken ? "edge-token-hint edge-token-problem" : "edge-token-hint"}
    />
    <p class="hint" id="edge-token-hint">${desk.given ? t.tokenGiven : t.tokenHint}</p>
    ${needsToken ? html`<p class="problem" id="edge-token-problem">${t.needToken}</p>` : nothing}
  </div>`;
}

/** What was answered last. @param {App} app */
function outcome({ desk, t: { edge: t, working } }) {
  const { busy, problem, done } = desk.known;
  const kind = problem && !problem.nothingStored ? "bad" : done && goodAs(done.answer) ? "good" : "";
  return html`<div id="edge-message" role="status" class=${problem || done ? `notice ${kind}` : ""}>
      ${busy ? html`<p>${working}</p>` : nothing} ${problem ? failure(t, problem) : nothing}
      ${
        done
          ? html`<p>${t[done.act]}</p>
              ${done.answer.as_sent === false ? html`<p>${t.notAsSent}</p>` : nothing}
              ${done.answer.acknowledged === false ? html`<p>${t.notAcknowledged}</p>` : nothing}
              ${done.answer.request_id ? html`<p class="meta">${t.requestID(done.answer.request_id)}</p>` : nothing}`
          : nothing
      }
    </div>
    ${
      done?.act === "saved"
        ? html`<pre id="edge-stored" tabindex="0" aria-label=${t.stored}><code>${done.xml}</code></pre>`
        : nothing
    }`;
}

/** @param {import("./edge.js").Answer} answer */
function goodAs({ as_sent: asSent = true, acknowledged = true }) {
  return asSent && acknowledged;
}

/**
 * @param {Texts} t
 * @param {import("./edge.js").EdgeError} problem
 */
function failure(t, problem) {
  const { kind, fault, status, log } = problem;
  if (!fault) {
    const { cause } = problem;
    return html`<p>${kind === "absent" ? t.absent(status) : t[kind === "refused" ? "unreachable" : kind]}</p>
      ${cause instanceof Error ? html`<p class="meta" lang="en">${cause.message}</p>` : nothing}`;
  }
  const { code, message, hint, service } = fault;
  const said = [service?.status, service?.code, service?.message, service?.ec && `EC ${service.ec}`].filter(Boolean);
  return html`<p>${problem.nothingStored ? t.nothingStored : t.refused(code)}</p>
    <p lang="en">${message}${hint ? html` <span class="meta">${hint}</span>` : nothing}</p>
    ${service ? html`<p class="meta">${t.service} <span lang="en">${said.join(" ")}</span></p>` : nothing}
    ${service?.request_id ? html`<p class="meta">${t.requestID(service.request_id)}</p>` : nothing}
    ${log ? html`<p class="meta">${t.log(log)}</p>` : nothing}`;
}

/**
 * @param {App} app
 * @param {import("./desk.js").Conflict} stored
 */
function conflict(app, { etag, xml }) {
  const { desk, model } = app;
  const t = app.t.edge;
  const overwrite = html`<button
    type="button"
    id="edge-overwrite"
    ?disabled=${desk.known.busy || model.understanding.xml === undefined}
    @click=${() => desk.overwrite()}
  >
    ${etag ? t.overwrite : t.storeAgain}
  </button>`;
  if (!etag) {
    return html`<div id="edge-conflict">
      <p>${t.gone}</p>
      <div class="row wrap">${overwrite}</div>
    </div>`;
  }
  return html`<div id="edge-conflict">
    <p>${t.conflict}</p>
    <pre id="edge-stored" tabindex="0" aria-label=${t.stored}><code>${xml}</code></pre>
    <div class="row wrap">
      <button type="button" id="edge-compare" @click=${() => desk.compare()}>${t.compare}</button>
      <button type="button" id="edge-take" @click=${() => desk.takeStored()}>${t.take}</button>
      ${overwrite}
    </div>
    ${desk.known.comparing ? differences(app, xml) : nothing}
  </div>`;
}

/**
 * What the document changes of what is stored.
 *
 * @param {App} app
 * @param {string} stored
 */
function differences({ core, model, t: { edge: t } }, stored) {
  const { xml } = model.understanding;
  if (xml === undefined) {
    return nothing;
  }
  const { document } = core.diff(stored, xml, model.state.certificates);
  const name = (/** @type {string} */ path) => path.split("/").slice(2).join("/") || path;
  const lines = [
    ...document.switches.map(({ path, before, after }) => `${name(path)}: ${before} → ${after}`),
    ...[...document.lists, ...document.unknown].flatMap(({ path, added, removed, reordered }) => [
      ...removed.map((it) => `${name(path)}: − ${it}`),
      ...added.map((it) => `${name(path)}: + ${it}`),
      ...(reordered ? [`${name(path)}: ${t.reordered}`] : []),
    ]),
  ];
  return html`<p>${lines.length > 0 ? t.differs : t.same}</p>
    <ul id="edge-differences" lang="en">
      ${lines.map((line) => html`<li><code>${line}</code></li>`)}
    </ul>`;
}
