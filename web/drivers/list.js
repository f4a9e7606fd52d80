// Writes which drivers there are, which of them can run here, and what installs the others: one JSON array. Their
// commands are run in the root of the repository.
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { bun, deno, installed, root } from "./src/find.js";

const modules = {
  "self-contained": "build/ossconf-selfcontained.wasm",
  plain: "build/ossconf.wasm",
};

const npm = "npm ci --prefix web";
const nodes = "npm ci --prefix web/drivers/nodes";

/**
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string} runtime
 * @property {(string | undefined)[]} command without the module; a part that was not found is undefined
 * @property {string} install
 * @property {(keyof typeof modules)[]} [forms] both if absent
 */

/**
 * The Node.js that runs this is one of them; others come from npm.
 *
 * @param {number} major
 * @returns {Runtime}
 */
function node(major) {
  const own = process.versions.node.startsWith(`${major}.`);
  return {
    name: `node-${major}`,
    runtime: "node",
    command: [own ? process.execPath : installed(`node${major}/bin/node`), "web/drivers/node.js"],
    install: nodes,
  };
}

const ownMajor = Number(process.versions.node.split(".")[0]);
const majors = [...new Set([ownMajor, 22, 24])];

/** @type {Runtime[]} */
const runtimes = [
  ...majors.map(node),
  {
    name: "deno",
    runtime: "deno",
    command: [deno(), "run", "--no-config", "--no-lock", "--no-remote", "--no-npm", "--allow-read", "web/drivers/deno.js"],
    install: npm,
  },
  { name: "bun", runtime: "bun", command: [bun(), "web/drivers/bun.js"], install: npm },
];

const list = runtimes.flatMap(({ name, runtime, command, install, forms = ["self-contained", "plain"] }) =>
  forms.map((form) => {
    const found = command.every((part) => part !== undefined);
    const built = existsSync(join(root, modules[form]));
    return {
      name: form === "plain" ? `${name}-plain` : name,
      runtime,
      module: form,
      argv: [...command.map((part) => part ?? runtime), "--module", modules[form]],
      available: found && built,
      ...(found && built ? {} : { install: found ? "make wasm" : install }),
    };
  }),
);
process.stdout.write(`${JSON.stringify(list)}\n`);
