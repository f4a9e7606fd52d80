// Drives ali-oss, the SDK for Node.js and browsers, against a mock OSS. Standard input names a scenario and says how to
// make the client (see Settings); standard output gets a line of JSON for each step that was taken. What OSS refuses is
// the result of a step, whatever else goes wrong ends the program.

import http from "node:http";
import { text } from "node:stream/consumers";

import OSS from "ali-oss";

/**
 * @typedef {Object} Settings
 * @property {string} scenario - the name of a function in scenarios
 * @property {string} bucket
 * @property {Object} client - the options of ali-oss, without bucket and authorizationV4
 * @property {boolean} [loopback] - connect to 127.0.0.1, whatever the host
 * @property {boolean} [browser] - use the client that browsers get, over the transport of the one for Node.js
 */

/**
 * @typedef {Object} Outcome
 * @property {number} status - the HTTP status
 * @property {string} [code] - of OSS's error
 * @property {string} [ec] - of OSS's error
 * @property {string} [request_id] - of OSS's error
 * @property {*} [result] - what the SDK made of the answer
 */

/**
 * Takes a step and prints how it ended.
 *
 * @param {string} name
 * @param {() => Promise<Outcome>} run
 */
async function step(name, run) {
  let outcome;
  try {
    outcome = await run();
  } catch (err) {
    if (!err.requestId) throw err;
    outcome = { status: err.status, code: err.code, ec: err.ecCode, request_id: err.requestId };
  }
  console.log(JSON.stringify({ step: name, ...outcome }));
}

/**
 * Returns what a step tells of a plain HTTP answer.
 *
 * @param {Response} response
 * @returns {Promise<Outcome>}
 */
async function plain(response) {
  const body = await response.text();
  if (response.ok) return { status: response.status, result: body };
  /** @param {string} name */
  const element = (name) => new RegExp(`<${name}>(.*?)</${name}>`).exec(body)?.[1];
  return { status: response.status, code: element("Code"), ec: element("EC"), request_id: element("RequestId") };
}

/**
 * Makes a client that signs with V4.
 *
 * @param {Settings} settings
 * @returns {Promise<OSS>}
 */
async function newClient({ bucket, client, loopback, browser }) {
  const options = { ...client, bucket, authorizationV4: true };
  if (loopback) {
    const address = { address: "127.0.0.1", family: 4 };
    options.agent = new http.Agent({
      lookup: (_host, { all }, done) => (all ? done(null, [address]) : done(null, address.address, address.family)),
    });
  }
  const node = new OSS(options);
  if (!browser) return node;
  globalThis.location = { protocol: "http:" };
  const { default: Browser } = await import("ali-oss/lib/browser.js");
  return new Browser({ ...options, urllib: node.urllib });
}

// ali-oss has no calls for the HTTPS configuration, so these are made as it makes its own.

/**
 * @param {OSS} oss
 * @param {string} bucket
 * @param {string} document
 * @returns {Promise<Outcome>}
 */
async function putConfig(oss, bucket, document) {
  const { status } = await oss.request({
    method: "PUT",
    bucket,
    subres: "httpsConfig",
    content: Buffer.from(document),
    mime: "application/xml",
    successStatuses: [200],
  });
  return { status };
}

/**
 * @param {OSS} oss
 * @param {string} bucket
 * @param {string[]} [additionalHeaders] - to sign
 * @returns {Promise<Outcome>}
 */
async function getConfig(oss, bucket, additionalHeaders) {
  const { status, data } = await oss.request({
    method: "GET",
    bucket,
    subres: "httpsConfig",
    xmlResponse: true,
    successStatuses: [200],
    additionalHeaders,
  });
  return { status, result: data };
}

const versions =
  "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion>" +
  "<TLSVersion>TLSv1.3</TLSVersion></TLS></HttpsConfiguration>";
const disabled = "<HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>";

const key = "dir/a key+é?.txt";

/**
 * @param {Object} listing - as list and listV2 return it
 * @returns {Outcome}
 */
const names = ({ res, objects, prefixes, isTruncated }) => ({
  status: res.status,
  result: { objects: objects.map(({ name }) => name), prefixes, truncated: isTruncated },
});

/**
 * The life of a bucket, its configuration and its objects.
 *
 * @param {OSS} oss
 * @param {Settings} settings
 */
async function lifecycle(oss, { bucket }) {
  await step("PutBucket", async () => {
    const { bucket: made, res } = await oss.putBucket(bucket, { storageClass: "IA" });
    return { status: res.status, result: made };
  });
  await step("ListBuckets", async () => {
    const { buckets, isTruncated, res } = await oss.listBuckets({ prefix: "my-" });
    return { status: res.status, result: { buckets: buckets.map(({ name }) => name), truncated: isTruncated } };
  });

  await step("GetBucketHttpsConfig before the first", () => getConfig(oss, bucket));
  await step("PutBucketHttpsConfig", () => putConfig(oss, bucket, versions));
  await step("GetBucketHttpsConfig", () => getConfig(oss, bucket));
  await step("PutBucketHttpsConfig again", () => putConfig(oss, bucket, disabled));
  await step("PutBucketHttpsConfig cut off", () => putConfig(oss, bucket, versions.slice(0, -1)));
  await step("GetBucketHttpsConfig, signed with a header", () => getConfig(oss, bucket, ["User-Agent"]));

  await step("PutObject", async () => {
    const { res } = await oss.put(key, Buffer.from("hello"), { meta: { uid: "1" } });
    return { status: res.status };
  });
  await step("PutObject at the top", async () => ({ status: (await oss.put("top", Buffer.from("2"))).res.status }));
  await step("GetObject", async () => {
    const { content, res } = await oss.get(key);
    return { status: res.status, result: content.toString() };
  });
  await step("HeadObject", async () => {
    const { meta, status } = await oss.head(key);
    return { status, result: meta };
  });
  await step("GetObject that is not there", async () => ({ status: (await oss.get("missing")).res.status }));
  await step("HeadObject that is not there", async () => ({ status: (await oss.head("missing")).status }));

  await step("ListObjects", async () => names(await oss.list({ delimiter: "/" })));
  await step("ListObjects with a prefix", async () => names(await oss.list({ prefix: "dir/a key+", "max-keys": 10 })));
  let token;
  await step("ListObjectsV2", async () => {
    const page = await oss.listV2({ "max-keys": 1, "fetch-owner": "true" });
    token = page.nextContinuationToken;
    return names(page);
  });
  await step("ListObjectsV2, the next page", async () =>
    names(await oss.listV2({ "max-keys": 1, "continuation-token": token })),
  );

  await step("DeleteBucket that is not empty", async () => ({
    status: (await oss.deleteBucket(bucket)).res.status,
  }));
  await step("DeleteMultipleObjects", async () => {
    const { deleted, res } = await oss.deleteMulti([key, "top"]);
    return { status: res.status, result: deleted.map(({ Key }) => Key) };
  });
  await step("DeleteBucket", async () => ({ status: (await oss.deleteBucket(bucket)).res.status }));
}

/**
 * What every operation is answered when something is wrong with the client or its bucket.
 *
 * @param {OSS} oss
 * @param {Settings} settings
 */
async function refused(oss, { bucket }) {
  await step("GetBucketHttpsConfig", () => getConfig(oss, bucket));
  await step("PutBucketHttpsConfig", () => putConfig(oss, bucket, disabled));
  await step("PutObject", async () => ({ status: (await oss.put(key, Buffer.from("hello"))).res.status }));
  await step("GetObject", async () => ({ status: (await oss.get(key)).res.status }));
}

/**
 * Presigned URLs, which fetch takes as they are.
 *
 * @param {OSS} oss
 */
async function presigned(oss) {
  const type = { "Content-Type": "text/plain" };
  const putURL = await oss.signatureUrlV4("PUT", 60, { headers: type }, key);
  const put = (headers) => async () => plain(await fetch(putURL, { method: "PUT", headers, body: "hello" }));
  await step("PUT", put(type));
  await step("PUT of another type", put({ "Content-Type": "text/html" }));

  const getURL = await oss.signatureUrlV4("GET", 60, undefined, key);
  const get = (url, headers) => async () => plain(await fetch(url, { headers }));
  await step("GET", get(getURL));
  await step("GET of another key", get(getURL.replace("dir/", "DIR/")));
  await step("GET with a longer life", get(getURL.replace("x-oss-expires=60", "x-oss-expires=61")));
  const tracedURL = await oss.signatureUrlV4("GET", 60, { headers: { "X-Trace": "1" } }, key, ["X-Trace"]);
  await step("GET with the signed header", get(tracedURL, { "X-Trace": "1" }));
  await step("GET with another header", get(tracedURL, { "X-Trace": "2" }));

  const config = (method, value) => oss.signatureUrlV4(method, 60, { queries: { httpsConfig: value } });
  const putConfigURL = await config("PUT", null);
  await step("PUT ?httpsConfig", async () =>
    plain(await fetch(putConfigURL, { method: "PUT", body: Buffer.from(disabled) })),
  );
  await step("GET ?httpsConfig", get(await config("GET", null)));
  await step("GET ?httpsConfig, the value empty", get(await config("GET", "")));
}

/**
 * Clients whose clock is not the server's.
 *
 * @param {OSS} oss
 */
async function skewed(oss) {
  const list = async () => names(await oss.listV2({}));
  const presign = async () => plain(await fetch(await oss.signatureUrlV4("GET", 60, { queries: { "list-type": 2 } })));
  await step("ListObjectsV2", list);
  await step("ListObjectsV2, presigned", presign);
  const { headers } = await fetch(oss.options.endpoint.href);
  oss.options.amendTimeSkewed = Date.parse(headers.get("Date")) - Date.now();
  await step("ListObjectsV2, amended", list);
  await step("ListObjectsV2, amended and presigned", presign);
}

/**
 * Forms whose policy is signed by ali-oss.
 *
 * @param {OSS} oss
 * @param {Settings} settings
 */
async function form(oss, { bucket, client }) {
  const now = new Date();
  const date = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const signed = {
    "x-oss-signature-version": "OSS4-HMAC-SHA256",
    "x-oss-credential": `${client.accessKeyId}/${date.slice(0, 8)}/${client.region.replace(/^oss-/, "")}/oss/aliyun_v4_request`,
    "x-oss-date": date,
    ...(client.stsToken && { "x-oss-security-token": client.stsToken }),
  };
  const policy = {
    expiration: new Date(now.getTime() + 60_000).toISOString(),
    conditions: [
      { bucket },
      ...Object.entries(signed).map(([name, value]) => ({ [name]: value })),
      ["starts-with", "$key", "upload/"],
      ["in", "$content-type", ["text/plain", "text/css"]],
      ["content-length-range", 1, 10],
    ],
  };
  const valid = {
    key: "upload/${filename}",
    policy: Buffer.from(JSON.stringify(policy)).toString("base64"),
    ...signed,
    "x-oss-signature": oss.signPostObjectPolicyV4(policy, now),
  };
  const post =
    (change = {}, file = new Blob(["hello"], { type: "text/plain" })) =>
    async () => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ ...valid, ...change })) body.append(name, value);
      body.append("file", file, "a.txt");
      return plain(await fetch(new URL(bucket, oss.options.endpoint.href), { method: "POST", body }));
    };
  await step("PostObject", post());
  await step("PostObject, answered 200", post({ key: "upload/2", success_action_status: "200" }));
  await step("PostObject of another key", post({ key: "elsewhere" }));
  await step("PostObject of another type", post({}, new Blob(["hello"], { type: "text/html" })));
  await step("PostObject of too much", post({}, new Blob(["hello, world"], { type: "text/plain" })));
  await step("PostObject with another policy", post({ policy: Buffer.from("{}").toString("base64") }));
  const indented = JSON.stringify(policy, null, 2);
  await step(
    "PostObject, signed as an indented string",
    post({
      policy: Buffer.from(indented).toString("base64"),
      "x-oss-signature": oss.signPostObjectPolicyV4(indented, now),
    }),
  );
  await step("ListObjectsV2", async () => names(await oss.listV2({})));
}

/** @type {Object<string, (oss: OSS, settings: Settings) => Promise<void>>} */
const scenarios = { lifecycle, refused, presigned, skewed, form };

/** @type {Settings} */
const settings = JSON.parse(await text(process.stdin));
await scenarios[settings.scenario](await newClient(settings), settings);
