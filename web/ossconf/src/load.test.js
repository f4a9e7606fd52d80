import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import vm from "node:vm";

import { OssConfError, load } from "ossconf";

import { assemble } from "../test/fake.js";
import { bytes, module } from "../test/module.js";

/** @typedef {import("ossconf").LoadOptions["module"]} Source */

const notLoaded = { name: "OssConfError", code: "not_loaded" };
const wrongType = { name: "OssConfError", code: "wrong_type" };

/**
 * @param {import("node:test").TestContext} t
 * @param {import("node:http").RequestListener} listener
 */
async function serve(t, listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  t.after(() => server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return new URL(`http://127.0.0.1:${port}/ossconf.wasm?token=secret`);
}

describe("load takes", () => {
  /** @type {{ name: string, source: () => Source }[]} */
  const sources = [
    { name: "nothing", source: () => undefined },
    { name: "a module", source: () => module },
    { name: "bytes", source: () => bytes },
    { name: "an ArrayBuffer", source: () => Uint8Array.from(bytes).buffer },
    { name: "a view in the middle", source: () => new DataView(Uint8Array.from([0, ...bytes]).buffer, 1) },
    { name: "the address of a file", source: () => new URL("../dist/ossconf.wasm", import.meta.url) },
    { name: "a response", source: () => new Response(bytes, { headers: { "content-type": "application/wasm" } }) },
    {
      name: "a response of another type",
      source: () => new Response(bytes, { headers: { "content-type": "text/html" } }),
    },
    { name: "a promise", source: async () => module },
    { name: "bytes of another realm", source: () => vm.runInNewContext("Uint8Array.from(bytes)", { bytes }) },
  ];
  for (const { name, source } of sources) {
    test(name, async () => {
      const oss = await load({ module: source() });
      assert.equal(oss.version().abi, 1);
    });
  }
  for (const type of ["application/wasm", "application/octet-stream", undefined]) {
    test(`an address that answers with the type ${type}`, async (t) => {
      const url = await serve(t, (_request, response) => {
        response.writeHead(200, type === undefined ? {} : { "content-type": type }).end(bytes);
      });
      assert.equal((await load({ module: url })).version().abi, 1);
    });
  }
});

describe("load refuses", () => {
  /** @type {{ name: string, options: () => any, want: object }[]} */
  const cases = [
    { name: "null", options: () => null, want: wrongType },
    { name: "text", options: () => "ossconf.wasm", want: wrongType },
    { name: "unknown options", options: () => ({ modul: module }), want: { code: "unknown_member", path: "/modul" } },
    {
      name: "an address as text",
      options: () => ({ module: "ossconf.wasm" }),
      want: { ...wrongType, path: "/module" },
    },
    { name: "an array", options: () => ({ module: [0] }), want: wrongType },
    { name: "null as the module", options: () => ({ module: null }), want: wrongType },
    { name: "what only says that it is a module", options: () => ({ module: { [Symbol.toStringTag]: "WebAssembly.Module" } }), want: notLoaded }, // prettier-ignore
    {
      name: "a promise that is rejected",
      options: () => ({ module: Promise.reject(new Error("gone")) }),
      want: notLoaded,
    },
    { name: "a getter that throws", options: () => ({ get module() { throw new Error("no"); } }), want: wrongType }, // prettier-ignore
    { name: "no bytes", options: () => ({ module: new Uint8Array(0) }), want: notLoaded },
    { name: "a page", options: () => ({ module: Buffer.from("<!doctype html>") }), want: notLoaded },
    { name: "half a module", options: () => ({ module: bytes.subarray(0, bytes.length / 2) }), want: notLoaded },
    { name: "a response that says 404", options: () => ({ module: new Response(bytes, { status: 404 }) }), want: { ...notLoaded, message: /404/ } }, // prettier-ignore
    {
      name: "a file that is not there",
      options: () => ({ module: new URL("none.wasm", import.meta.url) }),
      want: notLoaded,
    },
    { name: "an address of another kind", options: () => ({ module: new URL("mailto:a@b") }), want: notLoaded },
    { name: "a module of something else", options: async () => ({ module: await assemble({ without: "memory" }) }), want: notLoaded }, // prettier-ignore
    {
      name: "another convention",
      options: async () => ({ module: await assemble({ abi: [0x41, 2] }) }),
      want: notLoaded,
    },
  ];
  for (const { name, options, want } of cases) {
    test(name, async () => {
      await assert.rejects(load(await options()), want);
    });
  }

  test("a response that was read", async () => {
    const response = new Response(bytes);
    await response.arrayBuffer();
    await assert.rejects(load({ module: response }), notLoaded);
  });

  test("an address that does not answer, without saying its query", async (t) => {
    const url = await serve(t, (request) => request.destroy());
    await assert.rejects(load({ module: url }), (error) => {
      assert.ok(error instanceof OssConfError && error.code === "not_loaded" && error.cause !== undefined);
      assert.match(error.message, /127\.0\.0\.1/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });
});
