// An OSS that nobody should have: for what mockoss does not do.
import { once } from "node:events";
import { createServer } from "node:http";

const HUGE = Buffer.alloc(1 << 16, " ");

/** Starts it. The bucket, first in the path, says what it does. */
export async function startUpstream() {
  const caught = { redirected: 0, authorizations: /** @type {string[]} */ ([]), hugeBytes: 0 };
  const server = createServer((request, response) => {
    request.resume();
    const { authorization = "", "x-oss-security-token": token } = request.headers;
    caught.authorizations.push(authorization);
    switch (request.url?.split("/")[1]) {
      case "redirecting":
        response.writeHead(307, { location: "/caught/?httpsConfig" }).end();
        return;
      case "caught":
        caught.redirected++;
        response.end();
        return;
      case "leaking": {
        const message = `${authorization} ${token}`;
        const code = "<Code>SignatureDoesNotMatch</Code>";
        response
          .writeHead(403)
          .end(`<Error>${code}<Message>${message}</Message><SignatureProvided>${message}</SignatureProvided></Error>`);
        return;
      }
      case "endless": {
        const more = () => {
          while (!response.destroyed && response.write(HUGE)) {
            caught.hugeBytes += HUGE.length;
          }
        };
        response.on("drain", more);
        more();
        return;
      }
      case "trickling":
        response.writeHead(200).write("<HttpsConfiguration>");
        return;
      default: // hanging
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { endpoint: `http://127.0.0.1:${port}`, caught, stop };
}

/** Returns an endpoint where nobody listens. */
export async function closedEndpoint() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}
