// The page on a static host.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** The page as it was built. @param {string} name of a file @returns {Promise<string | Buffer | undefined>} */
export function built(name) {
  return readFile(new URL(`../dist/${name}`, import.meta.url)).catch(() => undefined);
}

/**
 * Serves the page as any static host does, which does not know the type of modules, in its root and in folders a and b.
 *
 * @param {RegExp} [missing] files that the host is not to have
 * @param {import("node:http").RequestListener} [worker] stands below edge/
 * @param {{ files?: typeof built, headers?: Record<string, string> }} [more] headers: of every answer
 */
export async function staticHost(missing, worker, { files = built, headers = {} } = {}) {
  const server = createServer(async (request, response) => {
    if (worker && request.url?.startsWith("/edge/")) {
      request.url = request.url.slice("/edge".length);
      worker(request, response);
      return;
    }
    const name = new URL(request.url ?? "", "http://host").pathname.replace(/^\/([ab]\/)?/, "") || "index.html";
    const file = missing?.test(name) ? undefined : await files(name);
    const type = types[/** @type {keyof typeof types} */ (extname(name))] ?? "application/octet-stream";
    response.writeHead(file === undefined ? 404 : 200, { "content-type": type, ...headers }).end(file);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/`, stop };
}
