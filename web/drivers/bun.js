// The driver for Bun.
/* global Bun */
import process from "node:process";

import { main } from "./src/program.js";

await main({
  runtime: "bun",
  version: Bun.version,
  args: Bun.argv.slice(2),
  read: (file) => Bun.file(file).bytes(),
  questions: () => Bun.stdin.stream(),
  answers: () => new WritableStream({ write: (bytes) => Bun.write(Bun.stdout, bytes) }),
  exit: process.exit,
});
