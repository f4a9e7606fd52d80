/**
 * A worker that holds the credentials of OSS: it takes the HTTPS configuration of a bucket from a page or a program that
 * has a token, checks it, stores it in OSS and answers with what is stored then. README.md describes what it answers.
 *
 * @module
 */

import type { OssConf } from "ossconf";

/** The worker, with all options as they are. Its environment is the second argument. */
declare const worker: { readonly fetch: Handler };
export default worker;

/**
 * Makes a handler. It keeps, as long as it lives: an instance of the module, the settings of each environment, how far the
 * clock is off, and to which buckets a PUT is under way.
 */
export function createHandler(options?: HandlerOptions): Handler;

/**
 * Answers a request. It never rejects.
 *
 * @param env the settings; read once, when the object first comes
 * @param context as workers get it: its waitUntil is told of the answer, so that a PUT ends though the client has gone
 */
export type Handler = (
  request: Request,
  env?: Environment | Record<string, unknown>,
  context?: { waitUntil?(promise: Promise<unknown>): void },
) => Promise<Response>;

/** The settings. README.md describes them. */
export interface Environment {
  readonly OSS_ACCESS_KEY_ID?: string | undefined;
  readonly OSS_ACCESS_KEY_SECRET?: string | undefined;
  /** The security token of temporary credentials. */
  readonly OSS_SESSION_TOKEN?: string | undefined;
  /** JSON: buckets by name, with `region` and, if need be, `endpoint`, `product` and `path_style`. */
  readonly OSSCONF_BUCKETS?: string | undefined;
  /** NAME:DIGEST, several separated by commas or white space; the digest is the SHA-256 of the token. */
  readonly OSSCONF_TOKENS?: string | undefined;
  /** Origins of pages, separated by commas or white space. */
  readonly OSSCONF_ORIGINS?: string | undefined;
  /** How long one call to OSS may take, in milliseconds; 10000 if not set. */
  readonly OSSCONF_TIMEOUT?: string | undefined;
}

/** What {@link createHandler} takes. */
export interface HandlerOptions {
  /** Calls OSS; the global fetch if absent. */
  readonly fetch?: ((request: Request, init: { signal: AbortSignal }) => Promise<Response>) | undefined;
  /** Loads the module; that of the package if absent. */
  readonly load?: (() => Promise<OssConf>) | undefined;
  /** The time in milliseconds since 1970; Date.now if absent. */
  readonly now?: (() => number) | undefined;
  /** How long a client may take to send a document, in milliseconds; 30000 if absent. */
  readonly bodyTime?: number | undefined;
  /** Gets a record of each request; a line of JSON on the console if absent. */
  readonly log?: ((record: LogRecord) => void) | undefined;
}

/** What is logged of a request: no header, no query, no document, and a bucket only if it is one that is managed. */
export interface LogRecord {
  event: "request";
  /** The x-request-id of the answer. */
  id: string;
  method: string;
  /** Empty for a path that is none. */
  route: string;
  bucket?: string;
  /** The name of the token. */
  by?: string;
  status: number;
  /** The code of the error. */
  code?: string;
  /** What OSS said: its request ID, and for an error also status, code, message and EC. */
  service?: { request_id?: string; status?: number; code?: string; message?: string; ec?: string };
  /** What is wrong with the settings, without values. */
  problems?: string[];
  /** The kind of an unexpected error. */
  failure?: string;
  milliseconds?: number;
}
