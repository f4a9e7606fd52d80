/**
 * How far apart two configurations are: the switches to set, and the values to add or remove. The module's diff says the
 * same and what it does to clients, which takes a hundred times longer; presets are compared with each change.
 *
 * @module
 */

/** @typedef {import("ossconf").Config} Config */

/**
 * @param {Config} from
 * @param {Config} to
 */
export function distance(from, to) {
  const [a, b] = [parts(from), parts(to)];
  const switches = a.switches.filter((it, i) => it !== b.switches[i]).length;
  return a.lists.reduce((n, list, i) => n + edits(list, b.lists[i] ?? []), switches);
}

/** @param {Config} config */
function parts(config) {
  const { TLS, CipherSuite } = config;
  return {
    switches: [TLS?.Enable, CipherSuite?.Enable, CipherSuite?.StrongCipherSuite],
    lists: [
      TLS?.TLSVersion ?? [],
      CipherSuite?.CustomCipherSuite ?? [],
      CipherSuite?.TLS13CustomCipherSuite ?? [],
      ...[config, TLS, CipherSuite].map((it) => (it?.["#unknown"] ?? []).map(({ xml }) => xml)),
    ],
  };
}

/**
 * How many values stand in one of two lists alone. One that stands in both counts as often as it stands more often in one.
 *
 * @param {readonly string[]} from
 * @param {readonly string[]} to
 */
function edits(from, to) {
  /** @type {Map<string, number>} */
  const more = new Map();
  for (const it of from) {
    more.set(it, (more.get(it) ?? 0) + 1);
  }
  for (const it of to) {
    more.set(it, (more.get(it) ?? 0) - 1);
  }
  return [...more.values()].reduce((n, it) => n + Math.abs(it), 0);
}
