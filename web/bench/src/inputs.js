/**
 * What is measured on: the module that `make wasm` builds and the package holds, the request and the document of the fixtures.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url);

/** @returns {Uint8Array<ArrayBuffer>} the bytes of the packaged module */
export const moduleBytes = () =>
  new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve("ossconf/ossconf.wasm"))));

/**
 * Reads a file of a fixture, which is a txtar archive.
 *
 * @param {string} fixture
 * @param {string} name
 * @returns {string}
 */
export function fixtureFile(fixture, name) {
  const archive = readFileSync(new URL(`fixtures/${fixture}.txtar`, root), "utf8");
  const parts = archive.split(/^-- (\S+) --\n/m);
  const at = parts.indexOf(name);
  if (at % 2 !== 1) {
    throw new Error(`fixtures/${fixture}.txtar has no file ${name}`);
  }
  return /** @type {string} */ (parts[at + 1]);
}

/**
 * The PutBucketHttpsConfig request as SDKs send it, without the body, which OSS V4 does not sign.
 *
 * @typedef {object} SigningRequest
 * @property {string} access_key_id
 * @property {string} access_key_secret
 * @property {string} region
 * @property {string} method
 * @property {string} bucket
 * @property {[string, string][]} query
 * @property {[string, string][]} headers
 * @property {string} time
 */

const vector = "vectors/gen-h02-put-httpsconfig-ct-md5";

/** @returns {SigningRequest} */
export function putRequest() {
  const request = JSON.parse(fixtureFile(vector, "input.json"));
  delete request.body;
  return request;
}

/** The value of the Authorization header that the request has to get. */
export function putAuthorization() {
  return JSON.parse(fixtureFile(vector, "expected.json")).authorization;
}

/** The documented sample of a configuration, its end tags mended. */
export const sampleDocument = () => fixtureFile("documents/put-sample-mended", "document.xml");
