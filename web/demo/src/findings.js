/**
 * What is found in the document, and how it stands to profiles.
 *
 * @module
 */

import { html, nothing } from "lit-html";

import { labelOf } from "./fixes.js";
import { original } from "./original.js";
import { indexOf } from "./places.js";
import { suiteReasons } from "./reasons.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("ossconf").Finding} Finding
 */

/** How many findings are listed at first, and how many more each time; the editor marks them all. */
export const LISTED = 50;

/** @type {readonly import("ossconf").Severity[]} */
const severities = ["error", "warning", "info"];

/** @param {App} app */
export function findings(app) {
  const { t, model } = app;
  const { report } = model.understanding;
  const fixable = report.findings.filter((it) => it.severity === "error" && it.fix).length;
  const listed = worst(report.findings).slice(0, app.ui.listed);
  const all = report.errors + report.warnings + report.infos;
  return html`<section class="findings" aria-labelledby="findings-title">
    <h2 id="findings-title" tabindex="-1">${t.findings}</h2>
    <p class="verdict ${report.valid ? "good" : "bad"}">
      <strong>${report.valid ? t.valid : t.invalid}</strong> ${all > 0 ? t.counts(report) : t.noFindings}
    </p>
    ${
      fixable > 0
        ? html`<button type="button" class="primary" id="mend" @click=${() => mend(app)}>${t.mend(fixable)}</button>`
        : nothing
    }
    <ul class="list">
      ${listed.map((finding) => item(app, finding))}
    </ul>
    ${
      listed.length < all
        ? html`<p class="hint">
            ${t.listed(listed.length)}
            ${
              listed.length < report.findings.length
                ? html`<button
                    type="button"
                    class="link"
                    id="list-more"
                    @click=${() => app.show({ listed: app.ui.listed + LISTED })}
                  >
                    ${t.listMore}
                  </button>`
                : nothing
            }
          </p>`
        : nothing
    }
  </section>`;
}

/** Fixes all errors. The button goes with them, so the focus moves to the heading. @param {App} app */
function mend(app) {
  app.model.mend();
  app.focus("findings-title");
}

/** The findings with errors first; those alike in the order of the document. @param {readonly Finding[]} findings */
function worst(findings) {
  return findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

/**
 * @param {App} app
 * @param {Finding} finding
 */
function item(app, finding) {
  const { t, model } = app;
  const { severity, line, column, message, hint, fix, rule, evidence, path } = finding;
  const rendered = t.rules[rule];
  return html`<li class="finding ${severity}">
    <p>
      <span class="mark">${t.severities[severity]}</span>
      <button type="button" class="link" @click=${() => app.goTo(finding)}>${t.line(line, column)}</button>
      ${rendered ? html`<span>${rendered}</span> ${suiteOf(app, finding)}` : html`<span>${message}</span>`}
    </p>
    ${hint && !rendered ? html`<p class="hint">${hint}</p>` : nothing}
    ${
      fix
        ? html`<button type="button" class="fix" @click=${() => model.fix(fix)}>
            <span>${labelOf(app, fix)}</span>
          </button>`
        : nothing
    }
    ${rendered ? original(app, message, hint, fix?.description) : nothing}
    <p class="meta"><code>${rule}</code> · ${t.evidence[evidence]}${path ? html` · <code>${path}</code>` : nothing}</p>
  </li>`;
}

/**
 * What a finding is about, if it is a suite, with what speaks against it. The finding says so in English only.
 *
 * @param {App} app
 * @param {Finding} finding
 */
function suiteOf(app, { offset, rule }) {
  if (!rule.startsWith("cipher-suite-")) {
    return nothing;
  }
  const rest = app.model.text.slice(indexOf(app.model.text, offset)).slice(0, 200);
  const name = /^(?:<[^>]*>)?[\s"]*([^\s"<]+)/.exec(rest)?.[1] ?? "";
  const suite = app.core.suites.get(name);
  if (!suite) {
    return nothing;
  }
  const against = rule === "cipher-suite-weak" || rule === "cipher-suite-insecure" ? suiteReasons(app, suite) : [];
  return html`<code>${name}</code>${against.length > 0 ? `：${app.t.list(against)}` : nothing}`;
}

/** @param {App} app */
export function profiles(app) {
  const { t, analysis, analyst } = app;
  const nearest = analysis.presets[0];
  const stale = analyst.stale("profiles");
  return html`<section class="profiles" aria-labelledby="profiles-title" aria-busy=${stale}>
    <h2 id="profiles-title" tabindex="-1">${t.profiles}</h2>
    <p class="hint">${t.profilesHint}</p>
    ${
      nearest
        ? html`<p class="nearest">
            <strong>${t.nearest}:</strong> ${t.nearestIs(nearest.preset.title, nearest.distance)}
            ${
              nearest.distance > 0
                ? html`<button
                    type="button"
                    class="link"
                    id="use-nearest"
                    ?disabled=${stale}
                    @click=${() => app.choices.replace(nearest.preset.config)}
                  >
                    ${t.useNearest}
                  </button>`
                : nothing
            }
          </p>`
        : nothing
    }
    ${
      analysis.profiles.length > 0
        ? html`<ul class="list">
            ${analysis.profiles.map((assessment) => profile(app, assessment, stale))}
          </ul>`
        : html`<p class="notice">${t.noSimulation}</p>`
    }
  </section>`;
}

/**
 * @param {App} app
 * @param {import("ossconf").Assessment} assessment
 * @param {boolean} stale
 */
function profile(app, { name, result, evidence, distance, differences = [], passing }, stale) {
  const { t, core } = app;
  const about = core.catalog.profiles.find((it) => it.name === name);
  return html`<li class="profile ${result}">
    <details>
      <summary>
        <span class="mark">${t.results[result]}</span> <span>${about?.title ?? name}</span>
        ${result === "passes" && evidence === "assumed" ? html`<span class="count">${t.evidence.assumed}</span>` : nothing}
        ${result === "fails" && distance !== undefined ? html`<span class="count">${t.distance(distance)}</span>` : nothing}
      </summary>
      <div class="body">
        ${differences.map((it) => difference(app, it))}
        ${passing ? html`<button type="button" ?disabled=${stale} @click=${() => app.choices.replace(passing)}>${t.applyPassing}</button>` : nothing}
        <p class="meta">
          ${evidence ? html`${t.evidence[/** @type {keyof typeof t.evidence} */ (evidence)] ?? evidence} · ` : nothing}${about?.source}
        </p>
        ${about ? html`<p class="meta">${t.beyond}: <span lang="en">${about.beyond}</span></p>` : nothing}
      </div>
    </details>
  </li>`;
}

/**
 * @param {App} app
 * @param {import("ossconf").Difference} it
 */
function difference(app, { check, kind, names, message, hint, source }) {
  const { t } = app;
  const rendered = t.sentences?.checks[check];
  return html`<p>
      ${rendered ?? html`<span lang="en">${message}</span>`}: ${t[kind]}
      ${names.map((one, i) => html`${i > 0 ? ", " : ""}<code>${one}</code>`)}
    </p>
    ${rendered ? original(app, message, hint, source) : html`<p class="meta" lang="en">${source}</p>`}`;
}
