/**
 * Sending: to the mock OSS that `ossconf demo` has beside this page, under its own origin, or through an edge worker.
 *
 * @module
 */

import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { edgePanel } from "./edge-panel.js";
import { valueOf } from "./form.js";
import { thisBrowser } from "./this-browser.js";

/**
 * @typedef {import("./app.js").App} App
 *
 * @typedef {object} About what the mock says of itself
 * @property {string} region
 * @property {string} access_key_id
 * @property {string} access_key_secret good for this mock alone
 * @property {string} tls_port
 * @property {{ bucket: string, token: string }} [edge] if there is an edge worker, good for this mock alone
 *
 * @typedef {object} Handshake
 * @property {string} client
 * @property {string} version of the client
 * @property {string} offer empty for what it offers by itself
 * @property {string} outcome
 * @property {string} [tls_version]
 * @property {string} [cipher_suite]
 * @property {string} [reason]
 */

/** The mock refused. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * @typedef {object} Known what a bucket was seen to have
 * @property {string | null} xml null if it was never configured
 * @property {number} since when it was first seen, by performance.now(): it was stored before
 */

/** The mock, by signed requests. */
export class Mock {
  /** What was seen last, by bucket. @type {Map<string, Known>} */
  known = new Map();
  #core;

  /**
   * @param {import("./core.js").Core} core
   * @param {About} about
   */
  constructor(core, about) {
    this.#core = core;
    this.about = about;
  }

  /** @param {import("./core.js").Core} core */
  static async find(core) {
    return new Mock(core, await (await fetch("api/mock")).json());
  }

  /** @param {string} bucket */
  async create(bucket) {
    await this.#send("PUT", bucket);
  }

  /**
   * @param {string} bucket
   * @param {string} xml
   */
  async put(bucket, xml) {
    await this.#send("PUT", bucket, [["httpsConfig", ""]], xml);
  }

  /** @param {string} bucket */
  async get(bucket) {
    return this.#see(bucket, await this.#send("GET", bucket, [["httpsConfig", ""]]));
  }

  /** What is stored, or null if the bucket was never configured. @param {string} bucket */
  async stored(bucket) {
    try {
      return await this.get(bucket);
    } catch (error) {
      if (error instanceof Refused && error.code === "NoSuchHttpsConfig") {
        return this.#see(bucket, null);
      }
      throw error;
    }
  }

  /**
   * @template {string | null} T
   * @param {string} bucket
   * @param {T} xml
   */
  #see(bucket, xml) {
    if (this.known.get(bucket)?.xml !== xml) {
      this.known.set(bucket, { xml, since: performance.now() });
    }
    return xml;
  }

  /**
   * Has the clients of this machine connect.
   *
   * @param {string} bucket
   * @returns {Promise<Handshake[]>}
   */
  async handshakes(bucket) {
    await this.stored(bucket); // without a bucket, handshakes would be as with one that was never configured
    return (await askHandshakes({ bucket }, { method: "POST" })).handshakes;
  }

  /**
   * Lists the handshakes of others, such as this browser, and tells the time of the list.
   *
   * @param {string} bucket
   * @param {string} [since] the time of a list
   * @returns {Promise<{ now: string, handshakes: import("./this-browser.js").Seen[] }>}
   */
  seen(bucket, since) {
    return askHandshakes({ bucket, ...(since !== undefined && { since }) }, { cache: "no-store" });
  }

  /**
   * @param {string} method
   * @param {string} bucket
   * @param {[string, string][]} [query]
   * @param {string} [body]
   */
  async #send(method, bucket, query = [], body) {
    const { region, access_key_id, access_key_secret } = this.about;
    const signed = await this.#core.sign({
      ...{ method, bucket, query, region, access_key_id, access_key_secret },
      headers: body === undefined ? [] : [["Content-Type", "application/xml"]],
      time: timeOf(new Date()),
    });
    const names = query.map(([name]) => encodeURIComponent(name)).join("&");
    const init = {
      method,
      headers: signed.headers,
      cache: /** @type {const} */ ("no-store"),
      ...(body !== undefined && { body }),
    };
    const response = await fetch(`oss/${encodeURIComponent(bucket)}/${names && `?${names}`}`, init);
    const text = await response.text();
    if (!response.ok) {
      const answer = new DOMParser().parseFromString(text, "application/xml");
      const of = (/** @type {string} */ name) => answer.querySelector(name)?.textContent ?? "";
      throw new Refused(response.status, of("Code") || String(response.status), of("Message"));
    }
    return text;
  }
}

/**
 * @param {Record<string, string>} query
 * @param {RequestInit} init
 */
async function askHandshakes(query, init) {
  const response = await fetch(`api/handshakes?${new URLSearchParams(query)}`, init);
  const answer = await response.json();
  if (!response.ok) {
    throw new Refused(response.status, answer.error.code, answer.error.message);
  }
  return answer;
}

/**
 * The time as OSS V4 writes it.
 *
 * @param {Date} date
 */
export function timeOf(date) {
  return date.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** @param {App} app */
export function sendPanel(app) {
  const { t, target } = app;
  return html`<section class="mock" aria-labelledby="send-title">
    <h2 id="send-title">${t.send}</h2>
    <p class="hint">${t.sendHint}</p>
    <fieldset id="target">
      <legend>${t.sendTo}</legend>
      ${
        /** @type {const} */ (["mock", "edge"]).map(
          (it) =>
            html`<label class="check">
              <input
                type="radio"
                name="target"
                value=${it}
                ?disabled=${it === "mock" && !app.beside}
                .checked=${live(it === target)}
                @change=${() => app.show({ target: it })}
              />
              <span>${t.targets[it]}</span>
            </label>`,
        )
      }
    </fieldset>
    ${app.beside ? nothing : html`<p class="hint">${t.mockAbsent}</p>`}
    ${target === "mock" ? mockPanel(app) : edgePanel(app)}
  </section>`;
}

/** @param {App} app */
function mockPanel(app) {
  const { t, mock, ui } = app;
  return html`<p class="hint">${t.mockHint}</p>
    ${mock ? controls(app, mock) : html`<p class="notice">${t.mockAbsent}</p>`}
    <p id="mock-message" role="status" class=${ui.mockMessage ? `notice ${ui.mockFailed ? "bad" : "good"}` : ""}>
      ${ui.busy ? t.working : ui.mockMessage}
    </p>
    ${ui.stored ? html`<pre id="stored" tabindex="0" aria-label=${t.storedDocument}><code>${ui.stored}</code></pre>` : nothing}
    ${ui.handshakes.length > 0 ? handshakes(app) : nothing} ${mock ? thisBrowser(app, mock) : nothing}`;
}

/**
 * @param {App} app
 * @param {Mock} mock
 */
function controls(app, mock) {
  const { t, ui, model } = app;
  const bucket = ui.mockBucket;
  const button = (
    /** @type {string} */ id,
    /** @type {string} */ label,
    /** @type {() => Promise<() => void>} */ act,
    able = true,
  ) =>
    html`<button type="button" id=${id} ?disabled=${ui.busy || !able} @click=${() => app.withMock(act)}>
      ${label}
    </button>`;
  return html`<p class="hint">${t.mockKey(mock.about.access_key_id, mock.about.region)}</p>
    <div class="field">
      <label for="mock-bucket">${t.mockBucket}</label>
      <input
        id="mock-bucket"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        .value=${live(bucket)}
        @input=${(/** @type {Event} */ event) => app.nameMock(valueOf(event))}
      />
    </div>
    <div class="row wrap">
      ${button("mock-create", t.createBucket, async () => {
        await mock.create(bucket);
        return () => app.show({ mockMessage: t.created(bucket) });
      })}
      ${button(
        "mock-put",
        t.put,
        async () => {
          await mock.put(bucket, model.understanding.xml ?? "");
          const stored = await mock.get(bucket);
          return () => app.show({ mockMessage: t.stored(bucket), stored });
        },
        model.understanding.xml !== undefined,
      )}
      ${button("mock-get", t.get, async () => {
        const stored = await mock.get(bucket);
        return () => {
          app.take(stored, "bucket");
          app.show({ mockMessage: t.loaded(bucket) });
        };
      })}
      ${button("mock-handshakes", t.handshakes, async () => {
        const handshakes = await mock.handshakes(bucket);
        return () => app.show({ handshakes });
      })}
    </div>`;
}

/** @param {App} app */
function handshakes({ t, ui }) {
  return html`<p class="hint" id="handshakes-hint">${t.handshakeHint}</p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="handshakes-hint">
      <table id="handshakes" class="matrix">
        <thead>
          <tr>
            <th scope="col">${t.client}</th>
            <th scope="col">${t.offer}</th>
            <th scope="col">${t.outcome}</th>
          </tr>
        </thead>
        <tbody>
          ${ui.handshakes.map(
            (it) =>
              html`<tr>
                <th scope="row">${it.client} <span class="meta">${it.version}</span></th>
                <td data-label=${t.offer}>${it.offer || t.offerDefault}</td>
                <td data-label=${t.outcome}>
                  <span class="outcome ${it.outcome}">${t.handshakeOutcomes[it.outcome] ?? it.outcome}</span>
                  <span class="how" lang="en"
                    >${it.outcome === "connected" ? `${it.tls_version} ${it.cipher_suite}` : it.reason}</span
                  >
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
