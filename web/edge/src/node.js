/**
 * The worker behind node:http.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createServer } from "node:http";

import { createHandler } from "./handler.js";

/**
 * Makes a listener for the requests of an http.Server.
 *
 * @param {import("../types.d.ts").Handler} handler
 * @param {Record<string, unknown>} env
 * @returns {import("node:http").RequestListener}
 */
export function toListener(handler, env) {
  return async (incoming, outgoing) => {
    const request = toRequest(incoming);
    const response = request === undefined ? new Response(null, { status: 400 }) : await handler(request, env);
    const body = Buffer.from(await response.arrayBuffer());
    const length = incoming.method === "HEAD" || response.status === 204 ? {} : { "content-length": body.length };
    outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), ...length });
    outgoing.end(body);
  };
}

/**
 * Returns the request, or undefined if it can be none: its target has no path.
 *
 * @param {import("node:http").IncomingMessage} incoming
 */
function toRequest(incoming) {
  const { method = "GET", url = "", rawHeaders } = incoming;
  if (!url.startsWith("/")) {
    return undefined;
  }
  try {
    const headers = new Headers();
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
    }
    const body = method === "GET" || method === "HEAD" ? null : bodyOf(incoming);
    const init = { method, headers, body, duplex: "half" };
    return new Request(`http://localhost${url}`, /** @type {RequestInit} */ (init));
  } catch {
    return undefined; // what node:http lets pass and fetch does not, such as the method TRACE
  }
}

/**
 * Returns the body as a stream. When it is cancelled, the rest is read and dropped, until the time for a request is up:
 * a client that still sends would not see the answer if the connection was closed.
 *
 * @param {import("node:http").IncomingMessage} incoming
 * @returns {ReadableStream<Uint8Array>}
 */
function bodyOf(incoming) {
  let open = true;
  const end = (/** @type {() => void} */ how) => {
    if (open) {
      open = false;
      how();
    }
  };
  return new ReadableStream({
    start(controller) {
      incoming.on("data", (/** @type {Buffer} */ chunk) => {
        if (open) {
          controller.enqueue(new Uint8Array(chunk));
          incoming.pause();
        }
      });
      incoming.on("end", () => end(() => controller.close()));
      incoming.on("close", () => end(() => controller.error(new Error("the connection was closed"))));
      incoming.on("error", (error) => end(() => controller.error(error)));
      incoming.pause();
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      open = false;
      incoming.resume();
    },
  });
}

/**
 * Makes the server. Call listen on it.
 *
 * @param {Record<string, unknown>} env
 * @param {import("../types.d.ts").HandlerOptions} [options]
 */
export function createNodeServer(env, options) {
  const server = createServer(toListener(createHandler(options), env));
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  // Behind Function Compute and load balancers it is the other side that ends idle connections.
  server.keepAliveTimeout = 15 * 60_000;
  return server;
}

/**
 * Returns where to listen: everywhere, as Function Compute wants it, and at the port that it names.
 *
 * @param {Record<string, string | undefined>} env
 */
export function listenAddress({ FC_SERVER_PORT, PORT, HOST }) {
  return { port: Number(FC_SERVER_PORT || PORT || 9000), host: HOST || "0.0.0.0" };
}

/**
 * Returns the environment with the credentials of the role that Function Compute gives to a function, unless it has an
 * access key of its own. The headers in which Function Compute also passes them are not read: anybody can send them.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {Record<string, string | undefined>}
 */
export function withRole(env) {
  if (env.OSS_ACCESS_KEY_ID || env.OSS_ACCESS_KEY_SECRET || !env.ALIBABA_CLOUD_ACCESS_KEY_ID) {
    return { ...env };
  }
  return {
    ...env,
    OSS_ACCESS_KEY_ID: env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    OSS_ACCESS_KEY_SECRET: env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    OSS_SESSION_TOKEN: env.ALIBABA_CLOUD_SECURITY_TOKEN,
  };
}
