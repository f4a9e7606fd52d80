import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { Instance } from "ossconf/raw";

import { answerAddress, assemble, code, returns } from "../test/fake.js";
import { module } from "../test/module.js";
import { wasi } from "../test/wasi.js";

const utf8 = new TextEncoder();
const text = new TextDecoder();
const page = 1 << 16;

test("an instance answers", () => {
  const instance = new Instance(module);
  assert.equal(instance.abi, 1);
  assert.equal(instance.dead, false);
  const cases = /** @type {const} */ ([
    ["decode", "<HttpsConfiguration/>", 0, "{}"],
    ["decode", "{}", 0, "{}"],
    ["catalog", "x", 1, '{"error":{"code":"input","message":"the operation takes no input","hint":"pass none"}}'],
    ["version", "", 0, undefined],
  ]);
  for (const [op, input, status, want] of cases) {
    const answer = instance.call(op, utf8.encode(input));
    assert.equal(answer.status, status);
    assert.equal(text.decode(answer.out), want ?? text.decode(answer.out));
    assert.equal(answer.out.buffer.byteLength, answer.out.length, "the answer is no copy");
  }
});

test("the plain form runs with a WASI that is given its memory", (t) => {
  const file = new URL("../../../build/ossconf.wasm", import.meta.url);
  if (!existsSync(file)) {
    return t.skip("make wasm builds it");
  }
  const plain = new Instance(new WebAssembly.Module(readFileSync(file)), wasi);
  const own = new Instance(module);
  for (const op of ["decode", "validate", "version"]) {
    const input = utf8.encode(op === "version" ? "" : "<HttpsConfiguration><TLS/></HttpsConfiguration>");
    assert.deepEqual(plain.call(op, input), own.call(op, input));
  }
});

test("text is answered as its bytes are", () => {
  const instance = new Instance(module);
  const cases = /** @type {const} */ ([
    ["version", ""],
    ["decode", "<HttpsConfiguration><TLS><TLSVersion>é日🙂</TLSVersion></TLS></HttpsConfiguration>"],
    ["decode", "\uFEFF<HttpsConfiguration/>"],
    ["decode", "<HttpsConfiguration>"],
    ["sign", `{"body":"${"🙂".repeat(200_000)}"}`], // 600 KB as three bytes a unit, 800 KB in UTF-8
    ["sign", "x".repeat((1 << 20) + (1 << 16))],
  ]);
  for (const [op, input] of cases) {
    const { status, out } = instance.call(op, utf8.encode(input));
    assert.deepEqual(instance.callText(op, input), { status, out: text.decode(out) });
  }
});

test("bytes need no encoder, which the shells of engines do not have", () => {
  const file = new URL("./instance.js", import.meta.url).href;
  const wasm = new URL("../dist/ossconf.wasm", import.meta.url).href;
  const script = `
    import { readFileSync } from "node:fs";
    const bytes = readFileSync(new URL(${JSON.stringify(wasm)}));
    delete globalThis.TextEncoder;
    delete globalThis.TextDecoder;
    const { Instance } = await import(${JSON.stringify(file)});
    const { status, out } = new Instance(new WebAssembly.Module(bytes)).call("decode", new Uint8Array([123, 125]));
    console.log(status, String.fromCharCode(...out));`;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(printed, "0 {}\n");
});

describe("callText refuses", () => {
  const instance = new Instance(module);
  const cases = [
    { name: "an unknown operation", args: ["resign", ""], error: TypeError },
    { name: "no input", args: ["decode"], error: TypeError },
    { name: "bytes", args: ["decode", new Uint8Array(1)], error: TypeError },
    { name: "a boxed string", args: ["decode", Object("<a/>")], error: TypeError },
    { name: "more than a block", args: ["sign", "x".repeat((1 << 20) + (1 << 16) + 1)], error: RangeError },
    { name: "more than a block in UTF-8", args: ["sign", "é".repeat(1 << 20)], error: RangeError },
  ];
  for (const { name, args, error } of cases) {
    test(name, () => {
      assert.throws(() => Reflect.apply(instance.callText, instance, args), error);
      assert.equal(instance.dead, false);
    });
  }
});

describe("the constructor refuses", () => {
  const cases = [
    { name: "no memory", fake: { without: "memory" }, error: TypeError, message: /memory/ },
    { name: "no ossconf_abi", fake: { without: "ossconf_abi" }, error: TypeError, message: /ossconf_abi/ },
    { name: "no ossconf_alloc", fake: { without: "ossconf_alloc" }, error: TypeError, message: /ossconf_alloc/ },
    { name: "no ossconf_free", fake: { without: "ossconf_free" }, error: TypeError, message: /ossconf_free/ },
    { name: "another convention", fake: { abi: [0x41, 2] }, error: TypeError, message: /convention 2/ },
    {
      name: "a trap in ossconf_abi",
      fake: { abi: code.unreachable },
      error: WebAssembly.RuntimeError,
      message: /unre/,
    },
  ];
  for (const { name, fake, error, message } of cases) {
    test(name, async () => {
      const bad = await assemble(fake);
      assert.throws(
        () => new Instance(bad),
        (e) => e instanceof error && message.test(e.message),
      );
    });
  }
  test("what is no module", () => {
    assert.throws(() => new Instance(/** @type {any} */ ({})), TypeError);
  });
});

describe("a call that breaks the convention ends the instance", () => {
  const cases = [
    { name: "an answer outside the memory", fake: { op: returns(page, 1) } },
    { name: "an answer that ends outside", fake: { op: returns(page - 1, 2) } },
    { name: "an answer of 4 GiB", fake: { op: returns(answerAddress, 2 ** 32 - 1) } },
    { name: "an answer at the end of the address space", fake: { op: returns(2 ** 32 - 1, 2 ** 32 - 1) } },
    { name: "an answer of no bytes", fake: { op: returns(answerAddress, 0) } },
    { name: "an unknown status", fake: { answer: [3] } },
    { name: "no block", fake: { alloc: code.zero } },
    { name: "a block outside the memory", fake: { alloc: code.minusOne } },
    { name: "a trap in the operation", fake: { op: code.unreachable } },
    { name: "a trap in ossconf_alloc", fake: { alloc: code.unreachable } },
    { name: "a trap in ossconf_free", fake: { free: code.unreachable } },
    { name: "endless recursion", fake: { op: code.recursion } },
    { name: "all the memory there is", fake: { op: code.growth } },
  ];
  for (const { name, fake } of cases) {
    test(name, async () => {
      const instance = new Instance(await assemble(fake));
      for (let i = 0; i < 2; i++) {
        assert.throws(() => instance.call("sign", utf8.encode("secret")), WebAssembly.RuntimeError);
        assert.equal(instance.dead, true);
      }
      const other = new Instance(await assemble(fake));
      for (let i = 0; i < 2; i++) {
        assert.throws(() => other.callText("sign", "secret"), WebAssembly.RuntimeError);
        assert.equal(other.dead, true);
      }
    });
  }
});

describe("a call refuses", () => {
  const instance = new Instance(module);
  const shared = new Uint8Array(new SharedArrayBuffer(1));
  const detached = new Uint8Array(1);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const input = new Uint8Array(0);
  const cases = [
    { name: "no operation", args: [], error: TypeError },
    { name: "an unknown operation", args: ["resign", input], error: TypeError },
    { name: "an export that is no operation", args: ["alloc", input], error: TypeError },
    { name: "the name of an object's member", args: ["__proto__", input], error: TypeError },
    { name: "an operation that is no string", args: [["decode"], input], error: TypeError },
    { name: "no input", args: ["decode"], error: TypeError },
    { name: "text", args: ["decode", "<a/>"], error: TypeError },
    { name: "an array", args: ["decode", [60]], error: TypeError },
    { name: "an ArrayBuffer", args: ["decode", input.buffer], error: TypeError },
    { name: "a DataView", args: ["decode", new DataView(input.buffer)], error: TypeError },
    { name: "other typed arrays", args: ["decode", new Uint16Array(1)], error: TypeError },
    { name: "a proxy", args: ["decode", new Proxy(input, {})], error: TypeError },
    { name: "an object that looks like one", args: ["decode", Object.create(Uint8Array.prototype)], error: TypeError },
    { name: "shared memory", args: ["decode", shared], error: TypeError },
    { name: "a detached buffer", args: ["decode", detached], error: TypeError },
    { name: "more than a block", args: ["decode", new Uint8Array((1 << 20) + (1 << 16) + 1)], error: RangeError },
  ];
  for (const { name, args, error } of cases) {
    test(name, () => {
      assert.throws(() => Reflect.apply(instance.call, instance, args), error);
      assert.equal(instance.dead, false);
    });
  }
  test("nothing else: subclasses, views, the largest block", () => {
    class Liar extends Uint8Array {
      /**
       * @override
       * @returns {number}
       */
      get length() {
        return 1e9;
      }
    }
    const inner = Buffer.from("..{}..").subarray(2, 4);
    for (const good of [Liar.from(utf8.encode("{}")), inner]) {
      assert.equal(text.decode(instance.call("decode", good).out), "{}");
    }
    assert.equal(instance.call("sign", new Uint8Array((1 << 20) + (1 << 16))).status, 1);
  });
});

test("wipe leaves zeros and ends the instance", async () => {
  const instance = new Instance(module);
  instance.wipe();
  assert.equal(instance.dead, true);
  assert.throws(() => instance.call("version", new Uint8Array(0)), WebAssembly.RuntimeError);
});

test("100,000 calls of all kinds leave the memory as it was", () => {
  const instance = new Instance(module);
  const credentials = { access_key_id: "ak", access_key_secret: "sk", region: "cn-hangzhou", time: "20250417T131318Z" };
  const signed = JSON.stringify({ ...credentials, method: "GET", bucket: "examplebucket" });
  const inputs = [
    ["decode", "<HttpsConfiguration><TLS><Enable>true</Enable></TLS></HttpsConfiguration>"],
    ["decode", "<HttpsConfiguration><TLS>"],
    ["sign", signed],
    ["sign", "{"],
    ["validate", "<a/>"],
    ["encode", "{}"],
    ["verify", "[]"],
    ["version", ""],
  ].map(([op, input]) => /** @type {[string, Uint8Array]} */ ([op, utf8.encode(input)]));
  const run = (/** @type {number} */ calls) => {
    for (let i = 0; i < calls; i++) {
      instance.call(.../** @type {[string, Uint8Array]} */ (inputs[i % inputs.length]));
    }
  };
  run(20_000); // until the garbage collector of the module has found its size
  const before = instance.memorySize;
  run(80_000);
  assert.equal(instance.memorySize, before);
});
