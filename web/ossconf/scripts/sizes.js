// Measures what a program that uses the package weighs, and writes it into the README. With --check, fails instead if the
// README is out of date by more than a few percent.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

import { build } from "esbuild";

const TOLERANCE = 0.03;
const readme = new URL("../README.md", import.meta.url);
const markers = /(<!-- sizes -->\n)(.*)(\n<!-- \/sizes -->)/s;

/** Bundles a program that does no more than to load the package. */
async function bundle() {
  const { outputFiles } = await build({
    stdin: { contents: 'export { load } from "ossconf";', resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    conditions: ["browser"],
    write: false,
  });
  return /** @type {import("esbuild").OutputFile} */ (outputFiles[0]).contents;
}

/**
 * @param {string} name
 * @param {Uint8Array} bytes
 */
async function row(name, bytes) {
  const [zipped, compressed] = await Promise.all([
    promisify(gzip)(bytes, { level: 9 }),
    promisify(brotliCompress)(bytes),
  ]);
  const cells = [bytes, zipped, compressed].map(({ length }) => (length / 1000).toFixed(length < 100_000 ? 1 : 0));
  return `| ${[name, ...cells].join(" | ")} |`;
}

/** @param {string} table */
const numbers = (table) => [...table.matchAll(/[0-9.]+(?= \|)/g)].map(Number);

const table = [
  "| KB | | gzip | brotli |",
  "|---|---|---|---|",
  await row("the JavaScript, minified", await bundle()),
  await row("the module", readFileSync(new URL("../dist/ossconf.wasm", import.meta.url))),
].join("\n");

const text = readFileSync(readme, "utf8");
const written = markers.exec(text)?.[2];
if (written === undefined) {
  throw new Error("README.md has no <!-- sizes --> and <!-- /sizes -->");
}
if (!process.argv.includes("--check")) {
  writeFileSync(
    readme,
    text.replace(markers, (_all, before, _old, end) => before + table + end),
  );
} else {
  const [was, is] = [numbers(written), numbers(table)];
  const fits =
    was.length === is.length && was.every((n, i) => Math.abs(n / /** @type {number} */ (is[i]) - 1) <= TOLERANCE);
  if (!fits) {
    console.error(`README.md says\n${written}\nwhere these are the sizes now:\n${table}\nnpm run sizes writes them`);
    process.exitCode = 1;
  }
}
