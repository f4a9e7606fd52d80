import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { text as textOf } from "node:stream/consumers";

import { exit, Failure, text } from "./failure.js";
import { root } from "./find.js";

/** What a page may do: run its own scripts and compile WebAssembly. */
const csp = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const html = `<!doctype html>
<meta charset="utf-8">
<title>ossconf</title>
<script type="module" src="web/drivers/src/page.js"></script>
`;

/** The scripts of a page. */
const script = /^web\/(drivers|ossconf)\/src\/[\w-]+\.js$/;

/**
 * @typedef {object} End
 * @property {number} status
 * @property {string} message
 * @property {boolean} [lost] whether it did not say so itself, but broke a connection off
 *
 * @typedef {object} Bridged
 * @property {object} about what the guest has to know about itself, as JSON
 * @property {Uint8Array} module
 * @property {NodeJS.ReadableStream} input
 * @property {NodeJS.WritableStream} output
 */

/**
 * Serves a page or a worker on loopback and joins it to standard input and output: it gets the questions as the body of
 * one response and posts answers, as many at once as it has. See remote.js for the other side.
 */
export class Bridge {
  #bridged;
  #server = createServer((request, response) => void this.#serve(request, response));
  #prefix = `/${randomBytes(16).toString("hex")}/`; // other programs of this machine do not guess it
  /** @type {(end: End) => void} */
  #end = () => {};

  /** How the guest ended, as it says itself or because it does not say anything any more. */
  ended = /** @type {Promise<End>} */ (
    new Promise((resolve) => {
      this.#end = resolve;
    })
  );

  /** @param {Bridged} bridged */
  constructor(bridged) {
    this.#bridged = bridged;
    // A connection that the server ends because nobody used it for a while may just be about to be used again.
    this.#server.keepAliveTimeout = 0;
    this.#server.headersTimeout = 0;
    this.#server.requestTimeout = 0;
  }

  /** Starts to listen and returns the address of the page. */
  async listen() {
    await new Promise((resolve, reject) => {
      this.#server.once("error", reject).listen(0, "127.0.0.1", () => resolve(undefined));
    });
    const address = this.#server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    return `http://127.0.0.1:${port}${this.#prefix}`;
  }

  /**
   * Ends the bridge with a failure of the guest, unless it has ended already.
   *
   * @param {string} message
   * @param {boolean} [lost]
   */
  fail(message, lost = false) {
    this.#end({ status: exit.runtime, message, lost });
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #serve(request, response) {
    response.setHeader("Content-Security-Policy", csp);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const path = pathname.startsWith(this.#prefix) ? pathname.slice(this.#prefix.length) : undefined;
    try {
      if (path === undefined || !(await this.#answer(`${request.method} ${path}`, request, response))) {
        response.writeHead(404).end();
      }
    } catch (error) {
      if (error instanceof Failure) {
        this.#end(error);
      } else {
        this.fail(`${request.method} ${path}: ${text(error)}`, request.destroyed || response.destroyed);
      }
      response.destroy();
    }
  }

  /**
   * @param {string} what
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #answer(what, request, response) {
    const { about, module, input, output } = this.#bridged;
    switch (what) {
      case "GET ":
        response.writeHead(200, { "Content-Type": "text/html" }).end(html);
        return true;
      case "GET about.json":
        response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(about));
        return true;
      case "GET module.wasm":
        response.writeHead(200, { "Content-Type": "application/wasm" }).end(module);
        return true;
      case "GET alive": // is never answered: the connection ends with the page
        response.on("close", () => this.fail("the page is gone", true));
        response.writeHead(200, { "Content-Type": "text/plain" }).flushHeaders();
        return true;
      case "GET questions":
        response.writeHead(200, { "Content-Type": "application/x-ndjson" }).flushHeaders();
        await pipeline(input, response);
        return true;
      case "POST answers":
        await pass(request, output);
        response.writeHead(204).end();
        return true;
      case "POST end":
        this.#end(JSON.parse(await textOf(request)));
        response.writeHead(204).end();
        return true;
    }
    if (request.method !== "GET" || !script.test(what.slice("GET ".length))) {
      return false;
    }
    const file = await readFile(join(root, what.slice("GET ".length)));
    response.writeHead(200, { "Content-Type": "text/javascript" }).end(file);
    return true;
  }
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {NodeJS.WritableStream} output
 */
async function pass(request, output) {
  for await (const bytes of request) {
    await new Promise((resolve, reject) => {
      output.write(bytes, (error) => {
        if (error) {
          reject(new Failure(exit.protocol, `write answers: ${text(error)}`, error));
        } else {
          resolve(undefined);
        }
      });
    });
  }
}
