/**
 * What takes the module longer: clients, presets, profiles. It follows the document after a pause.
 *
 * @module
 */

import { announcement } from "./summary.js";

/**
 * @typedef {import("./types.d.ts").Analysis} Analysis
 * @typedef {import("./types.d.ts").State} State
 * @typedef {"clients" | "profiles"} Part
 */

/** How long nothing changes before what takes longer is found out, and before it is announced, in milliseconds. */
const PAUSE = 120;
const QUIET = 1000;

/** The parts of an analysis, each of which can be shown before the next one. @type {readonly Part[]} */
const parts = ["clients", "profiles"];

/** Which members of the state a part follows from. */
const follows = /** @type {const} */ ({ clients: ["text", "certificates", "baseline"], profiles: ["text"] });

/** Finds it out part by part. */
export class Analyst {
  #app;
  /** What was found out last, which may be of an older document. @type {Readonly<Analysis>} */
  known = { profiles: [], presets: [] };
  /** What the parts are of. @type {Map<Part, State>} */
  #of = new Map();
  /** The baseline as last simulated: it seldom changes. @type {{ key: string, simulation: import("ossconf").Simulation } | undefined} */
  #before;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #analysing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #announcing;

  /** @param {Pick<import("./app.js").App, "core" | "model" | "draw" | "show" | "ui" | "t">} app */
  constructor(app) {
    this.#app = app;
  }

  /** Whether a part is not of the document as it is now. @param {Part} part */
  stale(part) {
    const of = this.#of.get(part);
    const { state } = this.#app.model;
    return follows[part].some((name) => of?.[name] !== state[name]);
  }

  /** Finds it out anew after a pause. */
  later() {
    clearTimeout(this.#analysing);
    this.#analysing = setTimeout(() => this.now(), PAUSE);
  }

  /** Finds out part by part, with a frame for input and paint between them. */
  async now() {
    const { model, draw } = this.#app;
    const { state } = model;
    for (const part of parts) {
      this.find(part);
      draw();
      await nextFrame();
      if (model.state !== state) {
        return; // there will be another one
      }
    }
    this.#announce();
  }

  /** @param {Part} part */
  find(part) {
    this.known = { ...this.known, ...(part === "clients" ? this.#clients() : this.#profiles()) };
    this.#of.set(part, this.#app.model.state);
  }

  #clients() {
    const { core, model } = this.#app;
    const { certificates, baseline } = model.state;
    const { xml } = model.understanding;
    if (xml === undefined) {
      return { simulation: undefined, before: undefined, diff: undefined };
    }
    const text = baseline.text !== null && core.understand(baseline.text).config ? baseline.text : null;
    const key = JSON.stringify([text, certificates]);
    if (this.#before?.key !== key) {
      this.#before = { key, simulation: core.simulate(text, certificates) };
    }
    return {
      simulation: core.simulate(xml, certificates),
      before: this.#before.simulation,
      diff: core.diff(text, xml, certificates),
    };
  }

  #profiles() {
    const { core, model } = this.#app;
    const { xml } = model.understanding;
    if (xml === undefined) {
      return { profiles: [], presets: [] };
    }
    const { profiles, presets = [] } = core.profiles(xml);
    const known = new Map(core.catalog.presets.map((preset) => [preset.name, preset]));
    return {
      profiles,
      presets: presets
        .flatMap(({ name, distance }) => {
          const preset = known.get(name);
          return preset ? [{ preset, distance }] : [];
        })
        .sort((a, b) => a.distance - b.distance),
    };
  }

  /** Says what has become of it all to those who do not see it, once nothing has changed for a while. */
  #announce() {
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => {
      const said = announcement(this.#app, this.known);
      if (said !== this.#app.ui.said) {
        this.#app.show({ said });
      }
    }, QUIET);
  }
}

/** After the next paint. */
function nextFrame() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
