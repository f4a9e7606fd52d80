// What is remembered and shown of secrets and answers when they come late, or are not what they ought to be.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { App } from "../src/app.js";
import { Desk } from "../src/desk.js";
import { addressOf, load } from "../src/edge.js";
import { first, Model } from "../src/model.js";
import { Trail } from "../src/trail.js";
import { Vault } from "../src/signing.js";
import { texts } from "../src/texts/index.js";
import { core, rich } from "./core.js";

/** @typedef {import("../src/edge.js").Answer} Answer */

/** An answer that the test gives when it likes. @template T */
function deferred() {
  /** @type {(value: T) => void} */
  let resolve = () => {};
  const promise = /** @type {Promise<T>} */ (new Promise((it) => (resolve = it)));
  return { promise, resolve };
}

/** What the worker is asked, and the answers that it owes. */
const asked =
  /** @type {{ path: string, headers: Record<string, string>, answer: (response: Response) => void }[]} */ ([]);

beforeEach(() => {
  asked.splice(0);
  const page = {
    ...{ baseURI: "https://host/page/", hidden: false, addEventListener() {} },
    getElementById: () => null,
  };
  Object.assign(globalThis, { document: page, requestAnimationFrame() {} });
  mock.method(globalThis, "fetch", (/** @type {URL} */ url, /** @type {any} */ init) => {
    const { promise, resolve } = deferred();
    asked.push({ path: url.pathname, headers: init.headers, answer: resolve });
    return promise;
  });
});

/** @type {Vault<string>[]} */
const vaults = [];

afterEach(() => {
  vaults.splice(0).forEach((it) => it.forget()); // their timers would keep the test from ending
  mock.restoreAll();
  mock.timers.reset();
});

/** A desk with a token. @param {string} [bucket] */
function deskOf(bucket = "bucket-a") {
  const model = new Model(core, { bucket });
  const taken = /** @type {string[]} */ ([]);
  const app = { core, model, draw() {}, focus() {}, take: (/** @type {string} */ xml) => taken.push(xml) };
  const desk = new Desk(/** @type {App} */ (/** @type {unknown} */ (app)));
  desk.vault.remember("token");
  vaults.push(desk.vault);
  return { desk, model, taken };
}

/** @param {Desk} desk */
const shownBy = (desk) => desk.known.done?.act;

/** @param {unknown} body @param {number} [status] */
const answer = (body, status = 200) => new Response(JSON.stringify(body), { status });

/** @param {string} etag */
const stored = (etag) => ({ etag, config: core.decode(rich), request_id: "1" });

for (const [how, retarget] of /** @type {[string, (it: ReturnType<typeof deskOf>) => void][]} */ ([
  ["typed in the panel", ({ desk }) => desk.aim({ bucket: "bucket-b" })],
  ["named for the signature", ({ model }) => model.configure({ bucket: "bucket-b" })],
])) {
  test(`an answer for another bucket is dropped, which is ${how}`, async () => {
    const it = deskOf();
    const loading = it.desk.load();
    assert.equal(it.desk.known.busy, true);
    retarget(it);
    assert.equal(it.desk.known.busy, false);
    asked[0]?.answer(answer(stored('"A"')));
    await loading;
    assert.deepEqual(it.taken, []);
    assert.equal(shownBy(it.desk), undefined);
    const saving = it.desk.save();
    assert.equal(asked[1]?.path, "/page/edge/buckets/bucket-b/https-config");
    assert.equal(asked[1]?.headers["If-Match"], undefined);
    assert.equal(asked[1]?.headers["If-None-Match"], "*");
    asked[1]?.answer(answer(stored('"B"')));
    await saving;
    assert.equal(shownBy(it.desk), "saved");
    retarget(it);
    assert.equal(shownBy(it.desk), "saved"); // it is the same bucket
  });
}

test("what is known of a bucket goes with it", async () => {
  const { desk, model } = deskOf();
  const loading = desk.load();
  asked[0]?.answer(answer(stored('"A"')));
  await loading;
  model.configure({ bucket: "bucket-b" });
  assert.equal(desk.known.done, undefined);
  const saving = desk.save();
  assert.equal(asked[1]?.headers["If-Match"], undefined);
  asked[1]?.answer(answer({ error: { code: "precondition_failed" }, stored: stored('"B"') }, 412));
  await saving;
  assert.equal(desk.known.conflict?.etag, '"B"');
  model.configure({ bucket: "bucket-c" });
  assert.equal(desk.known.conflict, undefined);
});

for (const [what, body, status, kind] of /** @type {const} */ ([
  ["without a configuration", { etag: '"A"' }, 200, "absent"],
  ["whose configuration is none", { etag: '"A"', config: { TLS: 7 } }, 200, "unreadable"],
  ["that conflicts without a configuration", { error: { code: "x" }, stored: { etag: '"A"' } }, 412, "absent"],
  [
    "that conflicts with what is none",
    { error: { code: "x" }, stored: { etag: '"A"', config: { TLS: 7 } } },
    412,
    "unreadable",
  ],
  ["that is null", null, 200, "absent"],
])) {
  test(`an answer is told of ${what}`, async () => {
    const { desk, taken } = deskOf();
    const loading = desk.load();
    asked[0]?.answer(answer(body, status));
    await loading;
    const { problem, done, conflict, busy } = desk.known;
    assert.equal(problem?.kind, kind);
    assert.deepEqual([done, conflict, busy, taken], [undefined, undefined, false, []]);
  });
}

test("a token is not sent for what is no name of a bucket", async () => {
  for (const bucket of ["..", ".", "", "a/b", "a b", "A", "%2e%2e", "\ud800"]) {
    assert.throws(() => addressOf("edge/", bucket, "https://host/"), { kind: "unnamed" }, bucket);
  }
  const { desk } = deskOf("..");
  await desk.load();
  assert.equal(desk.known.problem?.kind, "unnamed");
  assert.deepEqual(asked, []);
  for (const t of Object.values(texts)) {
    assert.ok(t.edge.unnamed && t.edge.unreadable);
  }
});

test("a worker's answer is what it is", async () => {
  const loading = load(addressOf("edge/", "bucket-a", "https://host/"), "token");
  asked[0]?.answer(answer(stored('"A"')));
  assert.deepEqual(/** @type {Answer} */ (await loading), stored('"A"'));
});

test("a secret is forgotten by the clock, even if timers slept with the machine", () => {
  mock.timers.enable({ apis: ["Date"] });
  let forgotten = 0;
  const vault = new Vault(() => forgotten++);
  vault.remember("secret");
  mock.timers.setTime(10 * 60_000 - 1);
  assert.equal(vault.key, "secret");
  mock.timers.setTime(10 * 60_000);
  assert.equal(vault.key, undefined);
  assert.equal(forgotten, 1);
  vault.remember("secret"); // from now on
  assert.equal(vault.key, "secret");
  vault.forget();
});

/** An address that nothing is written to. */
const nowhere = { hash: "", push() {}, replace() {} };

/** An app whose signatures and mock answer when the test likes. */
function appOf() {
  const signed = deferred();
  const model = new Model(core, { text: first, bucket: "bucket-a", region: "cn-hangzhou" });
  mock.method(core, "sign", () => signed.promise);
  const app = new App(/** @type {any} */ ({}), core, model, new Trail(model, core.version.version, nowhere));
  const values = { access_key_id: "id", access_key_secret: "secret" };
  Object.assign(globalThis, {
    FormData: class {
      get = (/** @type {keyof typeof values} */ name) => values[name];
    },
  });
  let resets = 0;
  const signing = app.sign(/** @type {any} */ ({ reset: () => resets++ }));
  return { app, model, signed, signing, resets: () => resets };
}

for (const [why, meanwhile, kept] of /** @type {[string, (app: App) => void, boolean][]} */ ([
  ["nothing else happens", () => {}, true],
  ["another bucket is named", (app) => app.name("bucket", "bucket-b"), false],
  ["another region is named", (app) => app.name("region", "cn-beijing"), false],
  ["the key is forgotten", (app) => app.vault.forget(), false],
])) {
  test(`a signature is ${kept ? "shown" : "dropped"} if ${why} while it is made`, async () => {
    const { app, signed, signing, resets } = appOf();
    meanwhile(app);
    signed.resolve({ headers: [] });
    await signing;
    assert.equal(app.ui.signed !== undefined, kept);
    assert.equal(app.vault.key !== undefined, kept);
    assert.equal(resets(), kept ? 1 : 0);
    app.vault.forget();
  });
}

test("what the mock answers is shown beside the bucket that it was asked for", async () => {
  const { app } = appOf();
  app.show({ mockBucket: "bucket-a" });
  const slow = deferred();
  const first = app.withMock(async () => {
    await slow.promise;
    return () => app.show({ mockMessage: "a", stored: "<a/>" });
  });
  assert.equal(app.ui.busy, true);
  app.nameMock("bucket-b");
  assert.equal(app.ui.busy, false);
  const second = app.withMock(async () => () => app.show({ mockMessage: "b", stored: "<b/>" }));
  slow.resolve(undefined);
  await Promise.all([first, second]);
  assert.deepEqual([app.ui.mockMessage, app.ui.stored, app.ui.busy], ["b", "<b/>", false]);
  app.nameMock("bucket-c");
  assert.deepEqual([app.ui.mockMessage, app.ui.stored, app.ui.handshakes], ["", "", []]);
  const failing = app.withMock(() => Promise.reject(new TypeError("gone")));
  app.nameMock("bucket-d");
  await failing;
  assert.deepEqual([app.ui.mockMessage, app.ui.mockFailed], ["", false]);
});
