import assert from "node:assert/strict";
import { test } from "node:test";

import { meaning, rewrite } from "../src/rewrite.js";
import { scan } from "../src/scan.js";
import { core, rich } from "./core.js";

/** @typedef {import("ossconf").Config} Config */

/** @param {Config} config */
const suites = (config) => (config.CipherSuite ??= {});

/** @type {[name: string, change: (config: Config) => void, edit: (text: string) => string][]} */
const edits = [
  ["nothing", () => {}, (text) => text],
  [
    "a version before others",
    (config) => config.TLS?.TLSVersion?.unshift("TLSv1.1"),
    (text) =>
      text.replace("<Enable>true</Enable> <!--", "<Enable>true</Enable>\n    <TLSVersion>TLSv1.1</TLSVersion> <!--"),
  ],
  [
    "a version less",
    (config) => config.TLS?.TLSVersion?.pop(),
    (text) => text.replace("    <TLSVersion>TLSv1.3</TLSVersion>\n", ""),
  ],
  [
    "a switch",
    (config) => (suites(config).StrongCipherSuite = true),
    (text) => text.replace("<StrongCipherSuite>false", "<StrongCipherSuite>true"),
  ],
  [
    "a suite more",
    (config) => suites(config).CustomCipherSuite?.push("A&B<C>"),
    (text) =>
      text.replace("GCM-SHA256</CustomCipherSuite>", "$&\n    <CustomCipherSuite>A&amp;B&lt;C&gt;</CustomCipherSuite>"),
  ],
  [
    "all suites of a list",
    (config) => delete suites(config).TLS13CustomCipherSuite,
    (text) => text.replace("    <TLS13CustomCipherSuite>TLS_AES_128_GCM_SHA256</TLS13CustomCipherSuite>\n", ""),
  ],
  [
    "another suite",
    (config) => (suites(config).CustomCipherSuite = ["AES128-SHA"]),
    (text) => text.replace("ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA"),
  ],
  [
    "the container",
    (config) => delete config.CipherSuite,
    (text) => text.replace(/\n {2}<CipherSuite>[^]*<\/CipherSuite>/, ""),
  ],
];

for (const [name, change, edit] of edits) {
  test(`edits in place: ${name}`, () => {
    const config = core.decode(rich);
    change(config);
    const expected = edit(rich);
    assert.equal(rewrite(rich, config, core), expected);
    assert.equal(meaning(core.decode(expected)), meaning(config));
  });
}

test("adds a container that is missing", () => {
  const text = "<HttpsConfiguration>\n  <TLS>\n    <Enable>false</Enable>\n  </TLS> <!-- c -->\n</HttpsConfiguration>";
  const config = { ...core.decode(text), CipherSuite: { Enable: true, StrongCipherSuite: true } };
  const edited = rewrite(text, config, core);
  assert.deepEqual(core.decode(edited), config);
  assert.match(edited, /<!-- c -->/);
});

/** Documents that edits at places do not get along with are written anew, and say what they have to. */
const anew = [
  '{"TLS":{"Enable":true,"TLSVersion":"TLSv1.2","Else":"x"}}',
  "<HttpsConfiguration><TLS/><Else>x</Else></HttpsConfiguration>",
  "<HttpsConfiguration><TLS></TLS></HttpsConfiguration>",
  "<HttpsConfiguration/>",
  "<HttpsConfiguration><TLS><Enable><![CDATA[true]]></Enable><TLSVersion><![CDATA[TLSv1.2]]></TLSVersion></TLS></HttpsConfiguration>",
];

for (const text of anew) {
  test(`says what it has to: ${text}`, () => {
    const config = core.decode(text);
    config.TLS = { ...config.TLS, Enable: true, TLSVersion: ["TLSv1.3", "TLSv1.2"] };
    config.CipherSuite = { Enable: true, StrongCipherSuite: false, CustomCipherSuite: ["AES128-SHA"] };
    assert.equal(meaning(core.decode(rewrite(text, config, core))), meaning(config));
  });
}

test("any change of any document says what it has to, and loses no unknown element", () => {
  let seed = 7;
  const random = (/** @type {number} */ n) => {
    seed = (seed * 48271) % 2147483647;
    return seed % n;
  };
  const some = (/** @type {string[]} */ list) => list.filter(() => random(2) === 0).sort(() => random(3) - 1);
  const names = ["AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256", "X", "AES256-SHA"];
  const truth = () => [undefined, true, false][random(3)];
  const part = (/** @type {Record<string, unknown>} */ object) =>
    Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
  let text = rich;
  for (let i = 0; i < 500; i++) {
    const before = core.decode(text);
    const keep = (/** @type {{ "#unknown"?: unknown } | undefined} */ it) => part({ "#unknown": it?.["#unknown"] });
    const tls = part({
      Enable: truth(),
      TLSVersion: random(4) ? some(["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]) : undefined,
    });
    const suites = part({
      Enable: truth(),
      StrongCipherSuite: truth(),
      CustomCipherSuite: random(4) ? some(names) : undefined,
      TLS13CustomCipherSuite: random(4) ? some(names) : undefined,
    });
    const next = /** @type {Config} */ ({
      TLS: { ...tls, ...keep(before.TLS) },
      CipherSuite: { ...suites, ...keep(before.CipherSuite) },
      ...keep(before),
    });
    text = rewrite(text, next, core);
    assert.equal(meaning(core.decode(text)), meaning(next), `change ${i}`);
  }
  assert.match(text, /<Hint>of tomorrow<\/Hint>[^]*<Later><Deep>1<\/Deep><\/Later>[^]*<Also>kept &amp; sound<\/Also>/);
});

test("finds elements, and says so where it does not", () => {
  const root = scan(rich);
  assert.deepEqual(
    root?.children.map(({ name }) => name),
    ["TLS", "CipherSuite", "Also"],
  );
  const [tls] = root?.children ?? [];
  assert.equal(rich.slice(tls?.start, tls?.end).endsWith("</TLS>"), true);
  for (const text of ["", "{}", "<a><b></a></b>", "<a>", "</a>", "<a/><b/>", "text"]) {
    assert.equal(scan(text), undefined, text);
  }
});
