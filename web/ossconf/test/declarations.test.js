// Holds the unions of types.d.ts to what there is.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { load } from "ossconf";

const oss = await load();
const declarations = readFileSync(new URL("../types.d.ts", import.meta.url), "utf8");
const root = new URL("../../../", import.meta.url);

/**
 * The members of a union of strings, by the text in front of it.
 *
 * @param {string} before
 */
function union(before) {
  const at = declarations.indexOf(before);
  assert.ok(at >= 0, before);
  const end = declarations.indexOf(";", at);
  return [...declarations.slice(at + before.length, end).matchAll(/"([^"]+)"/g)].map((m) => m[1]).sort();
}

/**
 * The error codes in a Go package.
 *
 * @param {string} folder
 * @param {RegExp} pattern
 */
function codes(folder, pattern) {
  const files = readdirSync(new URL(folder, root)).filter((file) => /(?<!_test)\.go$/.test(file));
  const found = files.flatMap((file) => [...readFileSync(new URL(folder + file, root), "utf8").matchAll(pattern)]);
  assert.notEqual(found.length, 0);
  return found.map((m) => m[1]);
}

const cause = /source\.Cause\{Code: "([a-z_]+)"/g;

/** @param {(string | undefined)[]} list */
const sorted = (list) => [...new Set(list)].sort();

test("codes of documents", () => {
  const used = ["httpsconfig/", "xmlcodec/", "jsoncodec/"].flatMap((folder) => codes(folder, cause));
  assert.deepEqual(union("export type DocumentErrorCode ="), sorted(used));
});

test("codes of requests", () => {
  // What no caller of this package can bring about: it makes the JSON and the calls itself.
  const impossible = ["input", "refused", "unknown_operation"];
  const own = codes("core/", /code: "([a-z_]+)"/g).concat(codes("core/", /q\.problem\([^"]*"([a-z_]+)"/g));
  const used = codes("signer/", cause).concat(own.filter((code) => !impossible.includes(String(code))));
  assert.deepEqual(union("export type RequestErrorCode ="), sorted(used));
});

test("codes of the package", () => {
  const folder = "web/ossconf/src/";
  const files = readdirSync(new URL(folder, root)).filter((file) => /(?<!\.test)\.js$/.test(file));
  const texts = files.map((file) => readFileSync(new URL(folder + file, root), "utf8"));
  const used = texts.flatMap((text) => [...text.matchAll(/code: "([a-z_]+)"/g)].map((m) => m[1]));
  const declared = [...union("export type PackageErrorCode ="), ...union("export type RequestErrorCode =")];
  assert.deepEqual(sorted(used).filter((code) => !declared.includes(code)), []); // prettier-ignore
  assert.deepEqual(
    union("export type PackageErrorCode =").filter((code) => !used.includes(code)),
    ["panic"],
  );
});

test("the catalog", () => {
  const { tls_versions, cipher_suites, rules } = oss.catalog();
  assert.deepEqual(union("export type RuleName ="), sorted(rules.map(({ name }) => name)));
  assert.deepEqual(union("export type Severity ="), sorted(rules.map(({ severity }) => severity)));
  assert.deepEqual(union("export type Evidence ="), sorted(rules.map(({ evidence }) => evidence)));
  assert.deepEqual(union("export type TLSVersion ="), sorted(tls_versions.map(({ name }) => name)));
  for (const name of /** @type {const} */ (["min_version", "key_exchange", "authentication", "level"])) {
    assert.deepEqual(union(`  ${name}: `), sorted(cipher_suites.map((suite) => suite[name])));
  }
  assert.deepEqual(union("  seen: "), sorted(cipher_suites.flatMap(({ seen }) => seen)));
  const members = [
    "authentication",
    "id",
    "key_exchange",
    "level",
    "min_version",
    "name",
    "openssl",
    "reasons",
    "seen",
  ];
  assert.deepEqual(Object.keys(cipher_suites[0] ?? {}).sort(), members);
});
