import assert from "node:assert/strict";
import { test } from "node:test";

import { XMLParser } from "fast-xml-parser";

import { decoders, encoders, ours, signers } from "./contenders.js";
import { fixtureFile, putAuthorization, sampleDocument } from "./inputs.js";
import { measure, median, table } from "./measure.js";

const module = await ours();

/**
 * @param {import("./contenders.js").Contender[]} contenders
 * @returns {Promise<Record<string, any>>} what each makes
 */
async function results(contenders) {
  return Object.fromEntries(await Promise.all(contenders.map(async (c) => [c.name, await c.run()])));
}

test("all sign the same request with the same key", async () => {
  const made = await results(signers(module));
  assert.equal(made["ossconf"], putAuthorization());
  assert.equal(made["ossconf/raw and JSON"], putAuthorization());
  assert.equal(made["ali-oss"], putAuthorization());
  const answer = new TextDecoder().decode(made["ossconf/raw, the call alone"].out);
  assert.equal(JSON.parse(answer).authorization, putAuthorization());
  // The other two sign for another service. They agree on what they sign but for the headers: aws4fetch leaves
  // content-type out.
  const smithy = made["@smithy/signature-v4"].headers.authorization;
  const fetched = made["aws4fetch"].headers.get("authorization");
  const scope =
    /^AWS4-HMAC-SHA256 Credential=testAccessKeyId\/20250417\/cn-hangzhou\/s3\/aws4_request, SignedHeaders=(\S+),/;
  assert.equal(scope.exec(smithy)?.[1], "content-md5;content-type;host;x-amz-content-sha256;x-amz-date");
  assert.equal(scope.exec(fetched)?.[1], "content-md5;host;x-amz-content-sha256;x-amz-date");
});

test("all decode the same values", async () => {
  const made = await results(decoders(module));
  assert.deepEqual(made["ossconf"].TLS.TLSVersion, ["TLSv1.2", "TLSv1.3"]);
  assert.deepEqual(made["ossconf/raw and JSON"], made["ossconf"]);
  for (const name of ["fast-xml-parser", "fast-xml-parser, validating"]) {
    assert.deepEqual(made[name].HttpsConfiguration, made["ossconf"]);
  }
});

test("all encode the same values", async () => {
  const made = await results(encoders(module));
  const parser = new XMLParser();
  const want = parser.parse(sampleDocument()).HttpsConfiguration;
  assert.deepEqual(parser.parse(made["ossconf"]).HttpsConfiguration, want);
  assert.equal(made["ossconf/raw and JSON"], made["ossconf"]);
  assert.deepEqual(parser.parse(made["fast-xml-parser"]).HttpsConfiguration, want);
});

test("measure compares with ours and waits for promises", async () => {
  let waiting = 0;
  const slow = async () => {
    waiting++;
    assert.equal(waiting, 1, "a run begins before the last has ended");
    await null;
    waiting--;
  };
  const done = await measure(
    [
      { name: "a", run: () => 1 },
      { name: "b", ours: true, run: () => 2 },
      { name: "c", run: slow },
    ],
    { rounds: 3, milliseconds: 1 },
  );
  assert.deepEqual(
    done.map((r) => r.name),
    ["a", "b", "c"],
  );
  assert.equal(done[1]?.ratio, 1);
  assert.ok(done.every((r) => r.median > 0 && r.ratio > 0));
});

test("median", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

test("table", () => {
  const got = table("sign", [
    { name: "ossconf", median: 12.34, ratio: 1 },
    { name: "x", median: 123.4, ratio: 10 },
  ]);
  assert.equal(
    got,
    [
      "| sign    |       µs | times |",
      "|---------|---------:|------:|",
      "| ossconf |     12.3 |  1.00 |",
      "| x       |    123.4 | 10.00 |",
    ].join("\n"),
  );
});

test("a file that a fixture does not have is an error", () => {
  assert.throws(() => fixtureFile("documents/put-sample", "document.json"), /has no file document.json/);
  assert.throws(() => fixtureFile("documents/put-sample", "\nfoo"), /has no file/);
});
