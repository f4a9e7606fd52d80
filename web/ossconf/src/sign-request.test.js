import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { OssConfError, load } from "ossconf";

import { goBuild, startMockOSS } from "../../testing/mockoss.js";
import { fixtures, parseRequest } from "../test/fixtures.js";
import { pcg } from "../test/random.js";

const oss = await load();
const time = "20250417T131318Z";
const options = { access_key_id: "ak", access_key_secret: "sk", region: "cn-hangzhou", time };
const url = "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/?httpsConfig";

describe("signs as the Go SDK v2 did", () => {
  const captured = fixtures("requests").filter(({ name }) => name.startsWith("go2-") && !name.includes("presigned"));
  assert.ok(captured.length > 5);
  for (const { name, files } of captured) {
    test(name, async () => {
      const sent = parseRequest(/** @type {string} */ (files["request.http"]));
      const header = new Map(sent.headers.map(([field, value]) => [field.toLowerCase(), value]));
      const wanted = /** @type {string} */ (header.get("authorization"));
      const token = header.get("x-oss-security-token");
      const additional = /AdditionalHeaders=([^,]*),/.exec(wanted)?.[1]?.split(";");
      const kept = sent.headers.filter(([field]) => /^(content-type|content-md5|x-trace)$/i.test(field));
      const request = new Request(`https://${header.get("host")}${sent.target}`, {
        method: sent.method,
        headers: kept,
        ...(sent.body !== "" && { body: sent.body }),
      });
      const signed = await oss.signRequest(request, {
        access_key_id: "testAccessKeyId",
        access_key_secret: "testAccessKeySecret",
        security_token: token,
        region: "cn-hangzhou",
        time,
        additional_headers: additional,
        path_style: name.endsWith("-path"),
      });
      assert.equal(signed.headers.get("authorization"), wanted);
      assert.equal(signed.headers.get("x-oss-security-token"), token ?? null);
      assert.equal(await signed.text(), sent.body);
    });
  }
});

describe("with a mock OSS", () => {
  /** @type {import("../../testing/mockoss.js").MockOSS} */
  let server;
  before(async () => {
    server = await startMockOSS({ buckets: ["examplebucket"] });
  });
  after(() => server.stop());

  /**
   * @param {string} path
   * @param {RequestInit} [init]
   * @param {Partial<import("ossconf").SignRequestOptions>} [more]
   */
  async function send(path, init, more) {
    const { region, access_key_id, access_key_secret } = server;
    const request = new Request(server.endpoint + path, init);
    return fetch(await oss.signRequest(request, { region, access_key_id, access_key_secret, ...more }));
  }

  test("a configuration is stored and comes back", async () => {
    const body = oss.encode({ TLS: { Enable: true, TLSVersion: ["TLSv1.2", "TLSv1.3"] } });
    const md5 = createHash("md5").update(body).digest("base64");
    const put = await send("/examplebucket/?httpsConfig", {
      method: "PUT",
      body,
      headers: { "content-type": "application/xml", "content-md5": md5 },
    });
    assert.equal(put.status, 200, await put.text());
    const get = await send("/examplebucket/?httpsConfig", undefined, { additional_headers: ["Host", "Accept"] });
    assert.equal(get.status, 200);
    assert.deepEqual(oss.decode(await get.text()), oss.decode(body));
  });

  test("names and values of all kinds are signed as they are sent", async () => {
    const path = "/examplebucket/a%20b%2Fc+d/%E2%82%AC~*'()!?prefix=a+b%2B&x=%F0%9F%98%80&empty=&flag";
    const init = { headers: { "x-oss-meta-a": "b  c" } };
    const right = await send(path, init);
    assert.doesNotMatch(await right.text(), /SignatureDoesNotMatch/);
    const wrong = await send(path, init, { access_key_secret: "other" });
    assert.match(await wrong.text(), /SignatureDoesNotMatch/);
  });

  test("a wrong secret is noticed", async () => {
    const response = await send("/examplebucket/?httpsConfig", undefined, { access_key_secret: "other" });
    assert.equal(response.status, 403);
    assert.match(await response.text(), /SignatureDoesNotMatch/);
  });
});

describe("the request that comes back", () => {
  test("is a new one, with the body, the signal and what else there was", async () => {
    const { signal } = new AbortController();
    const request = new Request(url, { method: "PUT", body: "<a/>", signal, headers: { "x-custom": "1", "X-OSS-Date": "old", authorization: "old" } }); // prettier-ignore
    const signed = await oss.signRequest(request, { ...options, security_token: "token" });
    assert.ok(signed instanceof Request && signed !== request);
    assert.deepEqual([signed.method, signed.url, signed.redirect], ["PUT", url, "manual"]);
    assert.deepEqual([...signed.headers].filter(([name]) => name !== "authorization"), [
      ["content-type", "text/plain;charset=UTF-8"],
      ["x-custom", "1"],
      ["x-oss-content-sha256", "UNSIGNED-PAYLOAD"],
      ["x-oss-date", time],
      ["x-oss-security-token", "token"],
    ]); // prettier-ignore
    assert.match(signed.headers.get("authorization") ?? "", /^OSS4-HMAC-SHA256 Credential=ak\/20250417\/cn-hangzhou\/oss\/aliyun_v4_request,Signature=[0-9a-f]{64}$/); // prettier-ignore
    assert.equal(request.bodyUsed, true);
    assert.equal(await signed.text(), "<a/>");
  });

  test("keeps the type of a form, and streams", async () => {
    const form = new FormData();
    form.set("a", "b");
    const signed = await oss.signRequest(new Request(url, { method: "POST", body: form }), options);
    assert.equal((await signed.formData()).get("a"), "b");
    const stream = new Blob(["streamed"]).stream();
    const init = /** @type {RequestInit} */ ({ method: "PUT", body: stream, duplex: "half" });
    assert.equal(await (await oss.signRequest(new Request(url, init), options)).text(), "streamed");
  });

  test("is signed for the present if no time is given", async () => {
    const earliest = Math.floor(Date.now() / 1000);
    const { headers } = await oss.signRequest(new Request(url), { ...options, time: undefined });
    const written = headers.get("x-oss-date") ?? "";
    const seconds = Date.parse(written.replace(/^(....)(..)(..T..)(..)(..)Z$/, "$1-$2-$3:$4:$5Z")) / 1000;
    assert.ok(earliest <= seconds && seconds <= Date.now() / 1000, written);
  });

  test("keeps a redirect that is an error", async () => {
    const signed = await oss.signRequest(new Request(url, { redirect: "error" }), options);
    assert.equal(signed.redirect, "error");
  });

  test("has the bytes of a header signed as UTF-8", async () => {
    const value = "\u20AC";
    const bytes = Buffer.from(value).toString("latin1");
    const signed = await oss.signRequest(new Request(url, { headers: { "x-oss-meta-a": bytes } }), options);
    const { authorization } = oss.sign({
      ...options,
      method: "GET",
      bucket: "examplebucket",
      query: [["httpsConfig", ""]],
      headers: [["x-oss-meta-a", value]],
    });
    assert.equal(signed.headers.get("authorization"), authorization);
    assert.equal(signed.headers.get("x-oss-meta-a"), bytes);
  });
});

describe("refused, with the body left alone", () => {
  const request = () => new Request(url, { method: "PUT", body: "<a/>" });
  /** @type {{ name: string, request?: () => any, options?: any, want: object }[]} */
  const cases = [
    { name: "no options", options: undefined, want: { code: "wrong_type" } },
    { name: "a misspelled option", options: { ...options, securitytoken: "" }, want: { code: "unknown_member", path: "/securitytoken" } }, // prettier-ignore
    { name: "an option that reads badly", options: { ...options, get time() { throw new Error("no"); } }, want: { code: "wrong_type" } }, // prettier-ignore
    { name: "no secret", options: { ...options, access_key_secret: undefined }, want: { code: "credentials" } },
    { name: "a region of another type", options: { ...options, region: 1 }, want: { code: "type", path: "/region" } },
    { name: "an endpoint with a path", options: { ...options, endpoint: "https://oss.example.com" }, want: { code: "endpoint", path: "/endpoint" } }, // prettier-ignore
    { name: "an endpoint that is no text", options: { ...options, endpoint: new URL(url) }, want: { code: "wrong_type", path: "/endpoint" } }, // prettier-ignore
    { name: "a path style that is no boolean", options: { ...options, path_style: "yes" }, want: { code: "wrong_type", path: "/path_style" } }, // prettier-ignore
    { name: "a bad time", options: { ...options, time: "now" }, want: { code: "time", path: "/time" } },
    { name: "additional headers that are one text", options: { ...options, additional_headers: "host" }, want: { code: "wrong_type", path: "/additional_headers" } }, // prettier-ignore
    { name: "additional headers with a hole", options: { ...options, additional_headers: ["a", undefined] }, want: { code: "wrong_type", path: "/additional_headers/1" } }, // prettier-ignore
    { name: "too many of them", options: { ...options, additional_headers: new Array(1001).fill("a") }, want: { code: "too_large" } }, // prettier-ignore
    { name: "a name that is none", options: { ...options, additional_headers: ["a b"] }, want: { code: "header", path: "/additional_headers/0" } }, // prettier-ignore
    { name: "a header set later", options: { ...options, additional_headers: ["Content-Length"] }, want: { code: "header", path: "/additional_headers/0" } }, // prettier-ignore
    {
      name: "another host",
      request: () => new Request("https://example.com/?httpsConfig"),
      want: { code: "endpoint" },
    },
    {
      name: "a parameter given twice",
      request: () => new Request(`${url}&a=1&a=2`),
      want: { code: "duplicate_query" },
    },
    {
      name: "a signature in the query",
      request: () => new Request(`${url}&x-oss-signature=1`),
      want: { code: "query" },
    },
    {
      name: "a query that is no UTF-8",
      request: () => new Request(`${url}&a=%FF`),
      want: { code: "query", path: "/url" },
    },
    { name: "a percent sign", request: () => new Request(`${url}&a=100%`), want: { code: "query", path: "/url" } },
    {
      name: "a path that is no UTF-8",
      request: () => new Request(new URL("/%E2%82", url)),
      want: { code: "key", path: "/url" },
    },
    { name: "a header that is no UTF-8", request: () => new Request(url, { headers: { "x-oss-meta-a": "\xE9" } }), want: { code: "header", path: "/headers" } }, // prettier-ignore
    { name: "an address", request: () => url, want: { code: "wrong_type" } },
    { name: "what looks like a request", request: () => ({ url, method: "GET", headers: new Headers() }), want: { code: "wrong_type" } }, // prettier-ignore
    { name: "a request that reads badly", request: () => Object.defineProperty(request(), "url", { get() { throw new Error("no"); } }), want: { code: "wrong_type" } }, // prettier-ignore
    { name: "a request without an address", request: () => Object.defineProperty(request(), "url", { value: "a" }), want: { code: "wrong_type" } }, // prettier-ignore
    { name: "a proxy that throws", request: () => new Proxy({}, { getPrototypeOf: () => { throw new Error("no"); } }), want: { code: "wrong_type" } }, // prettier-ignore
  ];
  for (const refused of cases) {
    test(refused.name, async () => {
      const sent = (refused.request ?? request)();
      const given = "options" in refused ? refused.options : options;
      await assert.rejects(oss.signRequest(sent, given), { name: "OssConfError", ...refused.want });
      if (refused.request === undefined) {
        assert.equal(sent.bodyUsed, false);
      }
    });
  }
  test("a body that was read, or is being read", async () => {
    const used = request();
    await used.text();
    const locked = request();
    locked.body?.getReader();
    for (const sent of [used, locked]) {
      await assert.rejects(
        oss.signRequest(sent, options),
        (error) => error instanceof OssConfError && error.code === "wrong_type" && error.path === "/body",
      );
    }
  });
});

describe("signs and refuses as signhttp does in Go", () => {
  const random = pcg(1n);
  /**
   * @template T
   * @param {readonly T[]} list
   * @returns {T}
   */
  const pick = (list) => /** @type {T} */ (list[random(list.length)]);
  /**
   * Picks the first entry of a list mostly: with one fault a request is refused, and the rest of it does not matter.
   *
   * @template T
   * @param {readonly T[]} list
   * @returns {T}
   */
  const mostly = (list) => (random(5) > 0 ? /** @type {T} */ (list[0]) : pick(list));
  const hosts = [
    "b1x.oss-cn-hangzhou.aliyuncs.com",
    "B1x.OSS-cn-hangzhou.aliyuncs.com:8443",
    "oss-cn-hangzhou.aliyuncs.com",
    "b1x.cn-hangzhou.oss.aliyuncs.com",
    "cn-hangzhou.oss.aliyuncs.com",
    "oss.aliyuncs.com",
    "a.b.oss-cn-hangzhou.aliyuncs.com",
    "a.b.cn-hangzhou.oss.aliyuncs.com",
    "b1x.ecs.aliyuncs.com",
    "oss.example.com",
    "b1x.oss.example.com",
    "b1x.oss.example.com:81",
    "a.b1x.oss.example.com",
    "badoss.example.com",
    "static.example.com",
    "127.0.0.1:8080",
    "1.2.3.4",
    "[::1]:80",
    "[2001:db8::1]",
    "localhost:9280",
    "localhost.example.com",
  ];
  const endpoints = [undefined, "", "oss.example.com", "OSS.example.com:81", "127.0.0.1", "127.0.0.1:8080", "localhost", "[::1]", "oss-cn-hangzhou.aliyuncs.com"]; // prettier-ignore
  const paths = ["/", "/b1x", "/b1x/", "/b1x/k", "/b1x//k", "//b1x/k", "/b1x/a%20b%2fc+d", "/%E2%82%AC/x", "/b1x/a|b~*'()!", "/./../b1x/k"]; // prettier-ignore
  const queries = ["?httpsConfig&prefix=a+b%2Fc", "", "?", "?httpsConfig", "?httpsConfig=", "?&&a=b&&", "?a=1&a=2", "?x=%2B+%20", "?=v", "?%E2%82%AC=%F0%9F%98%80", "?a=b=c&d", "?x-oss-date=1", "?a=%zz", "?a;b=c"]; // prettier-ignore
  const headers = [["content-type", "text/xml; charset=utf-8"], ["content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="], ["x-oss-meta-a", "1  2"], ["x-oss-acl", "private"], ["x-oss-security-token", "stale"], ["x-oss-date", "stale"], ["authorization", "stale"], ["accept", "*/*"], ["x-trace", "t"]]; // prettier-ignore
  const cases = Array.from({ length: 5000 }, () => ({
    method: pick(["GET", "PUT", "POST", "DELETE"]),
    url: new Request(`${pick(["http", "https"])}://${pick(hosts)}${pick(paths)}${mostly(queries)}`).url,
    headers: headers.filter(() => random(3) === 0),
    access_key_id: mostly(["ak", "", "a/k"]),
    access_key_secret: "sk",
    security_token: pick([undefined, "token"]),
    region: mostly(["cn-hangzhou", "oss-cn-hangzhou"]),
    product: pick([undefined, "oss-cloudbox"]),
    time,
    endpoint: mostly(endpoints),
    bucket: mostly([undefined, "b1x"]),
    path_style: mostly([undefined, false, true]),
    additional_headers: pick([undefined, [], ["host"], ["Host", "X-Trace", "accept", "host"], ["content-type", "x-oss-acl", "missing"], mostly([undefined, ["authorization"]])]), // prettier-ignore
  }));

  test("on 5000 requests", async () => {
    const program = await goBuild("./web/testing/signhttp", "signhttp");
    const input = cases.map((c) => JSON.stringify(c)).join("\n");
    const output = execFileSync(program, { input, encoding: "utf8", maxBuffer: 1 << 26 });
    const wanted = output.trimEnd().split("\n").map((line) => JSON.parse(line)); // prettier-ignore
    assert.equal(wanted.length, cases.length);
    const accepted = wanted.filter(({ code }) => code === undefined).length;
    assert.ok(accepted > 1000 && accepted < 4000, `${accepted} accepted`);
    for (const [i, { method, url: address, headers: given, ...rest }] of cases.entries()) {
      const request = new Request(address, { method, headers: /** @type {any} */ (given) });
      const got = await oss.signRequest(request, rest).then(
        (signed) => ({ authorization: signed.headers.get("authorization") }),
        (error) => ({ code: error.code }),
      );
      assert.deepEqual(got, wanted[i], JSON.stringify(cases[i]));
    }
  });
});
