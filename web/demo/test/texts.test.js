// What is said in another language instead of the module's English.
import assert from "node:assert/strict";
import { test } from "node:test";

import { labelOf } from "../src/fixes.js";
import { kindOf, reasonOf } from "../src/reasons.js";
import { texts } from "../src/texts/index.js";
import { core, fixture, rich } from "./core.js";

/** @typedef {import("../src/app.js").App} App */

const { catalog } = core;
const zh = texts.zh;
const chinese = /\p{Script=Han}/u;

/** What an app has of a text. @param {string} text */
const app = (text) => /** @type {App} */ (/** @type {unknown} */ ({ t: zh, core, model: { text } }));

/** @param {Record<string, unknown>} table @param {Iterable<string>} keys */
function holds(table, keys) {
  const wanted = new Set(keys);
  assert.ok(wanted.size > 0);
  assert.deepEqual(Object.keys(table).sort(), [...wanted].sort());
  for (const [key, text] of Object.entries(table)) {
    assert.equal(typeof text, "string", key);
    assert.notEqual(text, "", key);
  }
}

test("every rule, reason and check of the catalog has a Chinese text, and nothing else has", () => {
  assert.ok(zh.sentences);
  holds(
    zh.rules,
    catalog.rules.map(({ name }) => name),
  );
  holds(
    zh.sentences.suiteReasons,
    catalog.cipher_suites.flatMap(({ reasons }) => reasons),
  );
  holds(
    zh.sentences.checks,
    catalog.profiles.flatMap(({ checks }) => checks.map(({ name }) => name)),
  );
});

test("so has every value of the catalog's unions", () => {
  holds(
    zh.levels,
    catalog.cipher_suites.map(({ level }) => level),
  );
  holds(
    zh.severities,
    catalog.rules.map(({ severity }) => severity),
  );
  const evidence = new Set(Object.keys(zh.evidence));
  for (const it of [...catalog.rules, ...catalog.profiles.flatMap(({ checks }) => checks)]) {
    assert.ok(evidence.has(it.evidence), it.evidence);
  }
});

test("no text is left in English, and none is left out", () => {
  /** @param {any} en @param {any} other @param {string} path */
  const compare = (en, other, path) => {
    assert.equal(typeof other, en === undefined ? "object" : typeof en, path);
    if (typeof en === "object") {
      for (const key of Object.keys(en)) {
        compare(en[key], other[key], `${path}.${key}`);
      }
    } else if (typeof en === "string" && /[a-z]{4}/.test(en) && !/^\.(tabs|editor)\b/.test(path)) {
      assert.match(other.replace(/^(Bucket|AccessKey (ID|Secret))$/, "名"), chinese, path);
    }
  };
  compare(texts.en, zh, "");
});

test("no suite that is called weak or insecure is without a reason", () => {
  const marked = catalog.cipher_suites.filter(({ level }) => level === "weak" || level === "insecure");
  assert.ok(marked.length > 0);
  assert.deepEqual(
    marked.filter(({ reasons }) => reasons.length === 0).map(({ openssl }) => openssl),
    [],
  );
});

test("fixes say what they do in Chinese", async () => {
  const documents = [
    await fixture("put-sample", "document.xml"),
    rich.replace("ECDHE-RSA-AES128-GCM-SHA256", " ecdhe-rsa-aes128-gcm-sha256 "),
    rich.replaceAll("TLS13CustomCipherSuite", "CustomCipherSuite"),
    rich.replace("TLSv1.2", "TLS 1.2").replace("<!-- since 2025 -->", "<!-- é漢😀 -->"),
  ];
  const labels = documents.flatMap((text) =>
    core
      .understand(text)
      .report.findings.filter(({ fix }) => fix)
      .map(({ fix }) => labelOf(app(text), /** @type {import("ossconf").Fix} */ (fix))),
  );
  assert.ok(labels.includes("将 </CustomCipherSuite> 改为 </TLS13CustomCipherSuite>"), labels.join("\n"));
  assert.ok(labels.includes("将 CustomCipherSuite 改为 TLS13CustomCipherSuite"), labels.join("\n"));
  assert.ok(labels.includes("删除 ecdhe-rsa-aes128-gcm-sha256 前后的空白"), labels.join("\n"));
  assert.ok(
    labels.some((it) => it.startsWith("删除 <TLS13CustomCipherSuite>")),
    labels.join("\n"),
  );
  assert.ok(labels.includes("将 TLS 1.2 改为 TLSv1.2"), labels.join("\n"));
  assert.deepEqual(
    labels.filter((it) => it === zh.sentences?.fix.other),
    [],
  );
});

test("clients fail in Chinese for each of the reasons", () => {
  const versions = (/** @type {string[]} */ ...list) => list.map((it) => `<TLSVersion>${it}</TLSVersion>`).join("");
  /** @type {(versions: string, suites?: string) => string} */
  const document = (versions, suites = "") =>
    `<HttpsConfiguration><TLS><Enable>true</Enable>${versions}</TLS>${suites && `<CipherSuite><Enable>true</Enable>${suites}</CipherSuite>`}</HttpsConfiguration>`;
  const custom = "<CustomCipherSuite>ECDHE-ECDSA-AES128-GCM-SHA256</CustomCipherSuite>";
  const none = "<TLS13CustomCipherSuite>AES128-SHA</TLS13CustomCipherSuite>";
  const odd = "<CustomCipherSuite>AES128-CCM8</CustomCipherSuite>";
  const seen = new Map();
  for (const text of [
    document(versions("TLSv1.3")),
    document(versions("TLSv1.2"), odd),
    document(versions("TLSv1.2"), custom),
    document(versions("TLSv1.2", "TLSv1.3"), custom + none),
    document(versions("TLSv1.0")),
  ]) {
    const simulation = core.simulate(text, "rsa");
    for (const client of simulation.clients.filter(({ outcome }) => outcome !== "connects")) {
      const reason = reasonOf(app(text), simulation, client);
      assert.match(reason, chinese, client.reason);
      assert.equal(/undefined|NaN/.test(reason), false, reason);
      seen.set(kindOf(client, simulation), reason);
    }
  }
  assert.deepEqual([...seen.keys()].sort(), ["certificate", "suite", "unknown", "version"]);
  assert.match(seen.get("version"), /^客户端提供 TLS 1\.\d、?.*，TLSVersion 接受 TLS 1\.\d$/);
  assert.match(seen.get("suite"), /^客户端为 TLS 1\.2 提供的 [1-9]\d* 个套件都不被 CustomCipherSuite 接受$/);
  assert.match(seen.get("certificate"), /TLS 1\.2.*（RSA）/);
});
