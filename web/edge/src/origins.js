import { Refusal } from "./refusal.js";

/** The methods and headers that a page may use beside those that need no leave. */
const METHODS = "GET, HEAD, PUT";
const HEADERS = "Authorization, Content-Type, If-Match, If-None-Match";

/** What of an answer a page may read beside its body. */
const EXPOSED = "ETag, Retry-After, WWW-Authenticate, X-Request-Id";

/** How long a browser may remember the answer of a preflight, in seconds: a withdrawn origin is out after that. */
const MAX_AGE = "600";

/**
 * Returns the headers that let a page read the answer. A page of another origin than those that are configured is
 * refused: it has no business here, whatever token it holds.
 *
 * @param {Request} request
 * @param {Set<string>} origins
 * @returns {Record<string, string>}
 */
export function admit(request, origins) {
  const origin = request.headers.get("origin");
  if (origin === null) {
    return {}; // no page, or one of the same origin that only reads
  }
  if (!origins.has(origin)) {
    const message = "pages of this origin may not use this worker";
    throw new Refusal(403, { code: "origin", message, hint: "add the origin to OSSCONF_ORIGINS" });
  }
  return { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED };
}

/**
 * Returns the headers of the answer to a preflight, which has no token and needs none.
 *
 * @param {Request} request
 * @returns {Record<string, string>}
 */
export function preflight(request) {
  if (request.headers.get("origin") === null || request.headers.get("access-control-request-method") === null) {
    return {};
  }
  return {
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": HEADERS,
    "access-control-max-age": MAX_AGE,
  };
}
