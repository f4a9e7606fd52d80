/**
 * Prints how fast the module is in this Node.js, beside what else does the same.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { decoders, encoders, ours, signers } from "./contenders.js";
import { measure, median, table } from "./measure.js";

const options = { rounds: 301, milliseconds: 1 };
const starts = 15;

const cold = fileURLToPath(new URL("cold.js", import.meta.url));
const times = Array.from({ length: starts }, () =>
  Number(execFileSync(process.execPath, [cold], { encoding: "utf8" })),
);
console.log(`Node.js ${process.versions.node}, V8 ${process.versions.v8}`);
console.log(`cold start: ${median(times).toFixed(1)} ms to compile, instantiate and answer once (${starts} processes)`);

const module = await ours();
for (const [title, contenders] of /** @type {const} */ ([
  ["sign the documented PUT", signers(module)],
  ["decode the documented sample", decoders(module)],
  ["encode it", encoders(module)],
])) {
  console.log(`\n${table(title, await measure(contenders, options))}`);
}
