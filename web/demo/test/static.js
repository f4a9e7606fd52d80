// The page on a static host.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/**
 * Serves the page as any static host does, which does not know the type of modules.
 *
 * @param {RegExp} [missing] files that the host is not to have
 * @param {import("node:http").RequestListener} [worker] stands below edge/
 */
export async function staticHost(missing, worker) {
  const server = createServer(async (request, response) => {
    if (worker && request.url?.startsWith("/edge/")) {
      request.url = request.url.slice("/edge".length);
      worker(request, response);
      return;
    }
    const name = new URL(request.url ?? "", "http://host").pathname.slice(1) || "index.html";
    try {
      if (missing?.test(name)) {
        throw new Error("missing");
      }
      const file = await readFile(new URL(`../dist/${name}`, import.meta.url));
      const type = types[/** @type {keyof typeof types} */ (extname(name))] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type }).end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/`, stop };
}
