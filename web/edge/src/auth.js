import { Refusal } from "./refusal.js";

const encoder = new TextEncoder();

/**
 * Returns the name of the token that a request has, or throws a refusal.
 *
 * What came and what is known are compared as SHA-256 digests, each with each and to the end: how long it takes says
 * nothing about a token, its length included.
 *
 * @param {Headers} headers
 * @param {{ name: string, digest: Uint8Array }[]} tokens
 * @returns {Promise<string>}
 */
export async function authorise(headers, tokens) {
  const header = headers.get("authorization");
  if (header === null) {
    throw unauthorised("unauthorised", "the request has no token", "Bearer");
  }
  const [, presented] = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header) ?? [];
  if (presented === undefined) {
    throw unauthorised("unauthorised", "Authorization has no bearer token", 'Bearer error="invalid_request"');
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(presented)));
  let found;
  for (const token of tokens) {
    if (equal(digest, token.digest)) {
      found = token.name;
    }
  }
  if (found === undefined) {
    throw unauthorised("unauthorised", "the token is none that is known here", 'Bearer error="invalid_token"');
  }
  return found;
}

/**
 * Compares two digests, in a time that does not depend on where they differ.
 *
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function equal(a, b) {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) {
    difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  }
  return difference === 0;
}

/**
 * @param {string} code
 * @param {string} message
 * @param {string} challenge
 */
function unauthorised(code, message, challenge) {
  const hint = "send Authorization: Bearer TOKEN, with a token whose digest is in OSSCONF_TOKENS";
  return new Refusal(401, { code, message, hint }, {}, { "www-authenticate": challenge });
}
