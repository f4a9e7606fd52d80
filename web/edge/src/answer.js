/** What every answer says: nothing of it is kept, sniffed, or run. */
const ALWAYS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  vary: "Origin",
};

/**
 * @param {number} status
 * @param {object} value
 * @param {Record<string, string>} [headers]
 */
export function json(status, value, headers = {}) {
  const type = { "content-type": "application/json; charset=utf-8" };
  return new Response(`${JSON.stringify(value)}\n`, { status, headers: { ...ALWAYS, ...type, ...headers } });
}

/**
 * @param {string} document
 * @param {Record<string, string>} headers
 */
export function xml(document, headers) {
  const type = { "content-type": "application/xml; charset=utf-8" };
  return new Response(document, { headers: { ...ALWAYS, ...type, ...headers } });
}

/** @param {Record<string, string>} headers */
export function nothing(headers) {
  return new Response(null, { status: 204, headers: { ...ALWAYS, ...headers } });
}

/**
 * Answers a HEAD as a GET, without the body.
 *
 * @param {Response} response
 */
export function headOnly(response) {
  return new Response(null, { status: response.status, headers: response.headers });
}
