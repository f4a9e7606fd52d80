/**
 * The clients, and what the document changes for them.
 *
 * @module
 */

import { html, nothing } from "lit-html";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("./types.d.ts").ClientOutcome} ClientOutcome
 * @typedef {"lost" | "gained" | "unknown" | "changed" | "same"} Change
 */

/** What changes comes first. @type {readonly Change[]} */
const order = ["lost", "gained", "unknown", "changed", "same"];

/** @param {App} app */
export function clients(app) {
  const { t, core, model } = app;
  const { simulation, before, diff } = app.analysis;
  return html`<section class="clients" aria-labelledby="clients-title">
    <h2 id="clients-title">${t.clients}</h2>
    <p class="hint" id="clients-hint">${t.clientsHint}</p>
    ${
      !core.has("simulate")
        ? html`<p class="notice">${t.moduleLacks}</p>`
        : simulation && before && diff
          ? [
              html`<p class="summary" aria-live="polite">
                <strong>${t.summary(simulation)}</strong>
                <span class="lost">${t.lostGained(diff.clients.lost.length, diff.clients.gained.length)}</span>
              </p>`,
              baseline(app),
              table(app, simulation, before, diff),
            ]
          : [
              html`<p class="notice">${t.noSimulation}</p>`,
              model.state.baseline.text === null ? nothing : baseline(app),
            ]
    }
  </section>`;
}

/** @param {App} app */
function baseline({ t, model, ui, show }) {
  const { kind, text } = model.state.baseline;
  return html`<div class="row wrap">
    <p>${t.comparedWith}: <strong>${t.baselines[kind]}</strong></p>
    <button
      type="button"
      @click=${() => model.configure({ baseline: { kind: "kept", text: model.text } }, "step")}
      ?disabled=${!model.understanding.config || text === model.text}
    >
      ${t.keep}
    </button>
    ${
      kind === "never"
        ? nothing
        : html`<button
            type="button"
            @click=${() => model.configure({ baseline: { kind: "never", text: null } }, "step")}
          >
            ${t.never}
          </button>`
    }
    <label class="check">
      <input
        type="checkbox"
        id="only-changes"
        .checked=${ui.onlyChanges}
        @change=${() => show({ onlyChanges: !ui.onlyChanges })}
      />
      <span>${t.onlyChanges}</span>
    </label>
  </div>`;
}

/**
 * @param {App} app
 * @param {import("./types.d.ts").Simulation} simulation
 * @param {import("./types.d.ts").Simulation} before
 * @param {import("./types.d.ts").Diff} diff
 */
function table({ t, core, ui }, simulation, before, diff) {
  /** @type {Map<string, Change>} */
  const changes = new Map();
  for (const kind of /** @type {const} */ (["lost", "gained", "unknown", "changed"])) {
    for (const { name } of diff.clients[kind]) {
      changes.set(name, kind);
    }
  }
  const rows = simulation.clients
    .map((after, i) => ({ after, was: before.clients[i], change: changes.get(after.name) ?? "same" }))
    .filter(({ change }) => !ui.onlyChanges || change !== "same")
    .sort((a, b) => order.indexOf(a.change) - order.indexOf(b.change));
  const imitated = new Set(core.catalog.clients?.filter((it) => it.imitated).map(({ name }) => name));
  if (rows.length === 0) {
    return html`<p class="notice">${t.noClients}</p>`;
  }
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="clients-hint">
    <table class="matrix">
      <thead>
        <tr>
          <th scope="col">${t.client}</th>
          <th scope="col">${t.now}</th>
          <th scope="col">${t.before}</th>
          <th scope="col">${t.change}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ after, was, change }) =>
            html`<tr class=${change}>
              <th scope="row">
                ${after.name} ${imitated.has(after.name) ? html`<span class="meta">${t.imitated}</span>` : nothing}
              </th>
              <td data-label=${t.now}>${outcome(t, after)}</td>
              <td data-label=${t.before}>${was ? outcome(t, was) : nothing}</td>
              <td data-label=${t.change} class="change">${t.changes[change]}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/**
 * @param {import("./texts/index.js").Texts} t
 * @param {ClientOutcome} it
 */
function outcome(t, it) {
  const how = it.outcome === "connects" ? [it.tls_version, it.cipher_suite].filter(Boolean).join(" ") : it.reason;
  return html`<span class="outcome ${it.outcome}">${t.outcomes[it.outcome]}</span>
    ${how ? html`<span class="how" lang="en">${how}</span>` : nothing}
    ${it.evidence === "assumed" ? html`<span class="meta">· ${t.evidence.assumed}</span>` : nothing}`;
}
