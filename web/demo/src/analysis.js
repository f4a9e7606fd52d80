/**
 * What takes the module longer: clients, profiles, and how far presets are.
 *
 * @module
 */

/**
 * @param {import("./core.js").Core} core
 * @param {import("./model.js").Model} model
 * @returns {import("./types.d.ts").Analysis}
 */
export function analyse(core, model) {
  const { certificates, baseline } = model.state;
  const { xml } = model.understanding;
  /** @type {import("./types.d.ts").Analysis} */
  const analysis = { profiles: [], presets: [] };
  if (xml === undefined) {
    return analysis;
  }
  if (core.has("validate_profiles")) {
    analysis.profiles = core.profiles(xml);
  }
  if (core.has("simulate") && core.has("diff")) {
    const before = core.understand(baseline.text ?? "").config ? baseline.text : null;
    analysis.simulation = core.simulate(xml, certificates);
    analysis.before = core.simulate(before, certificates);
    analysis.diff = core.diff(before, xml, certificates);
    analysis.presets = (core.catalog.presets ?? [])
      .map((preset) => ({ preset, distance: distance(core.diff(xml, core.encode(preset.config), certificates)) }))
      .sort((a, b) => a.distance - b.distance);
  }
  return analysis;
}

/**
 * How many switches to set and values to add or remove.
 *
 * @param {import("./types.d.ts").Diff} diff
 */
function distance({ document: { switches, lists, unknown } }) {
  const set = switches.filter(({ before, after }) => ![before, after].includes("present")).length;
  return [...lists, ...unknown].reduce((n, { added, removed }) => n + added.length + removed.length, set);
}
