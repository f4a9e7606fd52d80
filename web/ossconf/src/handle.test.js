import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { OssConfError, load } from "ossconf";

import { assemble, code } from "../test/fake.js";
import { fixtures } from "../test/fixtures.js";
import { module } from "../test/module.js";
import { damage, memoryOf, watchInstances } from "../test/watch.js";

const oss = await load();
const minimal =
  "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS></HttpsConfiguration>";
const signing = {
  access_key_id: "ak",
  access_key_secret: "sk",
  region: "cn-hangzhou",
  method: "GET",
  bucket: "examplebucket",
  time: "20250417T131318Z",
};

describe("documents", () => {
  test("decode and encode are each other's reverse", () => {
    const config = oss.decode(minimal);
    assert.deepEqual(config, { TLS: { Enable: true, TLSVersion: ["TLSv1.2"] } });
    assert.deepEqual(oss.decode(oss.encode(config)), config);
    assert.equal(oss.encode(config), oss.encode(minimal));
    assert.equal(oss.encode(JSON.stringify(config)), oss.encode(Buffer.from(minimal)));
    const kept = oss.decode("<HttpsConfiguration><TLS/><New>1</New></HttpsConfiguration>");
    assert.deepEqual(kept, { TLS: {}, "#unknown": [{ after: 1, xml: "<New>1</New>" }] });
    assert.match(oss.encode(kept), /<New>1<\/New>/);
  });

  test("members that are undefined count as absent", () => {
    assert.equal(oss.encode({ TLS: { Enable: true, TLSVersion: undefined }, CipherSuite: undefined }), oss.encode({ TLS: { Enable: true } })); // prettier-ignore
  });

  test("validate reports", () => {
    assert.deepEqual(oss.validate(minimal), { valid: true, errors: 0, warnings: 0, infos: 0, findings: [] });
    const { valid, findings } = oss.validate('{"TLS":{"Enable":true,"TLSVersion":"1.2"}}');
    assert.equal(valid, false);
    assert.equal(findings[0]?.rule, "tls-version-value");
    assert.deepEqual(findings[0]?.fix?.edits, [{ start: 35, end: 40, text: '"TLSv1.2"' }]);
    assert.equal(oss.validate(new Uint8Array([0xff, 0])).valid, false);
  });

  for (const fixture of fixtures("strictness")) {
    const document = fixture.files["document.xml"];
    if (document === undefined || fixture.header.nest !== undefined) {
      continue;
    }
    test(`strictness/${fixture.name} is read or refused as expected`, () => {
      const decode = () => oss.decode(document.replace(/\n$/, ""));
      if (fixture.header.expect?.startsWith("accept")) {
        decode();
      } else {
        assert.throws(decode, OssConfError);
      }
    });
  }
});

describe("signature vectors", () => {
  for (const { name, header, files } of fixtures("vectors")) {
    test(name, () => {
      const input = JSON.parse(/** @type {string} */ (files["input.json"]));
      const operations = { sign: oss.sign, presign: oss.presign, post_policy: oss.postPolicy };
      const got = operations[/** @type {keyof typeof operations} */ (header.operation)](input);
      const want = JSON.parse(/** @type {string} */ (files["expected.json"]));
      assert.deepEqual(Object.fromEntries(Object.keys(want).map((key) => [key, /** @type {any} */ (got)[key]])), want);
    });
  }
});

test("verify tells right from wrong", () => {
  const { headers } = oss.sign(signing);
  const { region, method, bucket } = signing;
  const received = { region, method, bucket, headers, now: signing.time };
  const right = oss.verify({ ...received, credentials: [{ access_key_id: "ak", access_key_secret: "sk" }] });
  assert.deepEqual([right.ok, right.access_key_id, right.presigned], [true, "ak", false]);
  const wrong = oss.verify({ ...received, credentials: [{ access_key_id: "ak", access_key_secret: "other" }] });
  assert.equal(wrong.ok, false);
  assert.equal(wrong.service_error?.code, "SignatureDoesNotMatch");
  assert.equal(wrong.canonical_request, right.canonical_request);
  const unsigned = oss.verify({ ...received, headers: [], credentials: [] });
  assert.equal(unsigned.service_error?.status, 403);
});

test("verify tells a right form from a wrong one", () => {
  const { access_key_id, access_key_secret, region, time } = signing;
  const credential = `ak/20250417/${region}/oss/aliyun_v4_request`;
  const conditions = [
    { "x-oss-signature-version": "OSS4-HMAC-SHA256" },
    { "x-oss-credential": credential },
    { "x-oss-date": time },
    { bucket: "examplebucket" },
  ];
  const policy_json = JSON.stringify({ expiration: "2025-04-17T14:13:18.000Z", conditions });
  const { fields } = oss.postPolicy({ access_key_id, access_key_secret, region, time, policy_json });
  const received = { region, form: fields, now: time, credentials: [{ access_key_id, access_key_secret }] };
  const right = oss.verify(received);
  assert.deepEqual([right.ok, right.access_key_id, right.policy_json], [true, "ak", policy_json]);
  assert.equal(typeof right.string_to_sign, "string");
  const wrong = oss.verify({
    ...received,
    form: fields.map(([name, value]) => [name, value.replace(/[0-9a-f]$/, "x")]),
  });
  assert.equal(wrong.ok, false);
});

test("methods need no this", () => {
  const { version } = oss;
  assert.equal(version().abi, 1);
});

describe("errors of the module", () => {
  test("say where in a document", () => {
    assert.throws(() => oss.decode("<HttpsConfiguration>\n<TLS></Tls></HttpsConfiguration>"), {
      name: "OssConfError",
      code: "mismatched_tag",
      message: "</Tls> where <TLS> is open",
      line: 2,
      column: 6,
      path: "/HttpsConfiguration/TLS",
      hint: "write </TLS>",
    });
  });
  test("say where in an object, without lines that nobody saw", () => {
    for (const call of [
      () => oss.sign({ ...signing, headers: [/** @type {any} */ (["a"])] }),
      () => oss.encode(/** @type {any} */ ({ TLS: { Enable: 1 } })),
    ]) {
      assert.throws(call, (/** @type {OssConfError} */ e) => e.line === undefined && e.column === undefined && /^\//.test(e.path ?? "")); // prettier-ignore
    }
  });
});

describe("an instance that fails is wiped and replaced", () => {
  test("a trap", async (t) => {
    const made = watchInstances(t);
    const own = await load();
    own.sign(signing);
    damage(made[0]);
    assert.throws(
      () => own.sign(signing),
      (e) => e instanceof OssConfError && e.code === "trap" && e.cause instanceof WebAssembly.RuntimeError,
    );
    assert.ok(memoryOf(made[0]).every((byte) => byte === 0));
    assert.deepEqual(own.sign(signing), oss.sign(signing));
    assert.equal(made.length, 2);
  });

  test("a panic that the module recovered from", async (t) => {
    const made = watchInstances(t);
    const answer = [2, ...Buffer.from('{"error":{"code":"panic","message":"the operation failed unexpectedly"}}')];
    const own = await load({ module: await assemble({ answer }) });
    for (let i = 1; i <= 3; i++) {
      assert.throws(() => own.version(), { name: "OssConfError", code: "panic" });
      assert.equal(made.length, i);
      assert.ok(memoryOf(made[i - 1]).every((byte) => byte === 0));
    }
  });

  test("a call with the stack nearly exhausted", async () => {
    const own = await load();
    /** @type {unknown[]} */
    const errors = [];
    const dive = () => {
      try {
        dive();
      } catch (error) {
        errors.push(error);
      }
      if (errors.length < 400) {
        try {
          own.sign(signing);
        } catch (error) {
          errors.push(error);
        }
      }
    };
    dive();
    assert.deepEqual(own.sign(signing), oss.sign(signing));
  });

  test("an answer that is not UTF-8, or not JSON", async () => {
    for (const answer of [[0, 0xff], [0, 0x7b], [1], [1, 0x7b, 0x7d]]) {
      const own = await load({ module: await assemble({ answer }) });
      assert.throws(() => own.version(), { name: "OssConfError", code: "trap" });
    }
  });

  test("a module that always traps", async () => {
    const own = await load({ module: await assemble({ op: code.unreachable }) });
    for (let i = 0; i < 3; i++) {
      assert.throws(() => own.version(), { code: "trap" });
    }
  });
});

describe("several", () => {
  test("objects have instances of their own", async (t) => {
    const made = watchInstances(t);
    const [a, b] = await Promise.all([load(), load()]);
    assert.equal(made.length, 2);
    a.close();
    assert.deepEqual(b.decode(minimal), oss.decode(minimal));
  });
  test("calls of load compile once", async (t) => {
    const compile = t.mock.method(WebAssembly, "compile");
    await Promise.all([load(), load(), load({ module })]);
    assert.equal(compile.mock.callCount(), 0); // this file called load before
  });
});

describe("close", () => {
  test("leaves nothing in the memory", async (t) => {
    const made = watchInstances(t);
    const own = await load();
    own.sign({ ...signing, access_key_secret: "verySecretAccessKeySecret" });
    assert.ok(memoryOf(made[0]).some((byte) => byte !== 0));
    own.close();
    assert.ok(memoryOf(made[0]).every((byte) => byte === 0));
    own.close();
  });
  test("ends all operations", async () => {
    const own = await load();
    own.close();
    const closed = { name: "OssConfError", code: "not_loaded" };
    const reader = () => assert.fail("the input was read");
    const input = Object.defineProperty({}, "method", { get: reader, enumerable: true });
    for (const call of [
      own.decode,
      own.encode,
      own.validate,
      own.simulate,
      own.diff,
      own.sign,
      own.presign,
      own.postPolicy,
      own.verify,
      own.catalog,
      own.version,
    ]) {
      // prettier-ignore
      assert.throws(() => /** @type {any} */ (call)(input), closed);
    }
    assert.throws(() => own.validate(minimal, { profiles: "all" }), closed);
    await assert.rejects(own.signRequest(new Request("http://127.0.0.1/"), signing), closed);
  });
  test("in a getter of what is being read", async () => {
    const own = await load();
    const input = { ...signing };
    Object.defineProperty(input, "method", { get: () => (own.close(), "GET"), enumerable: true });
    assert.throws(() => own.sign(input), { code: "not_loaded" });
  });
});

test("what was encoded for a call is zeros when it has returned", async (t) => {
  const encode = t.mock.method(TextEncoder.prototype, "encode");
  const encodeInto = t.mock.method(TextEncoder.prototype, "encodeInto");
  oss.sign({ ...signing, access_key_secret: "verySecretAccessKeySecret" });
  assert.throws(() => oss.sign({ ...signing, access_key_secret: "verySecret AccessKeySecret" }));
  assert.equal(encodeInto.mock.callCount(), 2);
  oss.sign({ ...signing, body: "x".repeat(500_000), access_key_secret: "verySecret" });
  assert.throws(() => oss.sign({ ...signing, key: "\u{1F600}".repeat(300_000), access_key_secret: "verySecret" }));
  const copies = encode.mock.calls.map(({ result }) => /** @type {Uint8Array} */ (result));
  assert.ok(copies.length >= 2);
  // The memory may have grown since, which detaches a view of it.
  const blocks = encodeInto.mock.calls.map(({ arguments: [, block] }) => block).filter((block) => block.length > 0);
  assert.ok([...copies, ...blocks].every((copy) => copy.every((byte) => byte === 0)));
  assert.ok(copies.every((copy) => copy.length > 0));
});
