// The driver for Node.js.
import { readFile } from "node:fs/promises";
import process from "node:process";
import { Readable, Writable } from "node:stream";

import { main } from "./src/program.js";

await main({
  runtime: "node",
  version: process.versions.node,
  args: process.argv.slice(2),
  read: (file) => readFile(file),
  questions: () => Readable.toWeb(process.stdin),
  answers: () => Writable.toWeb(process.stdout),
  exit: process.exit,
});
