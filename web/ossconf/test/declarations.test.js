// Holds the unions and the members of the declarations to what there is.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { load } from "ossconf";

const oss = await load();
const declarations = ["types", "clients", "profiles", "signatures"]
  .map((file) => readFileSync(new URL(`../${file}.d.ts`, import.meta.url), "utf8"))
  .join("");
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

/**
 * What a pattern finds in a Go file.
 *
 * @param {string} file
 * @param {RegExp} pattern
 */
function written(file, pattern) {
  const found = [...readFileSync(new URL(file, root), "utf8").matchAll(pattern)].map((m) => m[1]);
  assert.notEqual(found.length, 0);
  return found;
}

/**
 * The names in an array of strings in a Go file.
 *
 * @param {string} file
 * @param {string} name
 */
const table = (file, name) =>
  written(file, new RegExp(`^var ${name} = .*\\{(.*)\\}$`, "gm")).flatMap((line) => JSON.parse(`[${line}]`));

const cause = /source\.Cause\{Code: "([a-z_]+)"/g;

/** @param {(string | undefined)[]} list */
const sorted = (list) => [...new Set(list)].sort();

test("codes of documents", () => {
  const used = ["httpsconfig/", "xmlcodec/", "jsoncodec/"].flatMap((folder) => codes(folder, cause));
  assert.deepEqual(union("export type DocumentErrorCode ="), sorted(used));
});

test("codes of requests", () => {
  // What no caller of this package can bring about: it makes the JSON and the calls itself.
  const impossible = ["document", "format", "input", "refused", "unknown_operation"];
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
});

test("names of profiles, checks and presets", () => {
  const { profiles, presets } = oss.catalog();
  const checks = profiles.flatMap((profile) => profile.checks);
  assert.deepEqual(union("export type ProfileName ="), sorted(profiles.map(({ name }) => name)));
  assert.deepEqual(union("export type PresetName ="), sorted(presets.map(({ name }) => name)));
  assert.deepEqual(union("export type CheckName ="), sorted(checks.map(({ name }) => name)));
  assert.deepEqual(union("export type CheckEvidence ="), sorted(checks.map(({ evidence }) => evidence)));
});

test("what becomes of clients", () => {
  const names = table("httpsconfig/simulate.go", "changeNames");
  assert.deepEqual(union("export type Outcome ="), sorted(table("httpsconfig/simulate.go", "outcomeNames")));
  assert.deepEqual(union("export type ChangeKind ="), sorted(names.filter((name) => name !== "unchanged")));
  const rests = written("core/simulate.go", /^\trests := .*\{"(.*)"\}$/gm);
  const more = written("core/simulate.go", /append\(rests, "(.*)"\)/g);
  assert.deepEqual(union("  rests_on?: "), sorted([...rests, ...more]));
});

test("what decides, and what that rests on", () => {
  const names = new Map(
    [...readFileSync(new URL("httpsconfig/names.go", root), "utf8").matchAll(/^\t(name\w+) += "(.*)"$/gm)].map((m) => [
      m[1],
      m[2],
    ]),
  );
  const elements = written("httpsconfig/policy.go", /^\tbasis\w+: +\{(\w+), /gm).map((name) => names.get(name));
  assert.deepEqual(union("export type PolicyElement ="), sorted(elements));
  const other = written("httpsconfig/decide.go", /^const ByCertificate = "(.*)"$/gm);
  assert.deepEqual(union("export type RefusingRule ="), other);
  const evidence = written("httpsconfig/policy.go", /^\tbasis\w+: +\{\w+, (\w+), /gm);
  assert.deepEqual(union("export type PolicyEvidence ="), sorted(evidence.map((name) => name?.toLowerCase())));
});

test("what requests on documents take, and how their answers name things", () => {
  const kinds = written("core/configrequest.go", /^\t\tcase "(\w+)":$/gm);
  assert.deepEqual(union("export type CertificateKind ="), sorted(kinds));
  const documents = written("core/configrequest.go", /^\t+return \[\]string\{(.*)\}$/gm);
  assert.deepEqual(union("export type ConfigMember ="), sorted(documents.flatMap((list) => JSON.parse(`[${list}]`))));
  assert.deepEqual(union("  kind: "), sorted(written("core/profiles.go", /kind :?= "(\w+)"/g)));
  const results = [...declarations.matchAll(/^ {2}result: "(\w+)";$/gm)].map((m) => m[1]);
  assert.deepEqual(sorted(results), sorted(written("core/profiles.go", /\bresult(?:",| :?=) "(\w+)"/g)));
  const bools = written("httpsconfig/config.go", /^\t+return "(\w+)"$/gm);
  const containers = written("httpsconfig/compare.go", /(?:Before|After): "(\w+)"/g);
  assert.deepEqual(union("export type SwitchState ="), sorted([...bools, ...containers]));
});

/**
 * The members that an interface declares, those that are undefined always left out.
 *
 * @param {string} name
 * @returns {{ name: string, optional: boolean }[]}
 */
function declared(name) {
  const [, heritage = "", body = ""] =
    new RegExp(`^export interface ${name}\\b(.*?) \\{\n(.*?)^\\}`, "ms").exec(declarations) ?? assert.fail(name);
  const own = [...body.matchAll(/^ {2}(\w+)(\??): (?!undefined;)/gm)].map((m) => ({ name: String(m[1]), optional: m[2] === "?" })); // prettier-ignore
  const [, partial, base] = /extends (Partial<)?(?!Record)(\w+)/.exec(heritage) ?? [];
  const inherited = base === undefined ? [] : declared(base);
  return [...own, ...inherited.map((member) => ({ ...member, optional: member.optional || partial !== undefined }))];
}

/**
 * Checks that objects have the members of an interface between them, and that only optional ones are ever missing.
 *
 * @param {string} name
 * @param {readonly object[]} objects
 */
function members(name, objects) {
  const list = declared(name);
  assert.deepEqual(sorted(objects.flatMap(Object.keys)), sorted(list.map(({ name }) => name)), name);
  for (const member of list) {
    assert.equal(objects.some((object) => !(member.name in object)), member.optional, `${name}, ${member.name}`); // prettier-ignore
  }
}

test("members", () => {
  const catalog = oss.catalog();
  const { profiles, presets, clients } = catalog;
  const names = (/** @type {string} */ type) => sorted(declared(type).map(({ name }) => name));
  members("Catalog", [catalog]);
  members("CatalogSuite", catalog.cipher_suites);
  members("Rule", catalog.rules);
  members("Profile", profiles);
  members("Check", profiles.flatMap(({ checks }) => checks)); // prettier-ignore
  members("Preset", presets);
  members("Client", clients);
  const listed = (/** @type {string} */ suite) => ({
    TLS: { Enable: true, TLSVersion: ["TLSv1.2"] },
    CipherSuite: { Enable: true, StrongCipherSuite: false, CustomCipherSuite: [suite] },
  });
  const configs = [
    null,
    { TLS: { Enable: true, TLSVersion: ["TLSv1.1"] }, CipherSuite: { Enable: true } },
    listed("ECDHE-RSA-AES128-GCM-SHA256"), // the only candidate
    listed("TLS_AES_128_GCM_SHA256"), // no candidate, as far as that is known
    ...presets.map(({ config }) => config),
  ];
  const simulations = configs.map((config) => oss.simulate(config));
  members("Simulation", simulations);
  members("Accepted", simulations.map(({ accepts }) => accepts)); // prettier-ignore
  members("Basis", simulations.flatMap(({ accepts }) => accepts.basis)); // prettier-ignore
  const preference = simulations.flatMap(({ suite_preference }) => Object.keys(suite_preference));
  assert.deepEqual(sorted(["element", ...preference]), names("Basis"));

  const diffs = configs.map((config) => oss.diff(config, configs[1] ?? null));
  members("Diff", diffs);
  members("DocumentChanges", diffs.map(({ document }) => document)); // prettier-ignore
  members("SwitchChange", diffs.flatMap(({ document }) => document.switches)); // prettier-ignore
  members("ListChange", diffs.flatMap(({ document }) => document.lists)); // prettier-ignore
  members("AcceptedChanges", diffs.map(({ accepts }) => accepts)); // prettier-ignore
  members("ClientChanges", diffs.map(({ clients }) => clients)); // prettier-ignore
  assert.deepEqual(names("ClientChanges"), union("export type ChangeKind ="));
  const changes = diffs.flatMap(({ clients }) => Object.values(clients).flat());
  const outcomes = changes.flatMap(({ before, after }) => [before, after]);
  members("ClientChange", changes);
  members("ConnectingClient", outcomes.filter(({ outcome }) => outcome === "connects")); // prettier-ignore
  members("FailingClient", outcomes.filter(({ outcome }) => outcome === "fails")); // prettier-ignore
  members("UndecidedClient", outcomes.filter(({ outcome }) => outcome === "unknown")); // prettier-ignore

  const documents = ["", ...configs.slice(1).map((config) => JSON.stringify(config))];
  const assessments = documents.flatMap((document) => oss.validate(document, { profiles: "all" }).profiles);
  members("PassedProfile", assessments.filter(({ result }) => result === "passes")); // prettier-ignore
  members("FailedProfile", assessments.filter(({ result }) => result === "fails")); // prettier-ignore
  members("UnknownProfile", assessments.filter(({ result }) => result === "unknown")); // prettier-ignore
  members("Difference", assessments.flatMap(({ differences }) => differences ?? [])); // prettier-ignore
});
