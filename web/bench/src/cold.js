/**
 * One cold start: prints the milliseconds from the bytes of the module to its first answer. A process of its own,
 * because V8 remembers what it has compiled.
 *
 * @module
 */

import { Instance } from "ossconf/raw";

import { moduleBytes, putRequest } from "./inputs.js";

const bytes = moduleBytes();
const input = new TextEncoder().encode(JSON.stringify(putRequest()));
const start = performance.now();
const { status } = new Instance(new WebAssembly.Module(bytes)).call("sign", input);
const milliseconds = performance.now() - start;
if (status !== 0) {
  throw new Error(`status ${status}`);
}
console.log(milliseconds);
