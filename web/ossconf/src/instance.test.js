import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";

import { Instance } from "ossconf/raw";

const module = await WebAssembly.compile(readFileSync(new URL("../dist/ossconf.wasm", import.meta.url)));
const utf8 = new TextEncoder();

test("call answers", () => {
  const instance = new Instance(module);
  const { status, out } = instance.call("decode", utf8.encode("<HttpsConfiguration/>"));
  assert.deepEqual([status, new TextDecoder().decode(out)], [0, "{}"]);
  assert.equal(instance.abi, 1);
  assert.equal(instance.dead, false);
});
