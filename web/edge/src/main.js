// The program for Node.js, and for the custom runtime of Function Compute: node src/main.js
import process from "node:process";

import { createNodeServer, listenAddress, withRole } from "./node.js";

const server = createNodeServer(withRole(process.env));
const { port, host } = listenAddress(process.env);

server.on("error", (error) => {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  console.error(JSON.stringify({ event: "listen", code, message }));
  process.exitCode = 1;
});
server.listen(port, host, () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(JSON.stringify({ event: "listening", host: address.address, port: address.port }));
});

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  // Requests that are under way are answered; a second signal ends at once.
  process.once(signal, () => server.close(() => process.exit(0)));
}
