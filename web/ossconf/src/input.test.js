// What JavaScript can pass that no operation takes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import vm from "node:vm";

import { OssConfError, load } from "ossconf";

import { memoryOf, watchInstances } from "../test/watch.js";

/** @typedef {{ name: string, value: any, want: Record<string, unknown> }} Case */

const oss = await load();
const signing = {
  access_key_id: "ak",
  access_key_secret: "sk",
  region: "cn-hangzhou",
  method: "GET",
  bucket: "examplebucket",
  time: "20250417T131318Z",
};
const thrown = new Error("from a getter");
const throws = () => {
  throw thrown;
};
const wrong = { name: "OssConfError", code: "wrong_type" };

const detached = new Uint8Array(8);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
const shrunk = /** @type {any} */ (Reflect.construct(ArrayBuffer, [8, { maxByteLength: 8 }]));
const outOfBounds = new Uint8Array(shrunk, 4, 4);
shrunk.resize(2);
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const revokedArray = Proxy.revocable([], {});
revokedArray.revoke();
/** @type {Record<string, unknown>} */
const cyclic = { ...signing };
cyclic.query = [cyclic];
/** @type {unknown[]} */
const cyclicArray = [];
cyclicArray.push(cyclicArray);
const endless = new Proxy(/** @type {unknown[]} */ ([]), {
  get: (target, name) => (name === "length" ? 2 ** 53 : (Reflect.get(target, name) ?? "x")),
});
const endlessObject = new Proxy(/** @type {any} */ ({}), {
  get: (_target, name) => (typeof name === "string" ? endlessObject : undefined),
  ownKeys: () => ["a"],
  getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
});

/** @type {Case[]} */
const documents = [
  { name: "undefined", value: undefined, want: wrong },
  { name: "null", value: null, want: wrong },
  { name: "a number", value: 1, want: wrong },
  { name: "a bigint", value: 1n, want: wrong },
  { name: "a symbol", value: Symbol("s"), want: wrong },
  { name: "a function", value: () => "<a/>", want: wrong },
  { name: "a boxed string", value: Object("<a/>"), want: wrong },
  { name: "an ArrayBuffer", value: new ArrayBuffer(4), want: wrong },
  { name: "other typed arrays", value: new Uint8ClampedArray(4), want: wrong },
  { name: "a DataView", value: new DataView(new ArrayBuffer(4)), want: wrong },
  { name: "a proxy of bytes", value: new Proxy(new Uint8Array(4), {}), want: wrong },
  { name: "shared memory", value: new Uint8Array(new SharedArrayBuffer(4)), want: { ...wrong, message: /shared/ } },
  { name: "a detached buffer", value: detached, want: { ...wrong, message: /detached/ } },
  { name: "a view out of bounds", value: outOfBounds, want: { ...wrong, message: /short/ } },
  { name: "a revoked proxy", value: revoked.proxy, want: wrong },
  { name: "a date", value: new Date(), want: wrong },
  { name: "half a pair", value: "<a>\n\u{1F600}\uD800</a>", want: { code: "character", line: 2, column: 2 } },
  {
    name: "the other half, behind line ends",
    value: "\uFEFF\r\n\r \uDC00",
    want: { code: "character", line: 3, column: 2 },
  },
  { name: "a long string", value: " ".repeat(65537), want: { code: "too_large" } },
  { name: "a string that is long in UTF-8", value: "\u20AC".repeat(30_000), want: { code: "too_large" } },
  { name: "many bytes", value: new Uint8Array(65537), want: { code: "too_large" } },
  { name: "a string of half a gigabyte", value: "x".repeat(2 ** 29 - 24), want: { code: "too_large" } },
];

/** @type {Case[]} */
const requests = [
  { name: "undefined", value: undefined, want: wrong },
  { name: "null", value: null, want: wrong },
  { name: "text", value: JSON.stringify(signing), want: wrong },
  { name: "a function", value: () => signing, want: wrong },
  { name: "an array", value: [], want: { code: "type" } },
  { name: "a map", value: new Map(Object.entries(signing)), want: wrong },
  { name: "an instance of a class", value: new (class Request {})(), want: wrong },
  {
    name: "headers that are Headers",
    value: { ...signing, headers: new Headers() },
    want: { ...wrong, path: "/headers" },
  },
  { name: "a number that JSON lacks", value: { ...signing, time: NaN }, want: { ...wrong, path: "/time" } },
  { name: "a bigint", value: { ...signing, time: 1n }, want: { ...wrong, path: "/time" } },
  { name: "a symbol", value: { ...signing, key: Symbol("s") }, want: { ...wrong, path: "/key" } },
  { name: "a hole", value: { ...signing, query: new Array(1) }, want: { ...wrong, path: "/query/0" } }, // prettier-ignore
  { name: "null as a member", value: { ...signing, key: null }, want: { code: "type", path: "/key" } },
  { name: "a number as a member", value: { ...signing, region: 1 }, want: { code: "type", path: "/region" } },
  {
    name: "a misspelled member",
    value: { ...signing, regoin: "x" },
    want: { code: "unknown_member", path: "/regoin" },
  },
  { name: "a name with slashes", value: { ...signing, "a/b~": 1n }, want: { ...wrong, path: "/a~1b~0" } },
  {
    name: "half a pair",
    value: { ...signing, headers: [["a", "\uD800"]] },
    want: { code: "character", path: "/headers/0/1" },
  },
  { name: "half a pair in a name", value: { ...signing, "\uDFFF": "" }, want: { code: "character" } },
  { name: "a getter that throws", value: { ...signing, get key() { return throws(); } }, want: { ...wrong, cause: thrown } }, // prettier-ignore
  { name: "a getter that throws nothing", value: { get key() { throw undefined; } }, want: { ...wrong, cause: undefined } }, // prettier-ignore
  { name: "a proxy whose traps throw", value: new Proxy({}, { ownKeys: throws }), want: { ...wrong, cause: thrown } },
  { name: "a proxy without a prototype to tell", value: new Proxy({}, { getPrototypeOf: throws }), want: wrong },
  { name: "a revoked proxy", value: revoked.proxy, want: wrong },
  { name: "a revoked proxy inside", value: { ...signing, query: revokedArray.proxy }, want: wrong },
  { name: "an object that contains itself", value: cyclic, want: wrong },
  { name: "an array that contains itself", value: { query: cyclicArray }, want: wrong },
  { name: "an object without end", value: endlessObject, want: wrong },
  { name: "an array without end", value: { query: endless }, want: { code: "too_large" } },
  { name: "a long array", value: { query: new Array(2 ** 32 - 1) }, want: { ...wrong, path: "/query/0" } },
  { name: "many entries", value: { ...signing, query: Array.from({ length: 1001 }, (_, i) => [`${i}`, ""]) }, want: { code: "too_large" } }, // prettier-ignore
  { name: "a long string", value: { ...signing, key: "x".repeat(1 << 20) }, want: { code: "too_large" } },
  {
    name: "a string that is long in UTF-8",
    value: { ...signing, key: "\u20AC".repeat(400_000) },
    want: { code: "too_large" },
  },
  {
    name: "a string of half a gigabyte",
    value: { ...signing, key: "x".repeat(2 ** 29 - 24) },
    want: { code: "too_large" },
  },
];

/**
 * @param {() => unknown} call
 * @param {Record<string, unknown>} want
 */
function refused(call, want) {
  assert.throws(call, (error) => {
    assert.ok(error instanceof OssConfError, String(error));
    for (const [name, value] of Object.entries(want)) {
      const got = /** @type {any} */ (error)[name];
      value instanceof RegExp ? assert.match(got, value) : assert.deepEqual(got, value, name);
    }
    assert.ok(error.message.length < 300);
    return true;
  });
}

describe("documents", () => {
  for (const { name, value, want } of documents) {
    test(name, () => {
      refused(() => oss.decode(value), want);
      refused(() => oss.validate(value), want);
      refused(() => oss.encode(value), want);
      refused(() => oss.validate(value, { profiles: "all" }), want);
      if (value !== null) {
        refused(() => oss.simulate(value), { ...want, member: "document" });
        refused(() => oss.diff(null, value), { ...want, member: "after" });
      }
    });
  }
  test("text and configurations of another realm are taken", () => {
    const { bytes, config } = vm.runInNewContext(
      "({ bytes: Uint8Array.of(123, 125), config: { TLS: { Enable: true } } })",
    );
    assert.deepEqual(oss.decode(bytes), {});
    assert.match(oss.encode(config), /true/);
    assert.equal(oss.diff(bytes, config).same, false);
  });
  test("objects are refused where text is meant", () => {
    const config = /** @type {any} */ ({ TLS: {} });
    refused(() => oss.decode(config), wrong);
    refused(() => oss.validate(config, { profiles: "all" }), wrong);
  });
});

/** @type {Case[]} */
const lists = [
  { name: "null", value: null, want: wrong },
  { name: "an object", value: {}, want: wrong },
  { name: "text", value: "rsa", want: wrong },
  { name: "a set", value: new Set(["rsa"]), want: wrong },
  { name: "a number among names", value: [1], want: wrong },
  { name: "a hole", value: new Array(1), want: wrong },
  { name: "half a pair", value: ["\uD800"], want: { code: "character" } },
  { name: "a revoked proxy", value: revokedArray.proxy, want: wrong },
  { name: "an array without end", value: endless, want: { code: "too_large" } },
];

describe("options of operations on documents", () => {
  const calls = [
    { name: "certificates", call: (/** @type {any} */ options) => oss.simulate(null, options) },
    { name: "certificates", call: (/** @type {any} */ options) => oss.diff(null, null, options) },
    { name: "profiles", call: (/** @type {any} */ options) => oss.validate("", options) },
  ];
  for (const { name, value, want } of lists) {
    test(name, () => {
      for (const { name, call } of calls) {
        refused(() => call({ [name]: value }), want);
      }
    });
  }
  test("that are none", () => {
    for (const { name, call } of calls) {
      assert.deepEqual(call({ [name]: undefined }), call(undefined));
      for (const options of [null, 0, "all"]) {
        refused(() => call(options), wrong);
      }
      refused(() => call({ nam: [] }), { code: "unknown_member", path: "/nam", hint: `the options are ${name}` });
      refused(() => call(revoked.proxy), wrong);
      const getter = Object.defineProperty({}, name, { get: throws });
      refused(() => call(getter), { ...wrong, cause: thrown });
    }
  });
});

describe("requests", () => {
  for (const { name, value, want } of requests) {
    test(name, () => {
      for (const call of [oss.sign, oss.presign, oss.postPolicy, oss.verify]) {
        const inner = { ...want };
        if (want.code === "type" || want.code === "unknown_member" || name === "many entries") {
          if (call !== oss.sign) {
            continue; // another member is refused first
          }
        }
        refused(() => call(value), inner);
      }
    });
  }
  test("a proxy of a good one is taken, and so is one without a prototype", () => {
    const want = oss.sign(signing);
    assert.deepEqual(oss.sign(new Proxy(signing, {})), want);
    assert.deepEqual(oss.sign(Object.assign(Object.create(null), signing)), want);
  });
  test("nothing of the prototypes counts", (t) => {
    const want = oss.sign(signing);
    t.after(() => {
      delete (/** @type {any} */ (Object.prototype).toJSON);
      delete (/** @type {any} */ (Object.prototype).product);
    });
    Object.assign(Object.prototype, { toJSON: throws, product: "other" });
    assert.deepEqual(oss.sign(signing), want);
  });
});

test("no secret is in an error", () => {
  const secret = "verySecretAccessKeySecret";
  for (const bad of [
    { access_key_secret: secret, security_token: 1n },
    { access_key_secret: `${secret}\uD800` },
    { access_key_secret: `${secret} ` },
    { access_key_secret: [secret] },
    { access_key_secret: secret, region: secret },
    { access_key_secret: secret.repeat(100_000) },
  ]) {
    assert.throws(
      () => oss.sign(/** @type {any} */ ({ ...signing, ...bad })),
      (error) => error instanceof OssConfError && !JSON.stringify([error.message, error.stack, error]).includes(secret),
    );
  }
});

test("100,000 refusals leave the memory as it was", async (t) => {
  const made = watchInstances(t);
  const own = await load();
  const bad = [...requests, ...documents].filter(({ name }) => !/gigabyte|without end|long|many/.test(name));
  const received = { method: "GET", credentials: [], now: signing.time };
  const run = (/** @type {number} */ calls) => {
    for (let i = 0; i < calls; i++) {
      own.verify(received); // most refusals do not reach the module
      const { value } = /** @type {Case} */ (bad[i % bad.length]);
      assert.throws(() => own.sign(value));
    }
  };
  run(20_000); // until the garbage collector of the module has found its size
  const before = memoryOf(made[0]).length;
  run(100_000);
  assert.equal(memoryOf(made[0]).length, before);
  assert.equal(made.length, 1);
});
