import { load } from "ossconf";

import { headOnly, json, nothing, xml } from "./answer.js";
import { authorise } from "./auth.js";
import { BodyError, readBody } from "./body.js";
import { check, get, put } from "./configuration.js";
import { acceptedForm, checkForm, contentForm, readCondition } from "./negotiate.js";
import { admit, preflight } from "./origins.js";
import { Refusal } from "./refusal.js";
import { Service } from "./service.js";
import { readSettings, SettingsError } from "./settings.js";

/** The version of this worker. A test compares it with package.json. */
export const VERSION = "0.1.0";

/** The size in bytes of the largest document. No larger one is a document for the module either. */
const MAX_BODY = 64 << 10;

/** How long a client may take to send a document, in milliseconds. */
const BODY_TIME = 30_000;

const ROUTES = ["GET /", "GET /health", "GET /buckets/{bucket}/https-config", "PUT /buckets/{bucket}/https-config"];

/** @typedef {import("../types.d.ts").HandlerOptions} HandlerOptions */
/** @typedef {import("./settings.js").Settings} Settings */

/**
 * Makes a handler of requests. types.d.ts describes it.
 *
 * @param {HandlerOptions} [options]
 * @returns {import("../types.d.ts").Handler}
 */
export function createHandler(options = {}) {
  const app = new App(options);
  return (request, env, context) => {
    const answer = app.handle(request, /** @type {Record<string, unknown>} */ (env ?? {}));
    // A PUT is carried out and logged, whether or not the client waits for it.
    context?.waitUntil?.(answer);
    return answer;
  };
}

class App {
  #service;
  #load;
  #log;
  #now;
  #bodyTime;
  /** @type {import("ossconf").OssConf | undefined} */
  #oss;
  /** @type {WeakMap<object, Settings | SettingsError>} */
  #settings = new WeakMap();
  /** @type {Map<string, number>} until when a PUT to a bucket is under way at most */
  #puts = new Map();

  /** @param {HandlerOptions} options */
  constructor(options) {
    this.#load = options.load ?? load;
    this.#log = options.log ?? ((record) => console.log(JSON.stringify(record)));
    this.#now = options.now ?? (() => Date.now());
    this.#bodyTime = options.bodyTime ?? BODY_TIME;
    const send = options.fetch ?? ((request, init) => fetch(request, init));
    this.#service = new Service({ send, now: this.#now });
  }

  /**
   * Answers a request, whatever happens, and logs it.
   *
   * @param {Request} request
   * @param {Record<string, unknown>} env
   */
  async handle(request, env) {
    const started = this.#now();
    /** @type {import("../types.d.ts").LogRecord} */
    const record = { event: "request", id: crypto.randomUUID(), method: methodOf(request), route: "", status: 500 };
    const headers = { "x-request-id": record.id };
    let response;
    try {
      response = await this.#route(request, env, record, headers);
    } catch (error) {
      response = refuse(error, record, headers);
    }
    record.status = response.status;
    record.milliseconds = this.#now() - started;
    try {
      this.#log(record);
    } catch {
      // what was done is done, and the client is told
    }
    return request.method === "HEAD" ? headOnly(response) : response;
  }

  /**
   * @param {Request} request
   * @param {Record<string, unknown>} env
   * @param {import("../types.d.ts").LogRecord} record
   * @param {Record<string, string>} headers of the answer, to which those for pages are added
   */
  async #route(request, env, record, headers) {
    const { route, name } = routeOf(new URL(request.url).pathname);
    record.route = route;
    if (route === "") {
      throw new Refusal(404, { code: "not_found", message: "there is nothing here", hint: ROUTES.join(", ") });
    }
    const settings = this.#read(env);
    if (!(settings instanceof SettingsError)) {
      Object.assign(headers, admit(request, settings.origins));
    }
    const methods = name === undefined ? "GET, HEAD, OPTIONS" : "GET, HEAD, PUT, OPTIONS";
    if (!methods.split(", ").includes(request.method)) {
      const error = { code: "method", message: "the method is none of this path", hint: `use ${methods}` };
      throw new Refusal(405, error, {}, { allow: methods });
    }
    if (request.method === "OPTIONS") {
      return nothing({ allow: methods, ...headers, ...preflight(request) });
    }
    if (route === "/") {
      return json(200, await this.#about(), headers);
    }
    if (settings instanceof SettingsError) {
      record.problems = settings.problems;
      throw settings;
    }
    if (name === undefined) {
      await this.#module();
      return json(200, { status: "ok" }, headers);
    }
    record.by = await authorise(request.headers, settings.tokens);
    return this.#bucket(request, settings, name, record, headers);
  }

  /**
   * @param {Request} request
   * @param {Settings} settings
   * @param {string} name
   * @param {import("../types.d.ts").LogRecord} record
   * @param {Record<string, string>} headers
   */
  async #bucket(request, settings, name, record, headers) {
    const bucket = settings.buckets.get(name);
    if (bucket === undefined) {
      const message = "this worker does not manage a bucket of this name";
      throw new Refusal(403, { code: "bucket", message, hint: "add the bucket to OSSCONF_BUCKETS" });
    }
    record.bucket = name;
    const form = acceptedForm(request.headers);
    const task = { oss: await this.#module(), service: this.#service, settings, bucket };
    const answer = request.method === "PUT" ? await this.#put(request, task) : await get(task);
    const { xml: document, request_id: requestId, ...rest } = answer;
    record.service = { request_id: requestId };
    const tagged = { ...headers, etag: answer.etag };
    return form === "xml" ? xml(document, tagged) : json(200, { bucket: name, ...rest, request_id: requestId }, tagged);
  }

  /**
   * @param {Request} request
   * @param {import("./configuration.js").Task} task
   */
  async #put(request, task) {
    const type = contentForm(request.headers);
    const condition = readCondition(request.headers);
    const document = await this.#document(request);
    checkForm(document, type);
    const { report, xml: checked } = check(task.oss, document);
    const { name } = task.bucket;
    this.#begin(name, task.settings.timeout);
    try {
      return { ...(await put(task, checked, condition)), report };
    } finally {
      this.#puts.delete(name);
    }
  }

  /**
   * Notes that a PUT to a bucket is under way, or refuses: what is compared with If-Match must not change before it is
   * overwritten. The note ends by itself after the time that a PUT can take, should its request be ended from outside.
   *
   * @param {string} name
   * @param {number} timeout
   */
  #begin(name, timeout) {
    if ((this.#puts.get(name) ?? 0) > this.#now()) {
      const message = "another PUT to this bucket is under way; nothing was stored";
      throw new Refusal(409, { code: "busy", message, hint: "try again" }, {}, { "retry-after": "1" });
    }
    const calls = 6; // read, PUT, read back; each a second time if the clock is wrong
    this.#puts.set(name, this.#now() + calls * (timeout + 1000));
  }

  /** @param {Request} request */
  async #document(request) {
    const tooLarge = () => {
      const message = `the document is larger than ${MAX_BODY} bytes`;
      return new Refusal(413, { code: "too_large", message, hint: "no HTTPS configuration is" });
    };
    if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY) {
      throw tooLarge();
    }
    try {
      return await readBody(request.body, MAX_BODY, this.#bodyTime);
    } catch (error) {
      const code = error instanceof BodyError ? error.code : "broken";
      if (code === "too_large") {
        throw tooLarge();
      }
      const message = code === "late" ? "the document took too long to arrive" : "the document broke off";
      throw new Refusal(code === "late" ? 408 : 400, { code: "body", message, hint: "send it again" });
    }
  }

  /** @param {Record<string, unknown>} env */
  #read(env) {
    let settings = this.#settings.get(env);
    if (settings === undefined) {
      try {
        settings = readSettings(env);
      } catch (error) {
        if (!(error instanceof SettingsError)) {
          throw error;
        }
        settings = error;
      }
      this.#settings.set(env, settings);
    }
    return settings;
  }

  async #module() {
    return (this.#oss ??= await this.#load());
  }

  async #about() {
    const { version, abi } = (await this.#module()).version();
    return {
      name: "ossconf-edge",
      version: VERSION,
      module: { version, abi },
      description: "Checks HTTPS configurations of OSS buckets, stores them in OSS and reads them",
      routes: ROUTES,
    };
  }
}

/** The methods that a log shows. Others are whatever a client likes to write. */
const METHODS = ["GET", "HEAD", "PUT", "OPTIONS", "POST", "DELETE", "PATCH"];

/** @param {Request} request */
const methodOf = ({ method }) => (METHODS.includes(method) ? method : "other");

/**
 * @param {string} path
 * @returns {{ route: string, name?: string }}
 */
function routeOf(path) {
  if (path === "/" || path === "/health") {
    return { route: path };
  }
  const [, name] = /^\/buckets\/([^/]+)\/https-config$/.exec(path) ?? [];
  return name === undefined ? { route: "" } : { route: "/buckets/{bucket}/https-config", name };
}

/**
 * Makes an answer of what was thrown. Of an unexpected error the log gets the name alone: its message may hold what it
 * was about.
 *
 * @param {unknown} error
 * @param {import("../types.d.ts").LogRecord} record
 * @param {Record<string, string>} headers
 */
function refuse(error, record, headers) {
  const refusal = error instanceof Refusal ? error : unexpected(error, record);
  record.code = refusal.error.code;
  if (refusal.error.service !== undefined) {
    record.service = refusal.error.service;
  }
  return json(refusal.status, { error: refusal.error, ...refusal.more }, { ...headers, ...refusal.headers });
}

/**
 * @param {unknown} error
 * @param {import("../types.d.ts").LogRecord} record
 */
function unexpected(error, record) {
  if (error instanceof SettingsError) {
    const message = `the worker is not set up: ${error.message}`;
    return new Refusal(500, { code: "settings", message, hint: "set the variables and start the worker again" });
  }
  const { name, code } = /** @type {any} */ (error ?? {});
  record.failure = [name, code]
    .filter((part) => typeof part === "string" && /^[A-Za-z0-9_]{1,64}$/.test(part))
    .join(" ");
  return new Refusal(500, { code: "internal", message: "the worker failed", hint: "its log has this x-request-id" });
}
