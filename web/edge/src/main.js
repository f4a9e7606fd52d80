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

/** Requests that are under way are answered. */
const end = () => server.close(() => process.exit(0));

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, end); // a second one ends at once
}

// For a program that runs this one and may itself be killed: its end closes the pipe.
if (process.env.OSSCONF_END_WITH_STDIN) {
  process.stdin.once("end", end).once("error", end).resume();
}
