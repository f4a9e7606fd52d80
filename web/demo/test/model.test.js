import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { endOf, indexOf } from "../src/places.js";
import { first, Model } from "../src/model.js";
import { openElements } from "../src/scan.js";
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
