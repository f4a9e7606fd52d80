import { BodyError, readBody } from "./body.js";

/** How much of an answer is read. The longest error of OSS repeats the request, which is far shorter. */
const MAX_ANSWER = 256 << 10;

/** How far the clock may be off for a request to be signed again with the time of OSS, in milliseconds. */
export const MAX_OFFSET = 24 * 60 * 60 * 1000;

/**
 * @typedef {object} Answer of OSS
 * @property {number} status
 * @property {Uint8Array<ArrayBuffer>} body
 * @property {string} requestId
 */

/** What OSS refused. */
export class ServiceError extends Error {
  /** @param {{ status: number, code: string, message: string, ec?: string, request_id?: string }} service */
  constructor(service) {
    super(service.message);
    this.name = "ServiceError";
    this.service = service;
  }
}

/** That there was no answer, or none that could be read: whether OSS did what it was asked is not known. */
export class NoAnswer extends Error {
  /**
   * @param {"timeout" | "unreachable" | "broken_answer"} code
   * @param {ErrorOptions} [options]
   */
  constructor(code, options) {
    super(code, options);
    this.name = "NoAnswer";
    this.code = code;
  }
}

/** Calls OSS. It remembers how far the clock is off, for each endpoint. */
export class Service {
  #send;
  #now;
  /** @type {Map<string, number>} in milliseconds, by host; no more than there are buckets */
  #offsets = new Map();

  /** @param {{ send: NonNullable<import("../types.d.ts").HandlerOptions["fetch"]>, now: () => number }} options */
  constructor({ send, now }) {
    this.#send = send;
    this.#now = now;
  }

  /**
   * Sends a request for the HTTPS configuration of a bucket. An error of OSS is thrown as a ServiceError, a missing
   * answer as a NoAnswer.
   *
   * @param {import("ossconf").OssConf} oss
   * @param {import("./settings.js").Settings} settings
   * @param {import("./settings.js").Bucket} bucket
   * @param {string} [document] to PUT; GET if there is none
   * @returns {Promise<Answer>}
   */
  async call(oss, settings, bucket, document) {
    try {
      return await this.#once(oss, settings, bucket, document);
    } catch (error) {
      if (!this.#correct(bucket, error)) {
        throw error;
      }
    }
    return this.#once(oss, settings, bucket, document);
  }

  /**
   * Sets the clock by what OSS says, if that is why it refused. It has not done anything then.
   *
   * @param {import("./settings.js").Bucket} bucket
   * @param {unknown} error
   */
  #correct({ host }, error) {
    if (!(error instanceof ServiceError) || error.service.code !== "RequestTimeTooSkewed") {
      return false;
    }
    const offset = /** @type {Skewed} */ (error).serverTime - this.#now();
    if (!(Math.abs(offset) <= MAX_OFFSET)) {
      this.#offsets.delete(host);
      return false;
    }
    this.#offsets.set(host, offset);
    return true;
  }

  /**
   * @param {import("ossconf").OssConf} oss
   * @param {import("./settings.js").Settings} settings
   * @param {import("./settings.js").Bucket} bucket
   * @param {string} [document]
   */
  async #once(oss, settings, bucket, document) {
    const { name, scheme, host, region, product, pathStyle } = bucket;
    const where = pathStyle ? `${scheme}//${host}/${name}/?httpsConfig` : `${scheme}//${name}.${host}/?httpsConfig`;
    const unsigned = new Request(where, {
      redirect: "manual",
      ...(document === undefined
        ? { method: "GET" }
        : { method: "PUT", body: document, headers: { "content-type": "application/xml" } }),
    });
    const request = await oss.signRequest(unsigned, {
      ...settings.credentials,
      region,
      product,
      endpoint: host,
      path_style: pathStyle,
      time: timestamp(this.#now() + (this.#offsets.get(host) ?? 0)),
    });
    const { response, body } = await this.#exchange(request, settings.timeout);
    const requestId = word(response.headers.get("x-oss-request-id"));
    if (!response.ok) {
      throw refused(response, body, requestId, Object.values(settings.credentials));
    }
    return { status: response.status, body, requestId };
  }

  /**
   * @param {Request} request
   * @param {number} timeout
   */
  async #exchange(request, timeout) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), timeout);
    try {
      const response = await this.#send(request, { signal: stop.signal });
      return { response, body: await readBody(response.body, MAX_ANSWER, timeout) };
    } catch (error) {
      throw noAnswer(error, stop.signal);
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * @param {unknown} error
 * @param {AbortSignal} signal
 */
function noAnswer(error, signal) {
  if (signal.aborted || (error instanceof BodyError && error.code === "late")) {
    return new NoAnswer("timeout", { cause: error });
  }
  return new NoAnswer(error instanceof BodyError ? "broken_answer" : "unreachable", { cause: error });
}

/**
 * The time as OSS writes it.
 *
 * @param {number} milliseconds
 */
const timestamp = (milliseconds) => new Date(milliseconds).toISOString().replace(/[-:]|\.\d+/g, "");

/** @typedef {ServiceError & { serverTime: number }} Skewed */

/**
 * Makes an error of an answer. Of its body only the members that are known to repeat nothing of the request are read:
 * others have the canonical request in them, with the security token.
 *
 * @param {Response} response
 * @param {Uint8Array} body
 * @param {string} requestId
 * @param {string[]} secrets what nobody may see, should the message have it nevertheless
 */
function refused({ status, headers }, body, requestId, secrets) {
  const text = new TextDecoder().decode(body);
  const redirect = status === 0 || (status >= 300 && status < 400); // 0 if the runtime hides it
  const code = word(element(text, "Code")) || (redirect ? "Redirect" : "");
  const ec = word(element(text, "EC")) || word(headers.get("x-oss-ec"));
  const id = requestId || word(element(text, "RequestId"));
  const error = new ServiceError({
    status,
    code,
    message: code === "" || redirect ? "" : hide(element(text, "Message") ?? "", secrets),
    ...(ec === "" ? {} : { ec }),
    ...(id === "" ? {} : { request_id: id }),
  });
  return Object.assign(error, { serverTime: Date.parse(element(text, "ServerTime") ?? "") });
}

/**
 * Returns the text of the first element of a name, undefined if there is none or it has elements inside.
 *
 * @param {string} xml
 * @param {string} name
 */
function element(xml, name) {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  const entities = /** @type {Record<string, string>} */ ({ lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" });
  return text?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity) => entities[entity] ?? "");
}

/**
 * Returns a text if it is a word such as a code or an ID, else nothing.
 *
 * @param {string | null | undefined} text
 */
const word = (text) => (/^[A-Za-z0-9._-]{1,64}$/.test(text ?? "") ? /** @type {string} */ (text) : "");

/**
 * Cuts a message and hides what is secret, and whatever looks like a signature.
 *
 * @param {string} message
 * @param {string[]} secrets
 */
function hide(message, secrets) {
  let text = message;
  for (const secret of secrets) {
    text = text.replaceAll(secret, "***");
  }
  return text
    .replace(/[0-9a-fA-F]{64}/g, "***")
    .replace(/\p{Cc}/gu, " ")
    .slice(0, 500);
}
