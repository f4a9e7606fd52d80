import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { acceptedForm, checkForm, contentForm, holds, readCondition } from "./negotiate.js";
import { Refusal } from "./refusal.js";

/**
 * Returns what a function does: its result, or status and code of its refusal.
 *
 * @param {() => unknown} run
 */
function outcome(run) {
  try {
    return run();
  } catch (error) {
    assert.ok(error instanceof Refusal);
    return `${error.status} ${error.error.code}`;
  }
}

describe("the form of a document", () => {
  const cases = /** @type {const} */ ([
    ["application/json", "json"],
    ["Application/JSON ; charset=UTF-8", "json"],
    ["application/xml", "xml"],
    ['text/xml; charset="utf-8"', "xml"],
    ["application/xml; charset=gbk", "415 content_type"],
    ["text/plain", "415 content_type"],
    ["application/x-www-form-urlencoded", "415 content_type"],
    ["constructor", "415 content_type"],
    ["", "415 content_type"],
  ]);
  for (const [type, want] of cases) {
    test(type || "none", () => {
      assert.equal(
        outcome(() => contentForm(new Headers(type === "" ? {} : { "content-type": type }))),
        want,
      );
    });
  }
  test("compressed", () => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    assert.equal(
      outcome(() => contentForm(new Headers(headers))),
      "415 content_type",
    );
  });
});

describe("a document and its type", () => {
  const cases = /** @type {const} */ ([
    ["{}", "json", undefined],
    [" \r\n\t<a/>", "xml", undefined],
    ["\ufeff<a/>", "xml", undefined],
    ["\ufeff<a/>", "json", "415 content_type"],
    ["<a/>", "json", "415 content_type"],
    ["{}", "xml", "415 content_type"],
    ["", "json", undefined], // the report says it
    ["nonsense", "xml", undefined],
  ]);
  for (const [document, form, want] of cases) {
    test(`${JSON.stringify(document)} as ${form}`, () => {
      assert.equal(
        outcome(() => checkForm(new TextEncoder().encode(document), form)),
        want,
      );
    });
  }
});

describe("the form of an answer", () => {
  const cases = /** @type {const} */ ([
    [undefined, "json"],
    ["", "json"],
    ["*/*", "json"],
    ["application/json", "json"],
    ["application/xml", "xml"],
    ["text/xml", "xml"],
    ["application/*", "json"],
    ["text/*", "xml"],
    ["application/json;q=0.5, application/xml", "xml"],
    ["application/json, application/xml;q=0.9", "json"],
    ["application/json;q=0, */*", "xml"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml"],
    ["text/html", "406 accept"],
    ["application/json;q=0", "406 accept"],
    ["application/json;q=nonsense", "406 accept"],
  ]);
  for (const [accept, want] of cases) {
    test(String(accept), () => {
      assert.equal(
        outcome(() => acceptedForm(new Headers(accept === undefined ? {} : { accept }))),
        want,
      );
    });
  }
});

describe("conditions", () => {
  const cases = /** @type {const} */ ([
    [{}, undefined],
    [{ "if-match": '"a"' }, { match: ['"a"'] }],
    [{ "if-match": ' "a" , W/"b"' }, { match: ['"a"', 'W/"b"'] }],
    [{ "if-match": "*" }, { match: "any" }],
    [{ "if-none-match": "*" }, { none: true }],
    [{ "if-none-match": '"a"' }, "400 condition"],
    [{ "if-match": "a" }, "400 condition"],
    [{ "if-match": "" }, "400 condition"],
    [{ "if-match": "*", "if-none-match": "*" }, "400 condition"],
  ]);
  for (const [headers, want] of cases) {
    test(JSON.stringify(headers), () => {
      assert.deepEqual(
        outcome(() => readCondition(new Headers(headers))),
        want,
      );
    });
  }
  test("hold or not", () => {
    assert.equal(holds({ match: ['"a"', '"b"'] }, '"b"'), true);
    assert.equal(holds({ match: ['"a"'] }, '"b"'), false);
    assert.equal(holds({ match: ['W/"a"'] }, '"a"'), false);
    assert.equal(holds({ match: ['"a"'] }, undefined), false);
    assert.equal(holds({ match: "any" }, '"a"'), true);
    assert.equal(holds({ match: "any" }, undefined), false);
    assert.equal(holds({ none: true }, undefined), true);
    assert.equal(holds({ none: true }, '"a"'), false);
  });
});
