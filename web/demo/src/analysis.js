/**
 * What takes the module longer: clients, presets, profiles.
 *
 * @module
 */

import { distance } from "./distance.js";

/**
 * @typedef {import("./core.js").Core} Core
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./types.d.ts").Analysis} Analysis
 */

/** @type {Readonly<Analysis>} */
export const nothingKnown = { profiles: [], presets: [] };

/** The parts of an analysis, each of which can be shown before the next one. @type {((core: Core, model: Model) => Partial<Analysis>)[]} */
export const parts = [clients, presets, profiles];

/** The baseline as last simulated: it seldom changes. @type {{ key: string, simulation: import("./types.d.ts").Simulation } | undefined} */
let last;

/**
 * @param {Core} core
 * @param {Model} model
 */
function clients(core, { state: { certificates, baseline }, understanding: { xml } }) {
  if (xml === undefined || !core.has("simulate") || !core.has("diff")) {
    return { simulation: undefined, before: undefined, diff: undefined };
  }
  const text = baseline.text !== null && core.understand(baseline.text).config ? baseline.text : null;
  const key = JSON.stringify([text, certificates]);
  if (last?.key !== key) {
    last = { key, simulation: core.simulate(text, certificates) };
  }
  return {
    simulation: core.simulate(xml, certificates),
    before: last.simulation,
    diff: core.diff(text, xml, certificates),
  };
}

/**
 * @param {Core} core
 * @param {Model} model
 */
function presets(core, { understanding: { config } }) {
  const list = config ? (core.catalog.presets ?? []) : [];
  return {
    presets: list
      .map((preset) => ({
        preset,
        distance: distance(/** @type {import("ossconf").Config} */ (config), preset.config),
      }))
      .sort((a, b) => a.distance - b.distance),
  };
}

/**
 * @param {Core} core
 * @param {Model} model
 */
function profiles(core, { understanding: { xml } }) {
  return { profiles: xml !== undefined && core.has("validate_profiles") ? core.profiles(xml) : [] };
}
