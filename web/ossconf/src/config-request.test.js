// The operations that take documents together with something else.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { OssConfError, applyFix, load } from "ossconf";
import { Instance } from "ossconf/raw";

import { module } from "../test/module.js";

const oss = await load();
const raw = new Instance(module);
const { clients, presets, profiles } = oss.catalog();
const chosen = presets.filter((it) => it.config.CipherSuite);

/** @type {import("ossconf").ConfigInput} */
const config = {
  TLS: { Enable: true, TLSVersion: ["TLSv1.2"] },
  CipherSuite: {
    Enable: true,
    StrongCipherSuite: false,
    CustomCipherSuite: ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"],
  },
};
const xml = oss.encode(config);
const forms = [xml, JSON.stringify(config), Buffer.from(xml), config];
const notUTF8 = Buffer.from("<HttpsConfiguration>\n<TLS>\xFF</TLS></HttpsConfiguration>", "latin1");

/**
 * The answer of the module to a request.
 *
 * @param {string} op
 * @param {object} request
 */
function answer(op, request) {
  const { status, out } = raw.callText(op, JSON.stringify(request));
  assert.equal(status, 0, out);
  return JSON.parse(out);
}

/** @param {readonly { readonly name: string }[]} list */
const names = (list) => list.map(({ name }) => name);

describe("simulate", () => {
  test("answers as the module does, whatever form a configuration has", () => {
    const want = answer("simulate", { document: xml });
    assert.deepEqual(want.certificates, ["rsa", "ecdsa"]);
    for (const form of forms) {
      assert.deepEqual(oss.simulate(form), want);
    }
    assert.deepEqual(oss.simulate(null), answer("simulate", { document: null }));
  });

  test("counts every client of the catalog once", () => {
    const { connects, fails, unknown, ...simulated } = oss.simulate(config);
    assert.deepEqual(names(simulated.clients), names(clients));
    assert.equal(connects + fails + unknown, clients.length);
    assert.equal(simulated.clients.filter(({ outcome }) => outcome === "connects").length, connects);
    const old = simulated.clients.find(({ name }) => name === "360 Browser 7.5");
    assert.deepEqual([old?.outcome, old?.rule], ["fails", "CustomCipherSuite"]);
  });

  test("takes the certificates of the server", () => {
    const certificates = /** @type {const} */ (["ecdsa"]);
    const got = oss.simulate(xml, { certificates });
    assert.deepEqual(got, answer("simulate", { document: xml, certificates }));
    assert.deepEqual(got.certificates, certificates);
    assert.deepEqual(got.accepts.cipher_suites, ["ECDHE-ECDSA-AES128-GCM-SHA256"]);
  });
});

describe("diff", () => {
  test("answers as the module does, whatever form the configurations have", () => {
    const document = "<HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>";
    const certificates = /** @type {const} */ (["rsa"]);
    for (const form of forms) {
      assert.deepEqual(oss.diff(document, form), answer("diff", { before: document, after: xml }));
      assert.deepEqual(oss.diff(form, document), answer("diff", { before: xml, after: document }));
      assert.deepEqual(oss.diff(form, null, { certificates }), answer("diff", { before: xml, after: null, certificates })); // prettier-ignore
    }
  });

  test("finds no difference between forms of a configuration", () => {
    for (const form of forms) {
      const { same, document } = oss.diff(form, xml);
      assert.deepEqual([same, document], [true, { switches: [], lists: [], unknown: [] }]);
    }
    assert.equal(oss.diff(null, null).same, true);
    assert.equal(oss.diff(null, "<HttpsConfiguration/>").same, false);
  });

  test("says whom a configuration loses and gains", () => {
    const modern = presets.find(({ name }) => name === "mozilla-modern-6.0")?.config ?? {};
    const before = oss.simulate(config).clients;
    const after = oss.simulate(modern).clients;
    const { lost, gained } = oss.diff(config, modern).clients;
    assert.ok(lost.length > 0);
    assert.deepEqual(
      names(lost),
      names(before.filter(({ outcome }, i) => outcome === "connects" && after[i]?.outcome === "fails")),
    );
    assert.deepEqual(gained, []);
    assert.deepEqual(names(oss.diff(modern, config).clients.gained), names(lost));
    assert.equal(lost[0]?.after.rule, "TLSVersion");
  });
});

describe("validate with profiles", () => {
  test("adds to the report how the document stands to them, in their order", () => {
    for (const document of [xml, JSON.stringify(config), Buffer.from(xml)]) {
      const selected = /** @type {const} */ (["pci-dss-4.0.1", "mozilla-modern-6.0"]);
      const { profiles: assessments, presets: distances, ...report } = oss.validate(document, { profiles: selected });
      assert.deepEqual(report, oss.validate(document));
      assert.deepEqual(names(assessments), selected);
      assert.deepEqual(names(distances ?? []), names(chosen));
      assert.deepEqual(
        assessments.map(({ result }) => result),
        ["passes", "fails"],
      );
      assert.deepEqual(
        oss.validate(document, { profiles: selected }),
        answer("validate_profiles", { document: String(document), profiles: selected }),
      );
    }
  });

  test("says how far the document is from each preset", () => {
    for (const { name, config: preset } of chosen) {
      const distances = oss.validate(oss.encode(preset), { profiles: [] }).presets;
      assert.equal(distances?.find((it) => it.name === name)?.distance, 0, name);
    }
  });

  test("takes all of them, or none", () => {
    assert.deepEqual(names(oss.validate(xml, { profiles: "all" }).profiles), names(profiles));
    assert.deepEqual(oss.validate(xml, { profiles: [] }).profiles, []);
    for (const options of [undefined, {}, { profiles: undefined }]) {
      assert.ok(!("profiles" in oss.validate(xml, options)));
    }
  });

  test("leads to configurations that pass, as many edits away as it says", () => {
    for (const { name, result, distance, passing } of oss.validate(xml, { profiles: "all" }).profiles) {
      if (result !== "fails") {
        continue;
      }
      assert.ok(passing);
      assert.equal(oss.validate(JSON.stringify(passing), { profiles: [name] }).profiles[0]?.result, "passes", name);
      const { switches, lists } = oss.diff(xml, passing).document;
      const edits = lists.flatMap(({ added, removed }) => [...added, ...removed]);
      assert.equal(switches.length + edits.length, distance);
    }
  });

  test("has fixes that applyFix carries out", () => {
    const document = JSON.stringify({ ...config, TLS: { Enable: true, TLSVersion: ["TLSv1.1", "TLSv1.2"] } });
    const [failed] = oss.validate(document, { profiles: ["pci-dss-4.0.1"] }).profiles;
    const [difference, ...others] = failed?.differences ?? [];
    assert.deepEqual([difference?.check, difference?.kind, others], ["tls-1.1", "too_much", []]);
    const mended = applyFix(document, difference?.fix ?? { edits: [] });
    assert.deepEqual(oss.decode(mended), config);
    assert.equal(oss.validate(mended, { profiles: ["pci-dss-4.0.1"] }).profiles[0]?.result, "passes");
  });

  test("reports a document that cannot be read, and leaves its profiles open", () => {
    for (const document of ["", "<a>", notUTF8]) {
      const { profiles: assessments, ...report } = oss.validate(document, { profiles: "all" });
      assert.deepEqual(report, oss.validate(document));
      assert.equal(report.valid, false);
      assert.deepEqual(assessments, profiles.map(({ name }) => ({ name, result: "unknown" }))); // prettier-ignore
    }
    assert.deepEqual(oss.validate(notUTF8, { profiles: ["nist-sp-800-52r2"] }).profiles, [
      { name: "nist-sp-800-52r2", result: "unknown" },
    ]);
  });

  test("keeps a byte order mark, which offsets count", () => {
    const document = Buffer.from(`\uFEFF${xml}`);
    const [plain, marked] = [xml, document].map((text) => oss.validate(text, { profiles: ["mozilla-modern-6.0"] }));
    const offsets = [plain, marked].map((report) => report?.profiles[0]?.differences?.[0]?.offset ?? NaN);
    assert.equal((offsets[1] ?? NaN) - (offsets[0] ?? NaN), 3);
  });
});

describe("errors", () => {
  /**
   * @param {() => unknown} call
   * @param {object} want
   */
  const refused = (call, want) => {
    assert.throws(call, (error) => {
      assert.ok(error instanceof OssConfError, String(error));
      const { hint, ...fault } = { ...error, message: error.message };
      assert.equal(typeof hint, "string");
      assert.deepEqual(fault, want);
      return true;
    });
  };
  const path = "/HttpsConfiguration/TLS";

  test("say which configuration, and where in it", () => {
    const broken = "<HttpsConfiguration>\n<TLS></Tls></HttpsConfiguration>";
    const want = { code: "mismatched_tag", message: "</Tls> where <TLS> is open", line: 2, column: 6, path };
    refused(() => oss.simulate(broken), { ...want, member: "document" });
    refused(() => oss.diff(Buffer.from(broken), config), { ...want, member: "before" });
    refused(() => oss.diff(config, broken), { ...want, member: "after" });
  });
  test("say where bytes are not UTF-8", () => {
    const want = { code: "encoding", message: "bytes that are not UTF-8", line: 2, column: 6, path };
    refused(() => oss.simulate(notUTF8), { ...want, member: "document" });
    refused(() => oss.diff(null, notUTF8), { ...want, member: "after" });
  });
  test("say where in an object, without lines that nobody saw", () => {
    const wrong = /** @type {any} */ ({ TLS: { Enable: 1 } });
    const want = { code: "content", message: "Enable is a number, not a boolean", path: `${path}/Enable` };
    refused(() => oss.simulate(wrong), { ...want, member: "document" });
    refused(() => oss.diff(xml, wrong), { ...want, member: "after" });
  });
  test("tell a configuration that is missing from a bucket without one", () => {
    const want = { code: "wrong_type", message: "there is no configuration" };
    refused(() => /** @type {any} */ (oss.simulate)(), { ...want, member: "document" });
    refused(() => /** @type {any} */ (oss.diff)(null), { ...want, member: "after" });
  });
  test("name certificates and profiles that are none", () => {
    const certificates = /** @type {any} */ (["rsa", "RSA"]);
    const message = "there is no kind of certificate of this name";
    refused(() => oss.simulate(null, { certificates }), { code: "certificates", message, path: "/certificates/1" });
    refused(() => oss.diff(null, null, { certificates: [] }), { code: "certificates", message: "there is no kind of certificate", path: "/certificates" }); // prettier-ignore
    const selected = /** @type {any} */ (["mozilla-old-6.0"]);
    refused(() => oss.validate("", { profiles: selected }), { code: "profile", message: "there is no profile of this name", path: "/profiles/0" }); // prettier-ignore
  });
});

test("documents of the largest size fit into a request, however they are escaped", () => {
  const head = "<HttpsConfiguration><TLS><Enable>false</Enable></TLS><Later>";
  const tail = "</Later></HttpsConfiguration>";
  const room = (64 << 10) - head.length - tail.length;
  for (const filling of ["\\", "\n", "\u20AC"]) {
    const size = Buffer.byteLength(filling);
    const document = head + filling.repeat(Math.floor(room / size)) + "a".repeat(room % size) + tail;
    assert.equal(Buffer.byteLength(document), 64 << 10);
    const { same } = oss.diff(document, Buffer.from(document));
    assert.equal(same, true);
    assert.equal(oss.validate(document, { profiles: "all" }).profiles.length, profiles.length);
  }
});
