// The entry for `deno serve` and `bun`: a worker whose environment is that of the process.
import process from "node:process";

import { createHandler } from "./handler.js";

const handle = createHandler();
const env = { ...process.env };

// The default export is what they take.
export default {
  fetch: (/** @type {Request} */ request) => handle(request, env),
  // For Bun, whose port is PORT: a PUT makes up to six calls to OSS before it is answered, and no page is shown for an error.
  hostname: process.env.HOST || "0.0.0.0",
  idleTimeout: 240,
  development: false,
};
