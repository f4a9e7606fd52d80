// Puts together what Function Compute, or any machine with Node.js, needs to run the worker: dist/function.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../dist/function/", import.meta.url);
const ossconf = new URL("../", import.meta.resolve("ossconf/raw"));

/** @param {string} source */
const isShipped = (source) => !source.endsWith(".test.js");

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
cpSync(new URL("../src/", import.meta.url), new URL("src/", folder), { recursive: true, filter: isShipped });
for (const name of ["src/", "dist/", "package.json"]) {
  const to = new URL(`node_modules/ossconf/${name}`, folder);
  cpSync(new URL(name, ossconf), to, { recursive: true, filter: isShipped });
}
const { name, version, license, type } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
writeFileSync(new URL("package.json", folder), `${JSON.stringify({ name, version, license, type, private: true })}\n`);
process.stdout.write(`${fileURLToPath(folder)}\n`);
