import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { OssConfError, applyFix, load } from "ossconf";

const oss = await load();

test("every fix that a report offers mends its finding, whatever characters stand before it", () => {
  const documents = [
    '{"TLS":{"Enable":true,"TLSVersion":"1.2"}}',
    "<HttpsConfiguration><!-- \u20AC \u{1F600} --><TLS><Enable>True</Enable></TLS></HttpsConfiguration>",
    "\uFEFF<HttpsConfiguration><!-- \u{1F600} --><TLS><Enable>true</Enable><TLSVersion> TLSv1.2 </TLSVersion></TLS></HttpsConfiguration>",
    '{"HttpsConfiguration":{"TLS":{"Enable":false}}}',
  ];
  for (const document of documents) {
    const fixable = oss.validate(document).findings.filter(({ fix }) => fix !== undefined);
    assert.notEqual(fixable.length, 0, document);
    for (const { rule, fix } of fixable) {
      const mended = applyFix(document, /** @type {import("ossconf").Fix} */ (fix));
      assert.ok(
        oss.validate(mended).findings.every((finding) => finding.rule !== rule),
        mended,
      );
    }
  }
});

test("edits are carried out at their bytes", () => {
  const edits = [
    { start: 0, end: 0, text: "<" },
    { start: 3, end: 7, text: "" },
    { start: 8, end: 8, text: ">" },
  ];
  assert.equal(applyFix("\u20AC\u{1F600}a", { edits }), "<\u20ACa>");
  assert.equal(applyFix("a", { edits: [] }), "a");
});

describe("refused", () => {
  const edit = { start: 0, end: 1, text: "" };
  const cases = [
    { name: "no document", document: undefined, fix: { edits: [edit] }, code: "wrong_type" },
    { name: "no fix", document: "a", fix: undefined, code: "wrong_type" },
    { name: "no edits", document: "a", fix: { edits: { length: 1 } }, code: "wrong_type" },
    { name: "an edit of nothing", document: "a", fix: { edits: [undefined] }, code: "wrong_type" },
    { name: "half a number", document: "a", fix: { edits: [{ ...edit, end: 0.5 }] }, code: "wrong_type" },
    { name: "no text", document: "a", fix: { edits: [{ start: 0, end: 0 }] }, code: "wrong_type" },
    { name: "half a pair in the document", document: "\uD800", fix: { edits: [] }, code: "character" },
    {
      name: "half a pair in the text",
      document: "a",
      fix: { edits: [{ ...edit, text: "\uD800" }] },
      code: "character",
    },
    { name: "outside", document: "a", fix: { edits: [{ ...edit, end: 2 }] }, code: "edits" },
    { name: "before the beginning", document: "a", fix: { edits: [{ ...edit, start: -1 }] }, code: "edits" },
    { name: "backwards", document: "ab", fix: { edits: [{ start: 1, end: 0, text: "" }] }, code: "edits" },
    { name: "overlapping", document: "ab", fix: { edits: [{ ...edit, end: 2 }, { ...edit, start: 1, end: 2 }] }, code: "edits" }, // prettier-ignore
    { name: "inside a character", document: "\u20AC", fix: { edits: [edit] }, code: "edits" },
  ];
  for (const { name, document, fix, code } of cases) {
    test(name, () => {
      assert.throws(
        () => applyFix(/** @type {any} */ (document), /** @type {any} */ (fix)),
        (error) => error instanceof OssConfError && error.code === code,
      );
    });
  }
});
