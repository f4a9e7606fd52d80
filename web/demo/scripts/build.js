// Writes the page to dist: bundles with their hashes in their names, and index.html that names them.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const demo = new URL("../", import.meta.url);
const dist = new URL("dist/", demo);
const path = (/** @type {URL} */ url) => fileURLToPath(url);

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const { metafile } = await build({
  entryPoints: [path(new URL("src/main.js", demo)), path(new URL("src/style.css", demo))],
  outdir: path(dist),
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["chrome111", "firefox115", "safari16.4"],
  conditions: ["browser"],
  minify: true,
  metafile: true,
  legalComments: "linked",
  absWorkingDir: path(demo),
  logLevel: "warning",
});

/** The files of dist by where they come from. @type {Record<string, string>} */
const files = {};
/** The files that these load. @type {string[]} */
const chunks = [];
for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (entryPoint) {
    files[entryPoint] = file.replace(/^dist\//, "");
  } else if (file.endsWith(".js")) {
    chunks.push(file.replace(/^dist\//, ""));
  }
}

for (const [key, source, name] of /** @type {const} */ ([
  ["wasm", "../ossconf/dist/ossconf.wasm", "ossconf-[hash].wasm"],
  ["src/icon.svg", "src/icon.svg", "icon-[hash].svg"],
])) {
  const bytes = await readFile(new URL(source, demo));
  const file = name.replace("[hash]", createHash("sha256").update(bytes).digest("hex").slice(0, 8));
  await writeFile(new URL(file, dist), bytes);
  files[key] = file;
}

const page = await readFile(new URL("src/index.html", demo), "utf8");
const named = page.replace(/\{\{(.+?)\}\}/g, (_, name) => {
  const file = files[name];
  if (!file) {
    throw new Error(`index.html names ${name}, which was not built`);
  }
  return file;
});
// What main.js imports is asked for together with it, not after it.
const main = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === "src/main.js");
const early = (main?.imports ?? []).filter(({ kind }) => kind === "import-statement");
const links = early.map(({ path }) => `    <link rel="modulepreload" href="${path.replace(/^dist\//, "")}" />\n`);
const index = named.replace("  </head>", `${links.join("")}  </head>`);
await writeFile(new URL("index.html", dist), index);

// The worker that keeps them for when there is no network.
const kept = ["./", ...Object.values(files), ...chunks];
const version = createHash("sha256").update(index).update(kept.join()).digest("hex").slice(0, 16);
await build({
  entryPoints: [path(new URL("src/offline.js", demo))],
  outfile: path(new URL("offline.js", dist)),
  define: { BUILD: JSON.stringify(JSON.stringify({ version, files: kept })) },
  minify: true,
  logLevel: "warning",
});
