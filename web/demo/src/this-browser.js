/**
 * What the TLS listener of the mock saw of this browser, while somebody looks.
 *
 * @module
 */

import { html, nothing } from "lit-html";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("ossconf").ClientOutcome} ClientOutcome
 *
 * @typedef {object} Seen a handshake, in the words of the listener
 * @property {string} time
 * @property {string} remote
 * @property {string[]} [offered_versions]
 * @property {string[]} [offered_suites]
 * @property {string} outcome
 * @property {string} [version]
 * @property {string} [suite]
 * @property {string} [rule]
 * @property {string} [reason]
 * @property {string[]} [notes]
 *
 * @typedef {object} Row
 * @property {Seen} seen
 * @property {string | undefined} name
 * @property {ClientOutcome | undefined} simulated
 * @property {string | null} xml what it is simulated with
 * @property {boolean} sure that this was stored when the handshake was made
 */

/** How long after an answer the mock is asked again, in milliseconds. */
const PAUSE = 1000;

/** How many handshakes are listed. */
const MAX_ROWS = 50;

/** Asks the mock for handshakes as long as the panel is open and the page is visible. */
export class Watch {
  failed = false;
  #app;
  /** @type {Row[]} */
  #rows = [];
  /** What the last answer held that is listed, or was. @type {ReadonlySet<string>} */
  #listed = new Set();
  #asking = false;
  #bucket = "";
  /** Since when, by the clock of the mock. @type {string | undefined} */
  #since;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    document.addEventListener("visibilitychange", () => this.#next(0));
  }

  /** The handshakes of the bucket that is named, the newest first. */
  get rows() {
    return this.#bucket === this.#app.ui.mockBucket ? this.#rows : [];
  }

  /** Begins or ends as the panel was opened or closed. */
  toggle() {
    this.#next(0);
  }

  /** Whether somebody looks: the page may have another panel by now, and this one be gone without being closed. */
  get #seen() {
    return document.querySelector("#this-browser[open]") !== null && !document.hidden;
  }

  /** @param {number} pause */
  #next(pause) {
    clearTimeout(this.#timer);
    const { mock } = this.#app;
    if (mock && this.#seen && !this.#asking) {
      this.#timer = setTimeout(() => this.#ask(mock), pause);
    }
  }

  /** @param {import("./mock.js").Mock} mock */
  async #ask(mock) {
    if (!this.#seen) {
      return;
    }
    this.#asking = true;
    try {
      const { mockBucket: bucket } = this.#app.ui;
      if (bucket !== this.#bucket) {
        this.#bucket = bucket;
        this.#since = undefined;
        this.#rows = [];
        this.#listed = new Set();
      }
      await this.#take(mock, bucket);
      this.failed = false;
    } catch {
      this.failed = true; // as it does while a bucket is being named
    }
    this.#asking = false;
    this.#app.draw();
    this.#next(PAUSE);
  }

  /**
   * @param {import("./mock.js").Mock} mock
   * @param {string} bucket
   */
  async #take(mock, bucket) {
    if (this.#since === undefined) {
      const { now } = await mock.seen(bucket); // what was before is not of interest
      await mock.stored(bucket).catch(() => {}); // without a bucket, nothing is
      this.#since = now;
      return;
    }
    const asked = performance.now();
    const { now, handshakes } = await mock.seen(bucket, this.#since);
    const fresh = handshakes.filter((it) => !this.#listed.has(keyOf(it)));
    if (fresh.length === 0) {
      return;
    }
    const { core } = this.#app;
    const xml = await mock.stored(bucket);
    const since = mock.known.get(bucket)?.since ?? Infinity;
    const simulation = core.simulate(xml, "both");
    for (const seen of fresh) {
      const name = nameOf(core, seen, navigator.userAgent);
      const simulated = simulation.clients.find((it) => it.name === name);
      // The clock of the mock may be another one, but tells how long ago it was.
      const sure = asked - (Date.parse(now) - Date.parse(seen.time)) >= since;
      this.#rows.unshift({ seen, name, simulated, xml, sure });
    }
    this.#listed = new Set(handshakes.map(keyOf));
    this.#rows.splice(MAX_ROWS);
  }
}

/** @param {Seen} seen */
function keyOf({ time, remote }) {
  return `${time} ${remote}`;
}

/** Values that browsers put in at random, so that servers learn to ignore what they do not know. */
const grease = /^0x([0-9A-F])A\1A$/;

/**
 * Finds the client of the table that makes the same offer: of several, one of the same maker and version.
 *
 * @param {import("./core.js").Core} core
 * @param {Seen} seen
 * @param {string} userAgent
 * @returns {string | undefined}
 */
export function nameOf(core, { offered_versions: versions = [], offered_suites: suites = [] }, userAgent) {
  const offered = suites.filter((it) => !grease.test(it) && !/_SCSV$/.test(it));
  const codes = offered.map((it) => core.suites.get(it)?.id ?? it).join();
  const all = versions.filter((it) => !grease.test(it)).sort();
  const [, maker = "", version = ""] =
    /\b(Firefox|Edg|Chrome)\/(\d+)/.exec(userAgent) ?? /\b(Safari)\b/.exec(userAgent) ?? [];
  const makers = { Edg: /^Edge\b/, Chrome: /^Chrom(e|ium)\b/, Firefox: /^Firefox\b/, Safari: /^Safari\b/ };
  const likeness = (/** @type {{ name: string, imitated: boolean }} */ { name, imitated }) =>
    (makers[/** @type {keyof typeof makers} */ (maker)]?.test(name) ? 4 : 0) +
    (version && name.split(" ").includes(version) ? 2 : 0) +
    (imitated ? 0 : 1);
  const [best] = core.catalog.clients
    .filter((it) => it.cipher_suites.join() === codes && it.tls_versions.toSorted().join() === all.join())
    .sort((a, b) => likeness(b) - likeness(a));
  return best?.name;
}

/**
 * @param {App} app
 * @param {import("./mock.js").Mock} mock
 */
export function thisBrowser({ t, ui, watch }, mock) {
  return html`<details id="this-browser" @toggle=${() => watch.toggle()}>
    <summary>${t.thisBrowser}</summary>
    <p>
      <a
        id="open-bucket"
        href="https://${ui.mockBucket}.localhost:${mock.about.tls_port}/"
        target="_blank"
        rel="noreferrer"
        >${t.browser.open}</a
      >
    </p>
    <p>${t.browser.hint}</p>
    <div id="browser-seen" role="status">
      ${watch.failed ? html`<p class="notice bad">${t.browser.failed}</p>` : nothing}
      ${watch.rows.length === 0 && !watch.failed ? html`<p class="hint">${t.browser.none}</p>` : nothing}
    </div>
    ${watch.rows.length > 0 ? table(t, watch.rows, mock.known.get(ui.mockBucket)?.xml) : nothing}
    <p>${t.thisBrowserHint}</p>
    <ul>
      <li><a href="api/ca.pem" download="ossconf-mock-ca.pem">${t.caDownload}</a></li>
      <li>${t.caChromium}</li>
      <li>${t.caFirefox}</li>
    </ul>
  </details>`;
}

/**
 * @param {import("./texts/index.js").Texts} t
 * @param {Row[]} rows
 * @param {string | null | undefined} xml what is stored now, as far as the page has seen it
 */
function table(t, rows, xml) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t.thisBrowser}>
    <table id="browser-handshakes" class="matrix">
      <thead>
        <tr>
          <th scope="col">${t.browser.time}</th>
          <th scope="col">${t.offer}</th>
          <th scope="col">${t.outcome}</th>
          <th scope="col">${t.browser.simulated}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${new Date(row.seen.time).toLocaleTimeString()}</th>
              <td data-label=${t.offer} lang="en">${offer(t, row.seen)}</td>
              <td data-label=${t.outcome}>${happened(t, row.seen)}</td>
              <td data-label=${t.browser.simulated}>${expected(t, row)} ${timely(t, row, xml)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/**
 * @param {import("./texts/index.js").Texts} t
 * @param {Seen} seen
 */
function offer(t, { offered_versions: versions = [], offered_suites: suites = [] }) {
  return html`${versions.filter((it) => !grease.test(it)).join(" ")}
    <details>
      <summary>${t.browser.suites(suites.filter((it) => !grease.test(it)).length)}</summary>
      ${suites.join(" ")}
    </details>`;
}

/**
 * @param {import("./texts/index.js").Texts} t
 * @param {Seen} seen
 */
function happened(t, { outcome, version, suite, rule, reason, notes = [] }) {
  const how = [version, suite].filter(Boolean).join(" ");
  return html`<span class="outcome ${outcome}">${t.handshakeOutcomes[outcome] ?? outcome}</span>
    ${how && outcome !== "refused" ? html`<span class="how" lang="en">${how}</span>` : nothing}
    ${outcome === "failed" && suite ? html`<span class="meta">${t.browser.brokeOff}</span>` : nothing}
    ${[rule, reason, ...notes].filter(Boolean).map((it) => html`<span class="how" lang="en">${it}</span> `)}`;
}

/**
 * @param {import("./texts/index.js").Texts} t
 * @param {Row} row
 */
function expected(t, { name, simulated }) {
  if (!simulated) {
    return html`<span class="meta">${t.browser.notInTable}</span>`;
  }
  const { outcome, tls_version: version, cipher_suite: suite, rule, reason } = simulated;
  const how = outcome === "connects" ? [version, suite] : [rule, reason];
  return html`<span class="outcome ${outcome}">${t.outcomes[outcome]}</span>
    <span class="how" lang="en">${how.filter(Boolean).join(" ")}</span>
    <span class="meta">${t.browser.like(name ?? "")}</span>`;
}

/**
 * Whether what is simulated is still of interest, and was then.
 *
 * @param {import("./texts/index.js").Texts} t
 * @param {Row} row
 * @param {string | null | undefined} now
 */
function timely(t, { xml, sure }, now) {
  const text = xml !== now ? t.browser.stale : sure ? "" : t.browser.unsure;
  return text ? html`<strong class="timely">${text}</strong>` : nothing;
}
