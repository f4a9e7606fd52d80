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
    (text) => text.replace("<!-- since 2025 -->", "$&\n    <TLSVersion>TLSv1.1</TLSVersion>"),
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
    assert.deepEqual(rewrite(rich, config, core), { text: expected, anew: false });
    assert.equal(meaning(core.decode(expected)), meaning(config));
  });
}

/** Documents with little in them, or in odd forms. */
const odd = [
  '{"TLS":{"Enable":true,"TLSVersion":"TLSv1.2","Else":"x"}}',
  "<HttpsConfiguration><TLS/><Else>x</Else></HttpsConfiguration>",
  "<HttpsConfiguration><TLS></TLS></HttpsConfiguration>",
  "<HttpsConfiguration/>",
  "<HttpsConfiguration><TLS><Enable><![CDATA[true]]></Enable><TLSVersion><![CDATA[TLSv1.2]]></TLSVersion></TLS></HttpsConfiguration>",
];

for (const text of odd) {
  test(`says what it has to: ${text}`, () => {
    const config = core.decode(text);
    config.TLS = { ...config.TLS, Enable: true, TLSVersion: ["TLSv1.3", "TLSv1.2"] };
    config.CipherSuite = { Enable: true, StrongCipherSuite: false, CustomCipherSuite: ["AES128-SHA"] };
    assert.equal(meaning(core.decode(rewrite(text, config, core).text)), meaning(config));
  });
}

/** @type {[name: string, text: string, change: (config: Config) => void, expected: string][]} */
const places = [
  [
    "no TLS",
    "<!-- ticket 4711 -->\n<HttpsConfiguration> <!-- of A -->\n  <CipherSuite>\n    <Enable>false</Enable>\n  </CipherSuite>\n</HttpsConfiguration>\n",
    (config) => (config.TLS = { Enable: true, TLSVersion: ["TLSv1.2"] }),
    "<!-- ticket 4711 -->\n<HttpsConfiguration> <!-- of A -->\n  <TLS>\n    <Enable>true</Enable>\n    <TLSVersion>TLSv1.2</TLSVersion>\n  </TLS>\n  <CipherSuite>\n    <Enable>false</Enable>\n  </CipherSuite>\n</HttpsConfiguration>\n",
  ],
  [
    "nothing at all, in a line",
    "<?xml version='1.0'?><!-- ticket 4711 --><HttpsConfiguration/>",
    (config) => (config.TLS = { Enable: false }),
    "<?xml version='1.0'?><!-- ticket 4711 --><HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>",
  ],
  [
    "empty containers, one as a single tag",
    "<HttpsConfiguration>\n\t<TLS></TLS> <!-- ticket 4711 -->\n\t<CipherSuite/>\n</HttpsConfiguration>",
    (config) => {
      config.TLS = { Enable: false };
      config.CipherSuite = { Enable: true, StrongCipherSuite: true };
    },
    "<HttpsConfiguration>\n\t<TLS>\n\t\t<Enable>false</Enable>\n\t</TLS> <!-- ticket 4711 -->\n\t<CipherSuite>\n\t\t<Enable>true</Enable>\n\t\t<StrongCipherSuite>true</StrongCipherSuite>\n\t</CipherSuite>\n</HttpsConfiguration>",
  ],
  [
    "an empty container with a comment",
    "<HttpsConfiguration>\n  <TLS>\n    <!-- ticket 4711 -->\n  </TLS>\n  <CipherSuite> <!-- none --> </CipherSuite>\n</HttpsConfiguration>",
    (config) => {
      config.TLS = { Enable: false };
      config.CipherSuite = { Enable: false };
    },
    "<HttpsConfiguration>\n  <TLS>\n    <Enable>false</Enable>\n    <!-- ticket 4711 -->\n  </TLS>\n  <CipherSuite> <!-- none -->\n    <Enable>false</Enable>\n  </CipherSuite>\n</HttpsConfiguration>",
  ],
  [
    "a last value with blanks behind it goes while another list grows",
    "<HttpsConfiguration>\n  <TLS/>\n  <CipherSuite>\n    <Enable>true</Enable>\n    <CustomCipherSuite>A</CustomCipherSuite>  \n    <!-- ticket 4711 -->\n  </CipherSuite>\n</HttpsConfiguration>",
    (config) => (config.CipherSuite = { Enable: true, TLS13CustomCipherSuite: ["B"] }),
    "<HttpsConfiguration>\n  <TLS/>\n  <CipherSuite>\n    <Enable>true</Enable>\n    <TLS13CustomCipherSuite>B</TLS13CustomCipherSuite>\n    <!-- ticket 4711 -->\n  </CipherSuite>\n</HttpsConfiguration>",
  ],
  [
    "behind a comment on the same line",
    "<HttpsConfiguration>\n  <TLS>\n    <TLSVersion>TLSv1.0</TLSVersion> <!-- till 2027 -->\n  </TLS>\n</HttpsConfiguration>",
    (config) => config.TLS?.TLSVersion?.push("TLSv1.2"),
    "<HttpsConfiguration>\n  <TLS>\n    <TLSVersion>TLSv1.0</TLSVersion> <!-- till 2027 -->\n    <TLSVersion>TLSv1.2</TLSVersion>\n  </TLS>\n</HttpsConfiguration>",
  ],
  [
    "an order, with the comments",
    "<HttpsConfiguration>\n  <TLS>\n    <!-- old ones -->\n    <TLSVersion>TLSv1.0</TLSVersion> <!-- till 2027 -->\n    <TLSVersion>TLSv1.2</TLSVersion>\n  </TLS>\n</HttpsConfiguration>",
    (config) => config.TLS?.TLSVersion?.reverse(),
    "<HttpsConfiguration>\n  <TLS>\n    <TLSVersion>TLSv1.2</TLSVersion>\n    <!-- old ones -->\n    <TLSVersion>TLSv1.0</TLSVersion> <!-- till 2027 -->\n  </TLS>\n</HttpsConfiguration>",
  ],
  [
    "a container goes, and what was said in it stays",
    "<HttpsConfiguration>\n  <TLS/>\n  <CipherSuite>\n    <Enable>false</Enable> <!-- ticket 4711 -->\n  </CipherSuite> <!-- of A -->\n</HttpsConfiguration>",
    (config) => delete config.CipherSuite,
    "<HttpsConfiguration>\n  <TLS/>\n  <!-- ticket 4711 --> <!-- of A -->\n</HttpsConfiguration>",
  ],
  [
    "lines that end with CR and LF",
    "<HttpsConfiguration>\r\n  <TLS>\r\n    <Enable>true</Enable>\r\n    <TLSVersion>TLSv1.2</TLSVersion>\r\n  </TLS>\r\n</HttpsConfiguration>\r\n",
    (config) => {
      config.TLS = { Enable: true, TLSVersion: ["TLSv1.3"] };
      config.CipherSuite = { Enable: false };
    },
    "<HttpsConfiguration>\r\n  <TLS>\r\n    <Enable>true</Enable>\r\n    <TLSVersion>TLSv1.3</TLSVersion>\r\n  </TLS>\r\n  <CipherSuite>\r\n    <Enable>false</Enable>\r\n  </CipherSuite>\r\n</HttpsConfiguration>\r\n",
  ],
  [
    "JSON",
    '{\r\n    "CipherSuite": {"Later": [1, 2]},\r\n    "TLS": {"TLSVersion": "TLSv1.2", "Enable": true}\r\n}\r\n',
    (config) => {
      config.TLS = { Enable: false, TLSVersion: ["TLSv1.2"] };
      config.CipherSuite = { ...config.CipherSuite, Enable: true, CustomCipherSuite: ["A"] };
    },
    '{\r\n    "CipherSuite": {\r\n        "Later": [\r\n            1,\r\n            2\r\n        ],\r\n        "Enable": true,\r\n        "CustomCipherSuite": [\r\n            "A"\r\n        ]\r\n    },\r\n    "TLS": {\r\n        "TLSVersion": "TLSv1.2",\r\n        "Enable": false\r\n    }\r\n}\r\n',
  ],
  [
    "JSON in a line",
    '{"TLS":{"Enable":true}}',
    (config) => (config.CipherSuite = { Enable: false }),
    '{"TLS":{"Enable":true},"CipherSuite":{"Enable":false}}',
  ],
];

for (const [name, text, change, expected] of places) {
  test(`edits in place: ${name}`, () => {
    const config = core.decode(text);
    change(config);
    assert.deepEqual(rewrite(text, config, core), { text: expected, anew: false });
    assert.equal(meaning(core.decode(expected)), meaning(config));
  });
}

test("what cannot be edited is written anew, with the ends of its lines", () => {
  const text = '{"TLS":{"Enable":true,"Else":12345678901234567890}}\r\n';
  const config = { ...core.decode(text), CipherSuite: { Enable: false } };
  const edited = rewrite(text, config, core);
  assert.equal(edited.anew, true);
  assert.equal(edited.text, core.encode(config).replaceAll("\n", "\r\n"));
  assert.match(edited.text, /<Else>12345678901234567890<\/Else>/);
});

/** Numbers that are the same each time. @param {number} seed */
function numbers(seed) {
  return (/** @type {number} */ n) => {
    seed = (seed * 48271) % 2147483647;
    return seed % n;
  };
}

const values = {
  TLSVersion: ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
  CustomCipherSuite: ["AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256", "X", "AES256-SHA"],
  TLS13CustomCipherSuite: ["TLS_AES_128_GCM_SHA256", "Y&Z"],
};

/**
 * Some configuration with the unknown elements of another one.
 *
 * @param {(n: number) => number} random
 * @param {Config} before
 * @returns {Config}
 */
function change(random, before) {
  const part = (/** @type {Record<string, unknown>} */ object) =>
    Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
  const truth = () => [undefined, true, false][random(3)];
  const some = (/** @type {keyof typeof values} */ list) =>
    random(4) ? values[list].filter(() => random(2) === 0).sort(() => random(3) - 1) : undefined;
  const container = (/** @type {"TLS" | "CipherSuite"} */ name, /** @type {Record<string, unknown>} */ members) => {
    const unknown = before[name]?.["#unknown"];
    return unknown || random(6) ? part({ ...members, "#unknown": unknown }) : undefined;
  };
  return part({
    TLS: container("TLS", { Enable: truth(), TLSVersion: some("TLSVersion") }),
    CipherSuite: container("CipherSuite", {
      ...{ Enable: truth(), StrongCipherSuite: truth() },
      ...{ CustomCipherSuite: some("CustomCipherSuite"), TLS13CustomCipherSuite: some("TLS13CustomCipherSuite") },
    }),
    "#unknown": before["#unknown"],
  });
}

test("any change of any document says what it has to, and loses no unknown element", () => {
  const random = numbers(7);
  let text = rich;
  for (let i = 0; i < 500; i++) {
    const next = change(random, core.decode(text));
    const edited = rewrite(text, next, core);
    assert.equal(edited.anew, false, `change ${i}`);
    ({ text } = edited);
    assert.equal(meaning(core.decode(text)), meaning(next), `change ${i}`);
  }
  assert.match(text, /<Hint>of tomorrow<\/Hint>[^]*<Later><Deep>1<\/Deep><\/Later>[^]*<Also>kept &amp; sound<\/Also>/);
  assert.match(text, /<!-- of the team for storage -->[^]*<!-- since 2025 -->/);
});

/**
 * A document that says what a configuration says, with comments wherever comments can be.
 *
 * @param {(n: number) => number} random
 * @param {Config} config
 */
function written(random, config) {
  const newline = random(2) ? "\n" : "\r\n";
  const depth = ["  ", "\t", "    "][random(3)] ?? "";
  const inLines = random(4) > 0;
  let comments = 0;
  const comment = () => `<!-- ${["", `line${newline}`][inLines ? random(2) : 0]}c${comments++} -->`;
  const line = (/** @type {number} */ level) => (inLines ? newline + depth.repeat(level) : "");
  const above = (/** @type {number} */ level) =>
    Array.from({ length: inLines && random(3) === 0 ? 1 + random(2) : 0 }, () => line(level) + comment()).join("");
  const beside = () => (random(3) === 0 ? [" ", ""][random(2)] + comment() : "") + ["", "  "][random(2)];
  /** @type {(name: string, value: unknown, level: number) => string} */
  const element = (name, value, level) => {
    const before = above(level) + line(level);
    if (typeof value !== "object") {
      return `${before}<${name}>${String(value).replace("&", "&amp;")}</${name}>${beside()}`;
    }
    const children = Object.entries(value ?? {}).flatMap(([child, it]) =>
      (Array.isArray(it) ? it : [it]).map((one) => element(child, one, level + 1)),
    );
    const inside = children.join("") + above(level + 1);
    if (inside === "" && random(2)) {
      return `${before}<${name}/>${beside()}`;
    }
    return `${before}<${name}>${inLines ? beside() : ""}${inside}${inside && line(level)}</${name}>${beside()}`;
  };
  return element("HttpsConfiguration", config, 0).trimStart() + newline;
}

/**
 * What stands beside each comment: an element on its line before it, or else one directly below it. Elements are named by
 * their container and, in a list, by what they say.
 *
 * @param {string} text
 * @returns {{ comments: string[], elements: Set<string>, beside: Map<string, string> }}
 */
function neighbours(text) {
  const comments = [];
  const elements = new Set();
  const beside = new Map();
  /** Comments that wait for an element below them. @type {string[]} */
  let waiting = [];
  let container = "";
  let last = ""; // the element before, on this line
  for (const [piece] of text.matchAll(/<!--[^]*?-->|<(\w+)>[^<]+<\/\1>|<[^>]*>|\r?\n|[^<\r\n]+/g)) {
    if (/^\r?\n$/.test(piece)) {
      last = "";
    } else if (piece.startsWith("<!--")) {
      const [id = ""] = /c\d+/.exec(piece) ?? [];
      comments.push(id);
      if (last) {
        beside.set(id, last);
      } else {
        waiting.push(id);
      }
    } else if (/^<\//.test(piece)) {
      container = "";
      last = piece.slice(2, -1);
      waiting = [];
    } else if (piece.startsWith("<")) {
      const [, name = ""] = /^<(\w+)/.exec(piece) ?? [];
      const isContainer = /^(TLS|CipherSuite|HttpsConfiguration)$/.test(name);
      last = isContainer ? name : `${container}/${/Enable|Strong/.test(name) ? name : piece}`;
      container = isContainer && !piece.endsWith("/>") ? name : container;
      elements.add(last);
      for (const id of waiting) {
        beside.set(id, last);
      }
      waiting = [];
    }
  }
  return { comments, elements, beside };
}

test("any change of any document keeps each comment, beside what it stood beside", () => {
  const random = numbers(11);
  let checked = 0;
  for (let i = 0; i < 1000; i++) {
    const config = change(random, {});
    const text = written(random, config);
    assert.equal(meaning(core.decode(text)), meaning(config), text);
    const next = change(random, config);
    const edited = rewrite(text, next, core);
    const told = JSON.stringify({ i, text, edited, next }, null, 1);
    assert.equal(edited.anew, false, told);
    assert.equal(meaning(core.decode(edited.text)), meaning(next), told);
    assert.equal(/(?<!\r)\n/.test(edited.text), /(?<!\r)\n/.test(text), told);
    const [before, after] = [neighbours(text), neighbours(edited.text)];
    assert.deepEqual(after.comments.toSorted(), before.comments.toSorted(), told);
    for (const [id, neighbour] of before.beside) {
      if (after.elements.has(neighbour)) {
        assert.equal(after.beside.get(id), neighbour, `${id}: ${told}`);
        checked++;
      }
    }
  }
  assert.ok(checked > 1000, `${checked} comments`);
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
