/**
 * Why a client fails, and what is wrong with a suite, in the language of the page: from the members of the module's answers,
 * since its sentences are in English.
 *
 * @module
 */

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("ossconf").ClientOutcome} ClientOutcome
 * @typedef {import("ossconf").Simulation} Simulation
 * @typedef {keyof import("./types.d.ts").Sentences["reasons"]} Kind
 */

/**
 * @param {App} app
 * @param {Simulation} simulation
 * @param {ClientOutcome & { name: string }} it a client of the simulation that does not simply connect
 */
export function reasonOf({ t, core }, simulation, it) {
  const says = t.sentences?.reasons;
  const client = core.clients.get(it.name);
  if (!says || !client) {
    return it.reason ?? "";
  }
  const { accepts, certificates } = simulation;
  const version = nameOf(it.tls_version ?? "");
  const element = it.rule ?? "";
  switch (kindOf(it, simulation)) {
    case "version":
      return says.version(t.list(client.tls_versions.map(nameOf)), element, t.list(accepts.tls_versions.map(nameOf)));
    case "downgrade":
      return says.downgrade(version);
    case "certificate":
      return says.certificate(version, t.list(certificates.map((kind) => kind.toUpperCase())));
    case "suite":
      return says.suite(version, offered(core, client, it.tls_version).length, element);
    default:
      return says.unknown(element);
  }
}

/**
 * @param {ClientOutcome} it
 * @param {Simulation} simulation
 * @returns {Kind}
 */
export function kindOf({ outcome, rule, tls_version }, { accepts: { basis } }) {
  if (outcome === "unknown") {
    return "unknown";
  }
  if (rule === "certificate") {
    return "certificate";
  }
  if (rule === basis[0]?.element) {
    return tls_version ? "downgrade" : "version";
  }
  return "suite";
}

/**
 * The suites that a client offers for a version.
 *
 * @param {import("./core.js").Core} core
 * @param {import("ossconf").Client} client
 * @param {string | undefined} version
 */
function offered(core, client, version = "") {
  const offers = new Set(client.cipher_suites);
  return core.catalog.cipher_suites.filter(
    ({ id, min_version }) =>
      offers.has(id) &&
      (min_version === "TLSv1.3" || version === "TLSv1.3" ? min_version === version : min_version <= version),
  );
}

/** A version as people write it. @param {string} version */
export function nameOf(version) {
  return version.replace("TLSv", "TLS ");
}

/**
 * @param {App} app
 * @param {import("ossconf").CatalogSuite} suite
 */
export function suiteReasons({ t }, { reasons }) {
  return reasons.map((it) => t.sentences?.suiteReasons[it] ?? it);
}
