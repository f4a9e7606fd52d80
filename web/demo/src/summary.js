/**
 * The answer in short, which stays in view: whether OSS takes the document, who connects, what changes, and what it is near to.
 * Each part leads to where more is said.
 *
 * @module
 */

import { html, nothing } from "lit-html";

/** @typedef {import("./app.js").App} App */

/** @param {App} app */
export function summary(app) {
  const { t, analysis, analyst, model } = app;
  const { report } = model.understanding;
  const { simulation, diff } = analysis;
  const stale = analyst.stale("clients");
  const [nearest] = analysis.presets;
  return html`<nav class="glance" aria-label=${t.atAGlance}>
      <ul>
        <li class=${report.valid ? "good" : "bad"}>
          ${part(app, "findings-title", html`<b>${report.valid ? t.glance.valid : t.glance.invalid}</b>`, counts(app))}
        </li>
        ${
          simulation && diff
            ? html`<li class=${standing(simulation)} aria-busy=${stale}>
                  ${part(app, "clients-title", html`<b>${connecting(app, simulation)}</b>`, t.glance.others(simulation.fails, simulation.unknown))}
                </li>
                <li
                  class=${diff.clients.lost.length > 0 ? "bad" : diff.clients.unknown.length > 0 ? "open" : ""}
                  aria-busy=${stale}
                >
                  ${part(app, "compared", html`<b>${mattering(app, diff)}</b>`, t.glance.against[model.state.baseline.kind])}
                </li>`
            : html`<li aria-busy=${stale}>${part(app, "clients-title", html`<b>${t.glance.noClients}</b>`)}</li>`
        }
        ${
          nearest
            ? html`<li aria-busy=${analyst.stale("profiles")}>
                ${part(
                  app,
                  "profiles-title",
                  html`<b>${nearest.preset.title}</b>`,
                  nearest.distance === 0 ? t.glance.same : t.glance.nearest(nearest.distance),
                )}
              </li>`
            : nothing
        }
      </ul>
    </nav>
    <p id="said" class="unseen" role="status">${app.ui.said}</p>`;
}

/**
 * What is said to those who do not see it.
 *
 * @param {Pick<App, "t" | "model">} app
 * @param {import("./types.d.ts").Analysis} analysis
 */
export function announcement(app, { simulation, diff }) {
  const { t, model } = app;
  const { report } = model.understanding;
  const says = [report.valid ? t.glance.valid : t.glance.invalid, t.counts(report)];
  if (simulation && diff) {
    says.push(connecting(app, simulation), mattering(app, diff));
  }
  return says.join("; ");
}

/**
 * @param {App} app
 * @param {string} id of where it leads
 * @param {unknown} what
 * @param {string} [more]
 */
function part(app, id, what, more = "") {
  return html`<a
    href="#${id}"
    @click=${(/** @type {Event} */ event) => {
      event.preventDefault(); // the fragment is the state
      app.reach(id);
    }}
    >${what} <small title=${more}>${more}</small></a
  >`;
}

/** @param {import("ossconf").Simulation} simulation */
function standing({ connects, fails, unknown }) {
  if (connects + unknown === 0) {
    return "bad";
  }
  return fails + unknown > 0 ? "open" : "good";
}

/** @param {App} app */
function counts({ t, model }) {
  const { report } = model.understanding;
  return report.errors + report.warnings + report.infos > 0 ? t.counts(report) : t.noFindings;
}

/**
 * @param {Pick<App, "t">} app
 * @param {import("ossconf").Simulation} simulation
 */
function connecting({ t }, { connects, clients }) {
  return t.glance.clients(connects, clients.length);
}

/**
 * @param {Pick<App, "t">} app
 * @param {import("ossconf").Diff} diff
 */
function mattering(app, { clients }) {
  return counted(app, clients, ["lost", "gained", "unknown"]) || app.t.glance.nothing;
}

/**
 * How many clients are lost, gained and so on.
 *
 * @param {Pick<App, "t">} app
 * @param {import("ossconf").Diff} diff
 */
export function changes(app, { clients }) {
  return counted(app, clients, ["lost", "gained", "unknown", "changed"]) || app.t.glance.nothing;
}

/**
 * @param {Pick<App, "t">} app
 * @param {import("ossconf").ClientChanges} clients
 * @param {import("ossconf").ChangeKind[]} kinds
 */
function counted({ t }, clients, kinds) {
  return kinds
    .filter((kind) => clients[kind].length > 0)
    .map((kind) => t.glance.changes[kind](clients[kind].length))
    .join(t.comma);
}
