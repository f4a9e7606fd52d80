/**
 * Clients in groups: those of a family that fare alike are one row.
 *
 * @module
 */

/**
 * @typedef {import("ossconf").ClientOutcome & { name: string }} Fate
 * @typedef {"lost" | "gained" | "unknown" | "changed" | "same"} Change
 * @typedef {{ family: string, of: number, change: Change, imitated: boolean, names: string[], after: Fate, was: Fate }} Row
 */

/** What changes comes first. @type {readonly Change[]} */
const order = ["lost", "gained", "unknown", "changed", "same"];

/** Of what stays the same, who fails comes first. @type {readonly string[]} */
const outcomes = ["fails", "unknown", "connects"];

/**
 * The family of a client: its name without version and what follows, such as Chrome, 360 Browser, wget.
 *
 * @param {string} name
 */
export function familyOf(name) {
  return /^\S+(?: [^\s\d(]\S*)*/.exec(name)?.[0] ?? name;
}

/**
 * @param {import("ossconf").Simulation} simulation
 * @param {import("ossconf").Simulation} before
 * @param {import("ossconf").Diff} diff
 * @param {(name: string) => boolean} isImitated
 * @returns {Row[]}
 */
export function rowsOf(simulation, before, diff, isImitated) {
  /** @type {Map<string, Change>} */
  const changes = new Map();
  for (const kind of /** @type {const} */ (["lost", "gained", "unknown", "changed"])) {
    for (const { name } of diff.clients[kind]) {
      changes.set(name, kind);
    }
  }
  /** @type {Map<string, number>} */
  const families = new Map();
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const [i, after] of simulation.clients.entries()) {
    const was = before.clients[i] ?? after;
    const change = changes.get(after.name) ?? "same";
    const family = familyOf(after.name);
    families.set(family, (families.get(family) ?? 0) + 1);
    const imitated = isImitated(after.name);
    const key = JSON.stringify([family, change, imitated, shown(after), shown(was)]);
    const row = rows.get(key);
    if (row) {
      row.names.push(after.name);
    } else {
      rows.set(key, { family, of: 0, change, imitated, names: [after.name], after, was });
    }
  }
  const list = [...rows.values()];
  for (const row of list) {
    row.of = families.get(row.family) ?? 0;
  }
  return list.sort(
    (a, b) =>
      order.indexOf(a.change) - order.indexOf(b.change) ||
      outcomes.indexOf(a.after.outcome) - outcomes.indexOf(b.after.outcome),
  );
}

/** What is shown of an outcome. @param {Fate} fate */
function shown({ outcome, evidence, tls_version, cipher_suite, reason }) {
  return [outcome, evidence, tls_version, outcome === "connects" ? cipher_suite : reason];
}
