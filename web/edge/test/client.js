// A client of a running worker, which keeps all answers to search them for secrets.
import assert from "node:assert/strict";
import { request } from "node:http";

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {string} text
 * @property {any} json
 */

export class Client {
  /** @type {string[]} */
  answers = [];
  /** @type {Set<string>} */
  etags = new Set();

  /**
   * @param {string} url
   * @param {string} token
   */
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  /**
   * @param {string} target the method and the path
   * @param {{ headers?: Record<string, string>, body?: string }} [more]
   * @returns {Promise<Answer>}
   */
  async call(target, { headers = {}, body } = {}) {
    const [method = "", path] = target.split(" ");
    const response = await fetch(this.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
    return this.#keep(response.status, Object.fromEntries(response.headers), await response.text());
  }

  /**
   * @param {string} bucket
   * @param {Record<string, string>} [headers]
   */
  get(bucket, headers = {}) {
    return this.call(`GET /buckets/${bucket}/https-config`, {
      headers: { authorization: `Bearer ${this.token}`, ...headers },
    });
  }

  /**
   * @param {string} bucket
   * @param {string} body
   * @param {Record<string, string>} [headers]
   */
  put(bucket, body, headers = {}) {
    const all = { authorization: `Bearer ${this.token}`, "content-type": "application/json", ...headers };
    return this.call(`PUT /buckets/${bucket}/https-config`, { headers: all, body });
  }

  /**
   * Sends a document in chunks, without saying how long it is, until there is an answer.
   *
   * @param {string} bucket
   * @param {number} most how many bytes are sent at most
   * @returns {Promise<Answer>}
   */
  putEndless(bucket, most) {
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}/buckets/${bucket}/https-config`, { method: "PUT", headers, agent: false });
      let left = most;
      const write = () => {
        left -= 4096;
        if (left > 0 && !sent.destroyed && !sent.writableEnded) {
          sent.write(Buffer.alloc(4096, " "), () => setTimeout(write, 1));
        }
      };
      sent.on("error", reject);
      sent.on("response", (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => {
          sent.destroy();
          resolve(this.#keep(response.statusCode ?? 0, /** @type {any} */ (response.headers), text));
        });
        response.on("error", reject);
      });
      write();
    });
  }

  /**
   * @param {number} status
   * @param {Record<string, string>} headers
   * @param {string} text
   * @returns {Answer}
   */
  #keep(status, headers, text) {
    this.answers.push(`${JSON.stringify(headers)} ${text}`);
    if (headers.etag !== undefined) {
      this.etags.add(headers.etag.replaceAll('"', ""));
    }
    const isJSON = headers["content-type"]?.startsWith("application/json");
    return { status, headers, text, json: isJSON && text !== "" ? JSON.parse(text) : undefined };
  }

  /**
   * Searches all answers and what the worker wrote.
   *
   * @param {string} output
   * @param {string[]} secrets
   */
  searchForSecrets(output, secrets) {
    const answers = this.answers.join("\n");
    for (const secret of secrets) {
      assert.ok(secret.length >= 10);
      assert.ok(!answers.includes(secret), "a secret is in an answer");
      assert.ok(!output.includes(secret), "a secret is in the log");
    }
    assert.doesNotMatch(answers, /\.js:\d+|\n\s+at /, "a stack trace is in an answer");
    assert.doesNotMatch(output, /\.js:\d+|\n\s+at /, "a stack trace is in the log");
    for (const [digits] of answers.matchAll(/[0-9a-f]{64}/gi)) {
      assert.ok(this.etags.has(digits), "there is a digest or signature that is no ETag in an answer");
    }
    assert.doesNotMatch(output, /[0-9a-f]{64}/i, "there is a digest or signature in the log");
  }
}
