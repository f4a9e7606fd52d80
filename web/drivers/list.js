// Writes which drivers there are, which of them can run here, and what installs the others: one JSON array. Their
// commands are run in the root of the repository.
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { bun, chromium, deno, edgeRuntime, firefox, gjs, installed } from "./src/find.js";
import { jsc, miniBrowser, root, workerd, xvfb } from "./src/find.js";

const modules = {
  "self-contained": "build/ossconf-selfcontained.wasm",
  plain: "build/ossconf.wasm",
};

const npm = "npm ci --prefix web";
const nodes = "npm ci --prefix web/drivers/nodes";
/** @param {string} packages */
const debian = (packages) => `apt-get install -y ${packages}`;

/**
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string} runtime
 * @property {string | undefined} program that has to be there
 * @property {string[]} command without the module
 * @property {string} install
 * @property {(keyof typeof modules)[]} [forms] both if absent
 */

/**
 * A runtime that starts as a program and gets arguments.
 *
 * @param {string} name
 * @param {string | undefined} program
 * @param {string[]} args
 * @param {string} install
 * @returns {Runtime}
 */
function program(name, program, args, install) {
  return { name, runtime: name, program, command: [program ?? name, ...args], install };
}

/**
 * A version of Node.js. The one that runs this is there; others come from npm.
 *
 * @param {number} major
 * @returns {Runtime}
 */
function node(major) {
  const own = process.versions.node.startsWith(`${major}.`);
  const place = own ? process.execPath : installed(`node${major}/bin/node`);
  return { ...program("node", place, ["web/drivers/node.js"], nodes), name: `node-${major}` };
}

/**
 * A runtime that the Node.js starts that runs this.
 *
 * @param {string} name
 * @param {string | undefined} program
 * @param {string} install
 * @returns {Runtime}
 */
function guest(name, program, install) {
  return { name, runtime: name, program, command: [process.execPath, `web/drivers/${name}.js`], install };
}

const majors = new Set([Number(process.versions.node.split(".")[0]), 22, 24]);
const denoFlags = ["run", "--no-config", "--no-lock", "--no-remote", "--no-npm", "--allow-read"];

/** @type {Runtime[]} */
const runtimes = [
  ...[...majors].map(node),
  program("deno", deno(), [...denoFlags, "web/drivers/deno.js"], npm),
  program("bun", bun(), ["web/drivers/bun.js"], npm),
  // While a worker starts, the plain form finds no clock and no random numbers.
  { ...guest("workerd", workerd(), npm), forms: ["self-contained"] },
  guest("edge-runtime", edgeRuntime(), npm),
  guest("chromium", chromium(), debian("chromium")),
  guest("firefox", firefox(), debian("firefox-esr")),
  guest("webkitgtk", xvfb() && miniBrowser(), debian("libwebkit2gtk-4.1-0 xvfb")),
  program("gjs", gjs(), ["-m", "web/drivers/gjs.js"], debian("gjs")),
  guest("jsc", jsc(), debian("libjavascriptcoregtk-4.0-bin")),
];

const list = runtimes.flatMap(({ name, runtime, program, command, install, forms = ["self-contained", "plain"] }) =>
  forms.map((form) => {
    const built = existsSync(join(root, modules[form]));
    const missing = program === undefined ? install : built ? undefined : "make wasm";
    return {
      name: form === "plain" ? `${name}-plain` : name,
      runtime,
      module: form,
      argv: [...command, "--module", modules[form]],
      available: missing === undefined,
      install: missing, // left out if undefined
    };
  }),
);
process.stdout.write(`${JSON.stringify(list)}\n`);
