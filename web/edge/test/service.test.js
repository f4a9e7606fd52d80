import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { DOCUMENT, ENV, etagOf, NOW, refusal, worker } from "./fake.js";

const DAY = 24 * 60 * 60 * 1000;
const OTHER = DOCUMENT.replace("TLSv1.3", "TLSv1.1");

describe("a clock that is wrong", () => {
  for (const offset of [20 * 60_000, -3 * 60 * 60_000]) {
    test(`by ${offset} ms is set by what OSS says, once`, async () => {
      const { put, get, service, clock } = worker();
      clock.now = NOW + offset;
      assert.equal((await put()).status, 200);
      const times = service.requests.map(({ method, headers }) => `${method} ${headers["x-oss-date"]}`);
      assert.equal(times.length, 3, `${times}`);
      assert.deepEqual(times.slice(1), ["PUT 20260102T030405Z", "GET 20260102T030405Z"]);
      assert.equal((await get()).status, 200);
      assert.equal(service.requests.length, 4, "the offset was forgotten");
    });
  }

  test("that is mended later", async () => {
    const { put, get, service, clock } = worker();
    clock.now += 60 * 60_000;
    assert.equal((await put()).status, 200);
    clock.now = NOW;
    assert.equal((await get()).status, 200);
    assert.equal((await get()).status, 200);
    assert.equal(service.requests.length, 3 + 2 + 1);
  });

  test("by more than a day is not", async () => {
    const { put, service, clock } = worker();
    clock.now = NOW + DAY + 1000;
    const { status, json } = await put();
    assert.deepEqual(
      [status, json.error.service.code, json.error.hint],
      [502, "RequestTimeTooSkewed", "set the clock of the machine"],
    );
    assert.equal(service.requests.length, 1);
  });

  test("and an OSS that says so each time", async () => {
    const { get, service } = worker();
    const time = "<ServerTime>2026-01-02T03:04:05.000Z</ServerTime>";
    service.fault = () => refusal(403, "RequestTimeTooSkewed", "too skewed", time);
    const { status, json } = await get();
    assert.deepEqual([status, json.error.service.code], [502, "RequestTimeTooSkewed"]);
    assert.equal(service.requests.length, 2);
  });

  test("and an OSS that does not say what time it is", async () => {
    const { get, service } = worker();
    service.fault = () => refusal(403, "RequestTimeTooSkewed", "too skewed", "<ServerTime>noon</ServerTime>");
    assert.equal((await get()).status, 502);
    assert.equal(service.requests.length, 1);
  });

  test("is remembered for one endpoint", async () => {
    const { get, service, clock } = worker();
    clock.now += 60 * 60_000;
    await get();
    await get({}, "second");
    const times = service.requests.map(({ bucket, headers }) => `${bucket} ${headers["x-oss-date"]}`);
    assert.deepEqual(times, [
      "examplebucket 20260102T040405Z",
      "examplebucket 20260102T030405Z",
      "second 20260102T040405Z",
      "second 20260102T030405Z",
    ]);
  });
});

describe("what OSS refuses", () => {
  const cases = /** @type {const} */ ([
    [404, "NoSuchBucket", "404 service"],
    [404, "NoSuchHttpsConfig", "404 service"],
    [400, "MalformedXML", "422 service"],
    [400, "InvalidArgument", "502 service"],
    [403, "AccessDenied", "502 service"],
    [403, "SecurityTokenExpired", "502 service"],
    [409, "OperationAborted", "502 service"],
  ]);
  for (const [status, code, want] of cases) {
    test(`${status} ${code}`, async () => {
      const { get, put, service, log } = worker();
      service.fault = () => refusal(status, code, "A &lt;message&gt; &amp;amp;.", "<EC>0015-00000101</EC>");
      for (const answer of [await get(), await put()]) {
        assert.equal(`${answer.status} ${answer.json.error.code}`, want);
        assert.deepEqual(answer.json.error.service, {
          status,
          code,
          message: "A <message> &amp;.",
          ec: "0015-00000101",
          request_id: "ERR0",
        });
        assert.match(answer.json.error.message, new RegExp(`^OSS answered ${status} ${code} A <message>`));
        assert.deepEqual(log.at(-1)?.service, answer.json.error.service);
      }
      assert.equal(service.requests.length, 2, "it was sent again");
    });
  }

  test("with what it repeats of the request, which goes no further", async () => {
    const { get, service } = worker();
    service.fault = ({ headers }) => {
      const { OSS_ACCESS_KEY_ID: id, OSS_ACCESS_KEY_SECRET: secret, OSS_SESSION_TOKEN: token } = ENV;
      const said = `${id} ${secret} ${token} ${headers.authorization?.split("Signature=")[1]}`;
      return refusal(403, "SignatureDoesNotMatch", said, `<StringToSign>${said}</StringToSign>`);
    };
    const { json } = await get();
    assert.equal(json.error.service.message, "*** *** *** ***");
  });

  test("with a header instead of a body, or with nothing that can be understood", async () => {
    const { get, service } = worker();
    service.fault = () => new Response(null, { status: 403, headers: { "x-oss-ec": "0003-00000001" } });
    const { service: bare } = (await get()).json.error;
    assert.deepEqual(bare, { status: 403, code: "", message: "", ec: "0003-00000001" });
    service.fault = () => new Response("<Error><Code>A\nB</Code><Message>x</Message></Error>", { status: 403 });
    assert.deepEqual((await get()).json.error.service, { status: 403, code: "", message: "" });
  });

  test("for a while", async () => {
    const { get, service } = worker();
    service.fault = () => refusal(503, "ServiceUnavailable", "Please reduce your request rate.");
    const { status, headers } = await get();
    assert.deepEqual([status, headers["retry-after"]], [503, "1"]);
  });

  test("redirects, which are not followed", async () => {
    const { get, put, service } = worker();
    const location = "https://examplebucket.oss-cn-beijing.aliyuncs.com/?httpsConfig";
    service.fault = () => new Response(null, { status: 307, headers: { location } });
    for (const { status, json } of [await get(), await put()]) {
      assert.deepEqual([status, json.error.service.code, json.error.service.status], [502, "Redirect", 307]);
    }
    assert.equal(service.requests.length, 2);
  });
});

/** @type {Record<string, import("./fake.js").FakeOSS["fault"]>} */
const FAILURES = {
  timeout: (_, __, signal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("", "TimeoutError")))),
  unreachable: () => Promise.reject(new TypeError("fetch failed")),
  broken_answer: () =>
    new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) })),
};

describe("no answer of OSS to a GET", () => {
  for (const [code, fault] of Object.entries(FAILURES)) {
    test(code, async () => {
      const { get, service } = worker();
      service.fault = fault;
      const { status, json } = await get();
      assert.deepEqual([status, json.error.code], [code === "timeout" ? 504 : 502, code]);
      assert.match(json.error.message, /nothing was changed/);
    });
  }

  test("a body that does not end", async () => {
    const { get, service } = worker();
    service.fault = () => new Response(new ReadableStream());
    const { status, json } = await get();
    assert.deepEqual([status, json.error.code], [504, "timeout"]);
  });

  const documents = {
    "no XML": "<html>",
    "another document": "<CORSConfiguration/>",
    "one that is too large": `<HttpsConfiguration>${" ".repeat(300 << 10)}</HttpsConfiguration>`,
    nothing: "",
  };
  for (const [name, document] of Object.entries(documents)) {
    test(name, async () => {
      const { get, service } = worker();
      service.fault = () => new Response(document);
      const { status, json } = await get();
      assert.deepEqual([status, json.error.code], [502, "broken_answer"]);
    });
  }
});

describe("a PUT that OSS does not acknowledge", () => {
  /** @type {typeof FAILURES} */
  const failures = {
    ...FAILURES,
    500: () => refusal(500, "InternalError", ""),
    503: () => refusal(503, "ServiceUnavailable", ""),
  };
  const statuses = /** @type {Record<string, number>} */ ({ timeout: 504, 503: 503 });
  for (const [name, failure] of Object.entries(failures)) {
    test(`${name}: it was stored nevertheless`, async () => {
      const { put, service, log } = worker();
      service.fault = (sent, carryOut, signal) => {
        const answer = carryOut();
        return sent.method === "PUT" ? (failure?.(sent, carryOut, signal) ?? answer) : answer;
      };
      const { status, json } = await put();
      assert.deepEqual([status, json.acknowledged, json.as_sent, json.etag], [200, false, true, etagOf(DOCUMENT)]);
      assert.equal(log[0]?.status, 200);
    });

    test(`${name}: something else is stored`, async () => {
      const { put, service } = worker();
      await put(OTHER);
      service.fault = (sent, carryOut, signal) =>
        sent.method === "PUT" ? (failure?.(sent, carryOut, signal) ?? carryOut()) : carryOut();
      const { status, json } = await put();
      assert.deepEqual([status, json.error.code, json.acknowledged], [statuses[name] ?? 502, "unacknowledged", false]);
      assert.match(json.error.message, /may have stored the document/);
      assert.deepEqual(json.stored, { etag: etagOf(OTHER), config: JSON.parse(OTHER) });
    });

    test(`${name}: nothing can be read`, async () => {
      const { put, service } = worker();
      service.fault = failure;
      const { status, json } = await put();
      assert.deepEqual([status, json.error.code, json.stored], [statuses[name] ?? 502, "unacknowledged", undefined]);
      assert.deepEqual(
        service.requests.map(({ method }) => method),
        ["PUT", "GET"],
        "a PUT was sent again",
      );
      service.fault = undefined;
      assert.equal((await put()).status, 200, "the bucket is still taken");
    });
  }
});

test("a PUT that cannot be read back is acknowledged all the same", async () => {
  const { put, service } = worker();
  service.fault = ({ method }, carryOut) => (method === "PUT" ? carryOut() : refusal(500, "InternalError", "Sorry."));
  const { status, json } = await put();
  assert.deepEqual([status, json.error.code, json.acknowledged], [502, "not_read_back", true]);
  assert.equal(json.error.service.code, "InternalError");
  assert.ok(service.documents.has("examplebucket"));
});

test("what cannot be read before a conditional PUT stops it", async () => {
  const { put, service } = worker();
  service.fault = () => refusal(403, "AccessDenied", "No.");
  const { status, json } = await put(DOCUMENT, { "if-match": "*" });
  assert.deepEqual([status, json.error.service.code], [502, "AccessDenied"]);
  assert.equal(service.requests.length, 1);
});

test("many at once keep apart", async () => {
  const { put, get, service } = worker();
  service.fault = async (_, carryOut) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    return carryOut();
  };
  const answers = await Promise.all([
    put(DOCUMENT),
    put(OTHER, {}, "second"),
    ...Array.from({ length: 50 }, (_, i) => get({ accept: i % 2 ? "application/xml" : "application/json" }, "second")),
  ]);
  assert.deepEqual([answers[0]?.json.etag, answers[1]?.json.etag], [etagOf(DOCUMENT), etagOf(OTHER)]);
  for (const { status } of answers.slice(2)) {
    assert.ok(status === 200 || status === 404); // before and after the PUT
  }
});
