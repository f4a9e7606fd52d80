import assert from "node:assert/strict";
import { test } from "node:test";

import { fromHash, toHash } from "../src/address.js";
import { initial } from "../src/model.js";
import { rich } from "./core.js";

/** @typedef {import("../src/types.d.ts").State} State */

/** @type {State[]} */
const states = [
  initial,
  {
    text: rich,
    baseline: { kind: "imported", text: "<é漢😀/>" },
    certificates: "ecdsa",
    bucket: "examplebucket",
    region: "cn-hangzhou",
    tab: "curl",
    lang: "zh",
    theme: "dark",
  },
  { ...initial, text: "", baseline: { kind: "kept", text: "" } },
  { ...initial, text: "\uFEFF<a/>\r\n\0" },
  { ...initial, text: "x".repeat(64 << 10) },
];

for (const [i, state] of states.entries()) {
  test(`a state comes back: ${i}`, async () => {
    const { state: back, problems, module } = await fromHash(await toHash(state, "0.1.0"));
    assert.deepEqual(back, state);
    assert.deepEqual(problems, []);
    assert.equal(module, "0.1.0");
  });
}

test("a link made once keeps saying the same", async () => {
  // Written by the first version of the page. It is not to be changed.
  const hash =
    "#v=1&d=s7GvyM1RKEstKs7Mz7NVMtQzUFJIzUvOT8nMS7dVCg1x07VQsrfjsvEoKSkods7PS8tMLy1KLMnMz7PjUlCwCfEJBtEKCjaueYlJOal2JUWlqTb6UA5EJsQnOAxivl2IT3CZoZ6RjT6SGA5FxuiKwHw7Lht9bE4BAA&c=rsa&l=zh&n=examplebucket&m=0.1.0";
  const { state, problems } = await fromHash(hash);
  assert.deepEqual(problems, []);
  assert.equal(state.certificates, "rsa");
  assert.equal(state.lang, "zh");
  assert.equal(state.bucket, "examplebucket");
  assert.equal(
    state.text,
    `<?xml version="1.0" encoding="UTF-8"?>
<HttpsConfiguration>
  <TLS>
    <Enable>true</Enable>
    <TLSVersion>TLSv1.2</TLSVersion>
    <TLSVersion>TLSv1.3</TLSVersion>
  </TLS>
</HttpsConfiguration>
`,
  );
});

/** Packs as the page does, whatever it is. @param {Uint8Array<ArrayBuffer>} bytes */
async function packed(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return Buffer.from(await new Response(stream).arrayBuffer()).toString("base64url");
}

test("hostile addresses are left out part by part", async () => {
  const bomb = await packed(new Uint8Array(50 << 20));
  const good = await packed(new TextEncoder().encode("<a/>"));
  /** @type {[hash: string, problems: string[]][]} */
  const cases = [
    ["", []],
    ["#", []],
    ["#document", ["v"]],
    ["#v=2&d=x", ["v"]],
    ["#v=1&v=2", []],
    ["#v=1&d=***", ["d"]],
    ["#v=1&d=AAAA", ["d"]],
    [`#v=1&d=${bomb}`, ["d"]],
    [`#v=1&d=${await packed(Uint8Array.of(0xff, 0xfe, 0x00))}`, ["d"]],
    [`#v=1&d=${good}&b=${bomb}`, ["b"]],
    ["#v=1&c=__proto__&l=constructor&th=%00&o=<script>", ["c", "o", "l", "th"]],
    ["#v=1&n=<img src=x>&r=..%2f..", ["n", "r"]],
    ["#v=1&n=javascript:alert(1)", ["n"]],
    [`#v=1&d=${"A".repeat(300_000)}`, ["length"]],
    ["#v=1&%FF%FE=%", []],
  ];
  for (const [hash, problems] of cases) {
    const { state, problems: found } = await fromHash(hash);
    assert.deepEqual(found, problems, hash.slice(0, 80));
    assert.ok((state.text ?? "").length <= 64 << 10);
    assert.equal(/[<:%/]/.test((state.bucket ?? "") + (state.region ?? "")), false);
  }
});
