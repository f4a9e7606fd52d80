import assert from "node:assert/strict";
import { test } from "node:test";

import { familyOf, rowsOf } from "../src/families.js";
import { core, rich } from "./core.js";

test("the family of a client", () => {
  const cases = {
    "Chrome 58": "Chrome",
    "Chrome 115 with post-quantum groups": "Chrome",
    "Safari on iOS 11.1": "Safari on iOS",
    "Safari 16.0": "Safari",
    "360 Browser 7.5": "360 Browser",
    "curl 7.88.1 (OpenSSL 3.0.19)": "curl",
    "wget (Debian 12)": "wget",
    "Android 11 with OkHttp": "Android",
    "Node.js 20.20.2 fetch": "Node.js",
    nameless: "nameless",
  };
  for (const [name, family] of Object.entries(cases)) {
    assert.equal(familyOf(name), family);
  }
});

test("rows hold each client once, what changes first", () => {
  const before = core.simulate(null, "rsa");
  const after = core.simulate(rich, "rsa");
  const isImitated = (/** @type {string} */ name) => core.clients.get(name)?.imitated ?? false;
  const rows = rowsOf(after, before, core.diff(null, rich, "rsa"), isImitated);
  assert.deepEqual(rows.flatMap(({ names }) => names).sort(), after.clients.map(({ name }) => name).sort());
  const kinds = ["lost", "gained", "unknown", "changed", "same"];
  const order = rows.map(({ change }) => kinds.indexOf(change));
  assert.deepEqual(order, order.toSorted());
  for (const { family, names, of, imitated } of rows) {
    assert.ok(names.every((name) => isImitated(name) === imitated));
    assert.ok(names.every((name) => familyOf(name) === family) && names.length <= of);
  }
});
