import assert from "node:assert/strict";
import { test } from "node:test";

import { distance } from "../src/distance.js";
import { core, rich } from "./core.js";

/** What the module calls the distance of two documents. @param {string} before @param {string} after */
function edits(before, after) {
  const { switches, lists, unknown } = core.diff(before, after, "both").document;
  const set = switches.filter((it) => ![it.before, it.after].includes("present")).length;
  return [...lists, ...unknown].reduce((n, { added, removed }) => n + added.length + removed.length, set);
}

test("the distance is that of the module", { skip: !core.has("diff") && "a module without it" }, () => {
  const presets = core.catalog.presets ?? [];
  assert.ok(presets.length > 0);
  const twice = rich.replace(/( *<CustomCipherSuite>.*\n)/, "$1$1").replace(/( *<Later>.*\n)/, "$1$1");
  const never = "<HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>";
  for (const text of [rich, twice, never, ...presets.map(({ config }) => core.encode(config))]) {
    for (const other of [rich, twice, never, ...presets.map(({ config }) => core.encode(config))]) {
      assert.equal(distance(core.decode(text), core.decode(other)), edits(text, other), `${text} and ${other}`);
    }
  }
});
