/**
 * What takes the module longer: clients, presets, profiles.
 *
 * @module
 */

/**
 * @typedef {import("./core.js").Core} Core
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./types.d.ts").Analysis} Analysis
 */

/** @type {Readonly<Analysis>} */
export const nothingKnown = { profiles: [], presets: [] };

/** The parts of an analysis, each of which can be shown before the next one. @type {((core: Core, model: Model) => Partial<Analysis>)[]} */
export const parts = [clients, profiles];

/** The baseline as last simulated: it seldom changes. @type {{ key: string, simulation: import("ossconf").Simulation } | undefined} */
let last;

/**
 * @param {Core} core
 * @param {Model} model
 */
function clients(core, { state: { certificates, baseline }, understanding: { xml } }) {
  if (xml === undefined) {
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
 * @returns {Partial<Analysis>}
 */
function profiles(core, { understanding: { xml } }) {
  if (xml === undefined) {
    return nothingKnown;
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
