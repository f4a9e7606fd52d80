/**
 * What the worker does with the HTTPS configuration of a bucket.
 *
 * @module
 */

import { Refusal } from "./refusal.js";
import { NoAnswer, ServiceError } from "./service.js";
import { holds } from "./negotiate.js";

/** The error code of a bucket that was never configured. Terraform's provider knows it; nobody published the answer. */
const NEVER_CONFIGURED = "NoSuchHttpsConfig";

/**
 * @typedef {object} Task
 * @property {import("ossconf").OssConf} oss
 * @property {import("./service.js").Service} service
 * @property {import("./settings.js").Settings} settings
 * @property {import("./settings.js").Bucket} bucket
 */

/**
 * @typedef {object} Stored
 * @property {string} etag
 * @property {import("ossconf").Config} config
 * @property {string} xml
 * @property {string} request_id of OSS, may be empty
 */

const encoder = new TextEncoder();

/**
 * Returns what is stored, or throws a refusal.
 *
 * @param {Task} task
 * @returns {Promise<Stored>}
 */
export async function get(task) {
  try {
    return await read(task);
  } catch (error) {
    throw asRefusal(error, "nothing was changed");
  }
}

/**
 * Reads the stored document. The ETag is made of the document as the module writes it: how OSS lays it out does not
 * matter.
 *
 * @param {Task} task
 * @returns {Promise<Stored>}
 */
async function read({ oss, service, settings, bucket }) {
  const { body, requestId } = await service.call(oss, settings, bucket);
  let config, xml;
  try {
    config = oss.decode(body);
    xml = oss.encode(body);
  } catch (error) {
    throw new NoAnswer("broken_answer", { cause: error });
  }
  return { etag: await etagOf(xml), config, xml, request_id: requestId };
}

/** @param {string} xml */
async function etagOf(xml) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(xml)));
  return `"${Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}

/**
 * Checks a document and returns it as it is to be sent, with the report. One with errors is refused.
 *
 * @param {import("ossconf").OssConf} oss
 * @param {Uint8Array} document
 */
export function check(oss, document) {
  const report = oss.validate(document);
  if (!report.valid) {
    const message = `the document has ${report.errors === 1 ? "an error" : `${report.errors} errors`}, and was not sent`;
    throw new Refusal(422, { code: "invalid_document", message, hint: "see report.findings" }, { report });
  }
  return { report, xml: oss.encode(document) };
}

/**
 * Stores a document and reads it back.
 *
 * @param {Task} task
 * @param {string} xml
 * @param {import("./negotiate.js").Condition} [condition]
 */
export async function put(task, xml, condition) {
  if (condition !== undefined) {
    await ensure(task, condition);
  }
  const { oss, service, settings, bucket } = task;
  const etag = await etagOf(xml);
  let requestId;
  try {
    ({ requestId } = await service.call(oss, settings, bucket, xml));
  } catch (error) {
    return unacknowledged(task, etag, error);
  }
  try {
    const stored = await read(task);
    return { ...stored, acknowledged: true, as_sent: stored.etag === etag, request_id: requestId };
  } catch (error) {
    const { error: why } = asRefusal(error, "");
    const message = `OSS acknowledged the document, but it could not be read back: ${why.message}`;
    throw new Refusal(
      502,
      { ...why, code: "not_read_back", message, hint: "read it with GET" },
      { acknowledged: true },
    );
  }
}

/**
 * Refuses if the stored document is not as the condition says.
 *
 * @param {Task} task
 * @param {import("./negotiate.js").Condition} condition
 */
async function ensure(task, condition) {
  let stored;
  try {
    stored = await read(task);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.service.code !== NEVER_CONFIGURED) {
      throw asRefusal(error, "nothing was stored");
    }
  }
  if (!holds(condition, stored?.etag)) {
    const error = {
      code: "precondition_failed",
      message: stored === undefined ? "nothing is stored" : "what is stored is not what the request depends on",
      hint: "look at what is stored, and send its ETag",
    };
    throw new Refusal(412, error, stored === undefined ? {} : { stored: { etag: stored.etag, config: stored.config } });
  }
}

/**
 * Deals with a PUT that failed. If OSS may have carried it out all the same, what is stored decides.
 *
 * @param {Task} task
 * @param {string} etag of what was sent
 * @param {unknown} failure
 */
async function unacknowledged(task, etag, failure) {
  const refusal = asRefusal(failure, "nothing was stored");
  if (!(failure instanceof NoAnswer) && !(failure instanceof ServiceError && failure.service.status >= 500)) {
    throw refusal;
  }
  const stored = await read(task).catch(() => undefined);
  if (stored?.etag === etag) {
    return { ...stored, acknowledged: false, as_sent: true };
  }
  const error = {
    ...refusal.error,
    code: "unacknowledged",
    message: `OSS may have stored the document, or may yet do so, but did not acknowledge it: ${refusal.error.message}`,
    hint: "look with GET before you send it again",
  };
  const more = stored === undefined ? {} : { stored: { etag: stored.etag, config: stored.config } };
  throw new Refusal(refusal.status, error, { acknowledged: false, ...more }, refusal.headers);
}

/**
 * Makes a refusal of what went wrong with OSS.
 *
 * @param {unknown} error
 * @param {string} consequence
 */
function asRefusal(error, consequence) {
  const so = consequence === "" ? "" : `; ${consequence}`;
  if (error instanceof NoAnswer) {
    const { code } = error;
    const message = {
      timeout: "OSS took too long to answer",
      unreachable: "OSS could not be reached, or broke the connection off",
      broken_answer: "the answer of OSS is no HTTPS configuration, or broke off",
    }[code];
    return new Refusal(code === "timeout" ? 504 : 502, { code, message: message + so, hint: "try again" });
  }
  if (!(error instanceof ServiceError)) {
    throw error;
  }
  const { service } = error;
  const said = [service.status, service.code, service.message].filter((part) => part !== "").join(" ");
  const hint = HINTS[service.code];
  const fault = { code: "service", message: `OSS answered ${said}`, ...(hint === undefined ? {} : { hint }), service };
  const status = statusOf(service);
  return new Refusal(status, fault, {}, status === 503 ? { "retry-after": "1" } : {});
}

/** @type {Record<string, string | undefined>} */
const HINTS = {
  [NEVER_CONFIGURED]: "the bucket was never configured: PUT a document",
  NoSuchBucket: "check the name and the region of the bucket in OSSCONF_BUCKETS",
  AccessDenied: "the access key needs oss:PutBucketHttpsConfig and oss:GetBucketHttpsConfig for the bucket",
  Redirect: "set the endpoint of the bucket in OSSCONF_BUCKETS: redirects are not followed",
  RequestTimeTooSkewed: "set the clock of the machine",
  SignatureDoesNotMatch: "check OSS_ACCESS_KEY_SECRET",
  InvalidAccessKeyId: "check OSS_ACCESS_KEY_ID",
  SecurityTokenExpired: "renew OSS_SESSION_TOKEN with its access key",
};

/** @param {{ status: number, code: string }} service */
function statusOf({ status, code }) {
  if (code === "MalformedXML") {
    return 422;
  }
  return status === 404 || status === 503 ? status : 502;
}
