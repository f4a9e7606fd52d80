import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { DOCUMENT, etagOf, worker } from "./fake.js";

const XML =
  "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.3</TLSVersion></TLS></HttpsConfiguration>";

describe("a document is stored and read back", () => {
  const cases = /** @type {const} */ ([
    ["JSON", DOCUMENT, "application/json"],
    ["XML", XML, "application/xml"],
    ["XML with a mark", `\ufeff${XML}`, "text/xml; charset=utf-8"],
  ]);
  for (const [name, document, type] of cases) {
    test(name, async () => {
      const { put, get, service, log } = worker();
      const { status, json, headers } = await put(document, { "content-type": type });
      const etag = etagOf(DOCUMENT);
      assert.equal(status, 200);
      assert.deepEqual(json, {
        bucket: "examplebucket",
        etag,
        config: JSON.parse(DOCUMENT),
        acknowledged: true,
        as_sent: true,
        report: { valid: true, errors: 0, warnings: 0, infos: 0, findings: [] },
        request_id: "PUT0",
      });
      assert.equal(headers.etag, etag);
      assert.deepEqual(
        service.requests.map(({ method }) => method),
        ["PUT", "GET"],
      );
      const { milliseconds, id, ...record } = log[0] ?? {};
      assert.equal(typeof milliseconds, "number");
      assert.equal(typeof id, "string");
      assert.deepEqual(record, {
        event: "request",
        method: "PUT",
        route: "/buckets/{bucket}/https-config",
        status: 200,
        by: "page",
        bucket: "examplebucket",
        service: { request_id: "PUT0" },
      });
      const stored = await get();
      assert.deepEqual(stored.json, {
        bucket: "examplebucket",
        etag,
        config: JSON.parse(DOCUMENT),
        request_id: "GET0",
      });
      const asXML = await get({ accept: "application/xml" });
      assert.match(asXML.headers["content-type"] ?? "", /^application\/xml/);
      assert.equal(etagOf(asXML.text), etag);
      assert.equal(asXML.headers.etag, etag);
    });
  }
});

test("warnings come with the answer", async () => {
  const { json } = await worker().put('{"TLS":{"Enable":true,"TLSVersion":["TLSv1.0","TLSv1.2"]}}');
  assert.ok(json.report.findings.length > 0);
  assert.equal(json.report.valid, true);
});

test("what OSS made of a document is told", async () => {
  const { put, service } = worker();
  service.fault = ({ method, bucket }, carryOut) => {
    const answer = carryOut();
    if (method === "PUT") {
      service.documents.set(bucket, XML.replace("<TLSVersion>TLSv1.3</TLSVersion>", ""));
    }
    return answer;
  };
  const { status, json } = await put();
  assert.deepEqual([status, json.as_sent, json.config.TLS.TLSVersion], [200, false, ["TLSv1.2"]]);
});

describe("documents with errors are refused and not sent", () => {
  const sample = XML.replace("</TLSVersion></TLS>", "</TLS>");
  const cases = /** @type {const} */ ([
    ["no versions", '{"TLS":{"Enable":true}}', "application/json", "tls-version-required"],
    ["an unknown version", DOCUMENT.replace("TLSv1.2", "aaa"), "application/json", "tls-version-value"],
    ["a mismatched tag", sample, "application/xml", "document-well-formed"],
    ["nothing", "", "application/xml", "document-readable"],
    ["no document", "nonsense", "application/json", "document-readable"],
    ["bytes that are no UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), "application/json", "document-well-formed"],
  ]);
  for (const [name, document, type, rule] of cases) {
    test(name, async () => {
      const { put, service } = worker();
      const { status, json } = await put(document, { "content-type": type });
      assert.deepEqual([status, json.error.code, json.report.valid], [422, "invalid_document", false]);
      const rules = json.report.findings.map((/** @type {any} */ finding) => finding.rule);
      assert.ok(rules.includes(rule), `${rule} is none of ${rules}`);
      assert.equal(service.requests.length, 0);
    });
  }
});

describe("bodies that are not taken", () => {
  test("a wrong type, a wrong charset, a type that is not that of the document", async () => {
    const { put, service } = worker();
    for (const [document, type] of /** @type {const} */ ([
      [DOCUMENT, "text/plain"],
      [DOCUMENT, "application/json; charset=utf-16"],
      [DOCUMENT, "application/xml"],
      [XML, "application/json"],
    ])) {
      const { status, json } = await put(document, { "content-type": type });
      assert.deepEqual([status, json.error.code], [415, "content_type"]);
    }
    assert.equal(service.requests.length, 0);
  });

  test("64 KiB are read, one byte more is not", async () => {
    const { put } = worker();
    assert.equal((await put(DOCUMENT.padEnd(65_536))).status, 200);
    const { status, json } = await put(DOCUMENT.padEnd(65_537));
    assert.deepEqual([status, json.error.code], [413, "too_large"]);
  });

  test("a Content-Length that is too large, before anything is read", async () => {
    const { put } = worker();
    const body = new ReadableStream({ pull: () => assert.fail("it was read") }, { highWaterMark: 0 });
    assert.equal((await put(body, { "content-length": "65537" })).status, 413);
  });

  test("an endless one, which is given up soon", async () => {
    const { put } = worker();
    let chunks = 0;
    let cancelled = false;
    const body = new ReadableStream({
      pull(controller) {
        chunks += 1;
        controller.enqueue(new Uint8Array(1000).fill(0x20));
      },
      cancel: () => void (cancelled = true),
    });
    assert.equal((await put(body)).status, 413);
    assert.ok(cancelled && chunks < 80, `${chunks} chunks of 1000 bytes were taken`);
  });

  test("a slow one", async () => {
    const { put } = worker({ bodyTime: 20 });
    const { status, json } = await put(new ReadableStream());
    assert.deepEqual([status, json.error.code], [408, "body"]);
  });

  test("one that breaks off", async () => {
    const { put, service } = worker();
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("secret")) });
    const { status, json } = await put(body);
    assert.deepEqual([status, json.error.code], [400, "body"]);
    assert.equal(service.requests.length, 0);
  });
});

describe("conditions", () => {
  const other = DOCUMENT.replace("TLSv1.3", "TLSv1.1");
  const cases = /** @type {const} */ ([
    ["the ETag of what is stored", other, { "if-match": etagOf(other) }, 200],
    ["one of several", other, { "if-match": `"x", ${etagOf(other)}` }, 200],
    ["another ETag", other, { "if-match": etagOf(DOCUMENT) }, 412],
    ["any", other, { "if-match": "*" }, 200],
    ["any, and nothing is stored", undefined, { "if-match": "*" }, 412],
    ["an ETag, and nothing is stored", undefined, { "if-match": etagOf(other) }, 412],
    ["nothing, and something is stored", other, { "if-none-match": "*" }, 412],
    ["nothing", undefined, { "if-none-match": "*" }, 200],
    ["nonsense", other, { "if-match": "x" }, 400],
  ]);
  for (const [name, document, headers, want] of cases) {
    test(`${name}: ${want}`, async () => {
      const { put, service } = worker();
      if (document !== undefined) {
        await put(document);
      }
      service.requests = [];
      const { status, json } = await put(DOCUMENT, headers);
      assert.equal(status, want);
      const sent = service.requests.map(({ method }) => method).join(" ");
      assert.equal(sent, { 200: "GET PUT GET", 412: "GET", 400: "" }[want]);
      if (want === 412) {
        const stored = document && { etag: etagOf(document), config: JSON.parse(document) };
        assert.deepEqual([json.error.code, json.stored], ["precondition_failed", stored]);
      }
    });
  }
});

describe("several PUTs at once", () => {
  /** Makes OSS wait with its answers until it is told to go on. */
  function gate() {
    let open = () => {};
    const opened = new Promise((resolve) => void (open = () => resolve(undefined)));
    return { open, opened };
  }

  test("to one bucket: the second one is told to try again", async () => {
    const { put, get, service } = worker();
    const { open, opened } = gate();
    service.fault = (_, carryOut) => opened.then(carryOut);
    const first = put();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { status, json, headers } = await put(DOCUMENT.replace("TLSv1.3", "TLSv1.1"));
    assert.deepEqual([status, json.error.code, headers["retry-after"]], [409, "busy", "1"]);
    const other = put(DOCUMENT, {}, "second");
    open();
    assert.deepEqual([(await first).status, (await other).status, (await put()).status], [200, 200, 200]);
    assert.equal((await get()).json.etag, etagOf(DOCUMENT));
  });

  test("of two with the same ETag one is stored", async () => {
    const { put, service } = worker();
    const headers = { "if-none-match": "*" };
    const answers = await Promise.all([put(DOCUMENT, headers), put(DOCUMENT.replace("TLSv1.3", "TLSv1.1"), headers)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    assert.equal(service.requests.filter(({ method }) => method === "PUT").length, 1);
  });

  test("a PUT that was ended from outside holds up others for a while only", async () => {
    const { put, service, clock } = worker();
    service.fault = () => new Promise(() => {});
    put().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    service.fault = undefined;
    assert.equal((await put()).status, 409);
    clock.now += 10_000;
    service.now += 10_000;
    assert.equal((await put()).status, 200);
  });
});
