/**
 * An edge worker, which web/edge is: it holds the access key of OSS and stands under the origin of this page.
 *
 * @module
 */

import { bucketName } from "./address.js";

/**
 * @typedef {{ etag: string, config: import("ossconf").Config }} Stored
 *
 * @typedef {object} Answer what is stored, in the words of the worker
 * @property {string} etag
 * @property {import("ossconf").Config} config
 * @property {string} request_id of OSS
 * @property {boolean} [acknowledged] of a PUT: OSS has said so
 * @property {boolean} [as_sent] of a PUT: what was read back is what was sent
 *
 * @typedef {object} Fault what went wrong, in the words of the worker
 * @property {string} code
 * @property {string} message
 * @property {string} [hint]
 * @property {{ status: number, code: string, message: string, ec?: string, request_id?: string }} [service] what OSS said
 */

/** How long a worker may take, in milliseconds: it calls OSS up to three times. */
const PATIENCE = 90_000;

/** The worker refused, there is none, or it answers what cannot be read. */
export class EdgeError extends Error {
  /**
   * @param {"refused" | "absent" | "unreachable" | "unreadable" | "elsewhere" | "unnamed"} kind
   * @param {{ status?: number, fault?: Fault, stored?: Stored | undefined, log?: string | null, cause?: unknown }} [more]
   *   log: the ID of the request in the log of the worker
   */
  constructor(kind, { status = 0, fault, stored, log, cause } = {}) {
    super(fault?.message ?? kind, { cause });
    this.kind = kind;
    this.status = status;
    this.fault = fault;
    this.stored = stored;
    this.log = log ?? "";
  }

  /** Whether OSS says that the bucket was never configured. */
  get nothingStored() {
    return this.fault?.service?.code === "NoSuchHttpsConfig";
  }
}

/**
 * Returns the address of a bucket at a worker. Another origin than the page's is refused, as the policy of the page does, and
 * so is what no bucket is called: the token would go elsewhere with a bucket "..".
 *
 * @param {string} endpoint relative to the page
 * @param {string} bucket
 * @param {string} base the address of the page
 */
export function addressOf(endpoint, bucket, base) {
  const { origin } = new URL(base);
  let folder;
  try {
    folder = new URL(`${endpoint.replace(/\/*$/, "")}/`, base);
  } catch {
    throw new EdgeError("elsewhere");
  }
  if (folder.origin !== origin || folder.username || folder.search || folder.hash) {
    throw new EdgeError("elsewhere");
  }
  if (!bucketName.test(bucket)) {
    throw new EdgeError("unnamed");
  }
  return new URL(`buckets/${bucket}/https-config`, folder);
}

/**
 * Asks the worker for what is stored.
 *
 * @param {URL} url
 * @param {string} token
 */
export function load(url, token) {
  return ask(url, token, {});
}

/**
 * Has a document stored if what is stored is what the ETag says, or if nothing is stored where there is none.
 *
 * @param {URL} url
 * @param {string} token
 * @param {string} xml
 * @param {string | undefined} etag
 */
export function save(url, token, xml, etag) {
  const condition = etag === undefined ? { "If-None-Match": "*" } : { "If-Match": etag };
  const headers = { "Content-Type": "application/xml", ...condition };
  return ask(url, token, { method: "PUT", headers, body: xml });
}

/**
 * @param {URL} url
 * @param {string} token
 * @param {RequestInit & { headers?: Record<string, string> }} init
 * @returns {Promise<Answer>}
 */
async function ask(url, token, init) {
  let response, body;
  try {
    response = await fetch(url, {
      ...init,
      headers: { ...init.headers, Accept: "application/json", Authorization: `Bearer ${token}` },
      cache: "no-store",
      redirect: "error", // the token goes nowhere else
      signal: AbortSignal.timeout(PATIENCE),
    });
    body = await response.text();
  } catch {
    throw new EdgeError("unreachable");
  }
  const { status } = response;
  let answer;
  try {
    answer = JSON.parse(body);
  } catch {
    throw new EdgeError("absent", { status }); // a host that knows of no worker
  }
  if (response.ok && isStored(answer)) {
    return answer;
  }
  const stored = answer?.stored;
  if (response.ok || typeof answer?.error?.code !== "string" || (stored !== undefined && !isStored(stored))) {
    throw new EdgeError("absent", { status });
  }
  const log = response.headers.get("x-request-id");
  throw new EdgeError("refused", { status, fault: answer.error, stored, log });
}

/** Whether an answer is one of what is stored. @param {any} value */
function isStored(value) {
  return typeof value?.etag === "string" && typeof value.config === "object" && value.config !== null;
}
