/**
 * The clients, and what the document changes for them.
 *
 * @module
 */

import { html, nothing } from "lit-html";

import { rowsOf } from "./families.js";
import { original } from "./original.js";
import { nameOf, reasonOf } from "./reasons.js";
import { changes } from "./summary.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("ossconf").Simulation} Simulation
 * @typedef {import("./families.js").Fate} Fate
 * @typedef {import("./families.js").Row} Row
 */

/** How many versions of a row are listed; the names of all can be unfolded. */
const MAX_LISTED = 4;

/** @param {App} app */
export function clients(app) {
  const { t, core, model } = app;
  const { simulation, before, diff } = app.analysis;
  return html`<section class="clients" aria-labelledby="clients-title" aria-busy=${app.analyst.stale("clients")}>
    <h2 id="clients-title" tabindex="-1">${t.clients}</h2>
    <p class="hint" id="clients-hint">
      ${t.clientsHint}
      ${core.catalog.clients.every((it) => it.tls_versions.includes("TLSv1.2")) ? t.clientsModern : nothing}
    </p>
    ${simulation && simulation.connects + simulation.unknown === 0 ? html`<p class="notice bad">${t.nobody}</p>` : nothing}
    ${
      simulation && before && diff
        ? [
            html`<p class="summary">
              <strong>${t.summary(simulation)}</strong>
              <span class="lost">${changes(app, diff)}</span>
            </p>`,
            baseline(app),
            table(
              app,
              simulation,
              before,
              rowsOf(simulation, before, diff, (name) => core.clients.get(name)?.imitated ?? false),
            ),
            legend(app, simulation),
          ]
        : [html`<p class="notice">${t.noSimulation}</p>`, model.state.baseline.text === null ? nothing : baseline(app)]
    }
  </section>`;
}

/** @param {App} app */
function baseline({ t, model, ui, show }) {
  const { kind, text } = model.state.baseline;
  return html`<div class="row wrap baseline">
    <p id="compared" tabindex="-1">${t.comparedWith}: <strong>${t.baselines[kind]}</strong></p>
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
 * @param {Simulation} simulation
 * @param {Simulation} before
 * @param {Row[]} all
 */
function table(app, simulation, before, all) {
  const { t, ui } = app;
  const rows = all.filter(({ change }) => !ui.onlyChanges || change !== "same");
  if (rows.length === 0) {
    return html`<p class="notice">${t.noClients}</p>`;
  }
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t.clientsTable}>
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
          (row) =>
            html`<tr class=${row.change}>
              <th scope="row">${who(app, row)}</th>
              <td data-label=${t.now}>${outcome(app, simulation, row.after)}</td>
              <td data-label=${t.before}>${outcome(app, before, row.was)}</td>
              <td data-label=${t.change} class="change">${t.changes[row.change]}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/**
 * The clients of a row. What is of one client alone, as its source, is unfolded.
 *
 * @param {App} app
 * @param {Row} row
 */
function who({ t, core }, { family, of, imitated, names }) {
  const versions = names.map((name) => name.slice(family.length).trim());
  const [first, last] = [versions[0], versions.at(-1)].map((it) => it?.split(" ")[0] ?? "");
  const label = names.length <= MAX_LISTED ? t.list(versions) : t.range(first ?? "", last ?? "");
  const from = names.map((name) => sourceOf(core.clients.get(name)));
  const [{ where } = { where: "" }] = from;
  const same = from.every((it) => it.where === where);
  return html`<details>
    <summary>
      <span>${family} ${label}</span>
      <span class="meta">
        ${of > 1 ? t.ofFamily(names.length, of) : nothing}${of > 1 && imitated ? " · " : nothing}${imitated ? t.imitated : nothing}
      </span>
    </summary>
    <p class="meta">
      ${imitated ? t.legends.imitated : t.legends.captured}${same ? html`: <span lang="en">${where}</span>` : nothing}
    </p>
    <ul>
      ${names.map(
        (name, i) =>
          html`<li>
            <span class="name">${name}</span>
            <span class="meta" lang="en"
              >${same ? from[i]?.what : [from[i]?.where, from[i]?.what].filter(Boolean).join(": ")}</span
            >
          </li>`,
      )}
    </ul>
  </details>`;
}

/**
 * Where the offer of a client is from, and what it is called there.
 *
 * @param {import("ossconf").Client | undefined} client
 */
function sourceOf(client) {
  const [where = "", what = ""] = client?.source.split(/: (?=\w+$)/) ?? [];
  return { where, what };
}

/**
 * @param {App} app
 * @param {Simulation} simulation
 * @param {Fate} it
 */
function outcome(app, simulation, it) {
  const { t } = app;
  const connects = it.outcome === "connects";
  const reason = connects ? "" : reasonOf(app, simulation, it);
  return html`<p>
      <span class="outcome ${it.outcome}">${t.outcomes[it.outcome]}</span>
      <span class="meta">${it.evidence === "assumed" ? t.evidence.assumed : t.evidence.documented}</span>
    </p>
    ${
      connects
        ? html`<p class="how">${nameOf(it.tls_version ?? "")} <code>${it.cipher_suite}</code></p>`
        : html`<p class="how" lang=${reason === it.reason ? "en" : nothing}>${reason}</p>
            ${reason === it.reason ? nothing : original(app, it.reason)}`
    }`;
}

/**
 * What the words of the table mean, and what the results rest on.
 *
 * @param {App} app
 * @param {Simulation} simulation
 */
function legend({ t }, { accepts, suite_preference }) {
  const evidence = (/** @type {string} */ it) => t.evidence[/** @type {keyof typeof t.evidence} */ (it)] ?? it;
  return html`<details class="legend">
    <summary>${t.legend}</summary>
    <dl>
      ${
        /** @type {const} */ (["documented", "assumed", "captured", "imitated"]).map(
          (it) =>
            html`<dt>${t.legends[it]}</dt>
              <dd>${t.legends[`${it}Is`]}</dd>`,
        )
      }
      <dt>${t.legends.preference}</dt>
      <dd>
        ${t.sentences ? t.sentences.preference : html`<span lang="en">${suite_preference.text}</span>`} ·
        ${evidence(suite_preference.evidence)}
        <span class="meta" lang="en">${suite_preference.source}</span>
      </dd>
      <dt>${t.legends.accepts}</dt>
      ${accepts.basis.map(
        (it) =>
          html`<dd>
            <code>${it.element}</code>: <span lang="en">${it.text}</span> · ${evidence(it.evidence)}
            <span class="meta" lang="en">${it.source}</span>
          </dd>`,
      )}
    </dl>
  </details>`;
}
