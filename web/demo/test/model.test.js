import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Analyst } from "../src/analysis.js";
import { Choices } from "../src/choices.js";
import { endedAs, lineEnd, shown } from "../src/lines.js";
import { endOf, indexOf } from "../src/places.js";
import { first, Model } from "../src/model.js";
import { openElements } from "../src/scan.js";
import { texts } from "../src/texts/index.js";
import { core, fixture, rich } from "./core.js";

test("the malformed sample of the official document: a fix at a time, or all at once", async () => {
  const sample = await fixture("put-sample", "document.xml");
  const model = new Model(core, { text: sample });
  assert.equal(model.understanding.config, undefined);
  let fixes = 0;
  for (;;) {
    const fix = model.understanding.report.findings.find((it) => it.severity === "error" && it.fix)?.fix;
    if (!fix) {
      break;
    }
    model.fix(fix);
    fixes++;
  }
  assert.equal(fixes, 3);
  assert.equal(model.understanding.report.valid, true);
  const mended = model.text;
  model.undo();
  assert.equal(model.understanding.report.valid, false);
  model.mend();
  assert.equal(model.text, mended);
});

test("typing without a pause is one step, all else is one each", () => {
  mock.timers.enable({ apis: ["Date"] });
  try {
    const model = new Model(core);
    model.edit("a", "typing");
    mock.timers.tick(500);
    model.edit("ab", "typing");
    mock.timers.tick(500);
    model.edit("abc", "typing");
    mock.timers.tick(1000);
    model.edit("abcd", "typing");
    model.edit(rich);
    model.undo();
    assert.equal(model.text, "abcd");
    model.undo();
    assert.equal(model.text, "abc");
    model.undo();
    assert.equal(model.text, first);
    assert.equal(model.canUndo, false);
    model.redo();
    model.redo();
    model.redo();
    assert.equal(model.text, rich);
    assert.equal(model.canRedo, false);
  } finally {
    mock.timers.reset();
  }
});

test("what is opened is what changes are compared with, as it was meant", async () => {
  const model = new Model(core);
  const sample = await fixture("put-sample", "document.xml");
  model.take(sample, "imported");
  assert.equal(model.text, sample);
  assert.equal(model.state.baseline.kind, "imported");
  assert.equal(model.state.baseline.text, core.mend(sample));
  model.take("no document at all", "imported");
  assert.deepEqual(model.state.baseline, { kind: "never", text: null });
});

test("a text that nothing can be made of is kept", () => {
  for (const text of ["", "\0", "\ud800", "x".repeat(70_000), "<".repeat(50_000), "{", "[]", "null"]) {
    const model = new Model(core);
    model.edit(text);
    assert.equal(model.text, text);
    assert.equal(model.understanding.config, undefined);
    assert.equal(model.understanding.report.valid, false);
    assert.ok(model.understanding.report.findings.length > 0, text.slice(0, 10));
    model.change((config) => delete config.TLS);
    assert.equal(model.text, text);
    model.undo();
    assert.equal(model.text, first);
  }
});

test("no more is kept to be undone than said, wherever it comes from", () => {
  const model = new Model(core);
  for (let i = 0; i < 510; i++) {
    model.go({ text: `${i}` });
  }
  let undone = 0;
  while (model.canUndo) {
    model.undo();
    undone++;
  }
  assert.equal(undone, 500);
});

/** @param {Model} model */
const suites = ({ understanding }) => understanding.config?.CipherSuite?.CustomCipherSuite ?? [];

for (const [name, go] of /** @type {[string, (model: Model) => void][]} */ ([
  ["one that is opened", (model) => model.take(first, "imported")],
  ["one that is pasted", (model) => model.edit(first)],
  ["one of another address", (model) => model.go({ text: first })],
])) {
  test(`custom suites are those of the document, not of the one before: ${name}`, () => {
    const model = new Model(core);
    const choices = new Choices(core, model);
    choices.setSuites("custom");
    const recommended = suites(model);
    assert.ok(recommended.length > 0);
    choices.toggleSuite("DES-CBC3-SHA", false);
    choices.setSuites("strong");
    model.configure({ tab: "json" });
    choices.setSuites("custom");
    assert.deepEqual(suites(model), [...recommended, "DES-CBC3-SHA"]);
    choices.setSuites("strong");
    go(model);
    choices.setSuites("custom");
    assert.deepEqual(suites(model), recommended);
  });
}

test("the form says when it had to write the document anew", () => {
  const model = new Model(core, { text: rich });
  const disable = (/** @type {import("ossconf").Config} */ config) => {
    config.TLS = { ...config.TLS, Enable: false };
  };
  model.change(disable);
  assert.equal(model.anew, false);
  model.edit('{"TLS":{"Else":12345678901234567890}}');
  model.change(disable);
  assert.equal(model.anew, true);
});

test("what was found out of an older document is told from what is of this one", () => {
  const model = new Model(core);
  const app = { core, model, draw() {}, show() {}, ui: /** @type {any} */ ({}), t: texts.en };
  const analyst = new Analyst(app);
  const stale = () => [analyst.stale("clients"), analyst.stale("profiles")];
  assert.deepEqual(stale(), [true, true]);
  analyst.find("clients");
  assert.deepEqual(stale(), [false, true]);
  analyst.find("profiles");
  const { known } = analyst;
  model.configure({ lang: "zh" });
  assert.deepEqual(stale(), [false, false]);
  model.configure({ certificates: "rsa" });
  assert.deepEqual(stale(), [true, false]);
  model.edit(rich, "typing");
  assert.deepEqual(stale(), [true, true]);
  assert.equal(analyst.known, known);
  model.undo();
  analyst.find("clients");
  assert.deepEqual(stale(), [false, false]);
});

test("lines end as they did", () => {
  assert.equal(lineEnd("a\r\nb\n"), "\r\n");
  assert.equal(lineEnd("a"), "\n");
  assert.equal(endedAs("a\r\nb", "1\n2\r\n3\n"), "1\r\n2\r\n3\r\n");
  assert.equal(endedAs("a\nb", "1\n2\r\n"), "1\n2\r\n");
  assert.equal(shown("a\r\nb\rc\n"), "a\nb\nc\n");
});

test("offsets of findings are places in the text", () => {
  const text = "é漢😀<a>b</a>";
  assert.equal(indexOf(text, 0), 0);
  assert.equal(indexOf(text, 2), 1);
  assert.equal(indexOf(text, 5), 2);
  assert.equal(indexOf(text, 9), 4);
  assert.equal(indexOf(text, 99), text.length);
  assert.equal(text.slice(4, endOf(text, 4)), "<a>b</a>");
  assert.equal(text.slice(7, endOf(text, 7)), "b");
  assert.equal(endOf(text, text.length), text.length);
});

test("the elements that are open while a document is typed", () => {
  assert.deepEqual(openElements("<a><b><c/>"), ["a", "b"]);
  assert.deepEqual(openElements("<a><b></b><!-- <x> --><d"), ["a"]);
  assert.deepEqual(openElements("<a><b></x>"), ["a"]);
  assert.deepEqual(openElements("</a></a>"), []);
});
