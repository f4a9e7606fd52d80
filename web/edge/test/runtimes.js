// Starts the worker in every runtime.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
export const edge = fileURLToPath(new URL("../", import.meta.url));

/**
 * @typedef {object} Running a worker that answers
 * @property {string} url
 * @property {() => string} output all that it wrote so far
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop
 */

/**
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string | undefined} program undefined if it is not installed
 * @property {string[]} args
 * @property {RegExp} ready what it writes when it listens, with the port
 * @property {string} [trust] the variable that names a file of certificates to trust
 */

/**
 * Returns where a package keeps its program, if it is installed.
 *
 * @param {string} name
 * @param {string} path in the package
 */
export function installed(name, path) {
  try {
    const file = require.resolve(`${name}/package.json`).replace(/package\.json$/, path);
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

const deno = "serve --no-config --no-lock --no-remote --node-modules-dir=manual --allow-read --allow-env --allow-net";

/** @type {Runtime[]} */
export const runtimes = [
  {
    name: "node",
    program: process.execPath,
    args: ["src/main.js"],
    ready: /"event":"listening".*"port":(\d+)/,
    trust: "NODE_EXTRA_CA_CERTS",
  },
  {
    name: "deno",
    program: installed("deno", "deno"),
    args: [...deno.split(" "), "--host", "127.0.0.1", "--port", "0", "src/serve.js"],
    ready: /Listening on http:\/\/127\.0\.0\.1:(\d+)/,
    trust: "DENO_CERT",
  },
  {
    name: "bun",
    program: installed("bun", "bin/bun.exe"),
    args: ["run", "src/serve.js"],
    ready: /Started .*server: http:\/\/[^:]+:(\d+)/,
    trust: "NODE_EXTRA_CA_CERTS",
  },
  {
    name: "workerd",
    program: installed("workerd", "bin/workerd"),
    args: ["serve", "test/workerd.capnp", "--control-fd=3"],
    ready: /"event":"listen".*"port":(\d+)/,
  },
];

/**
 * Starts the worker. Its environment is the given one, and nothing of this process but PATH.
 *
 * @param {Runtime} runtime
 * @param {Record<string, string>} env
 * @returns {Promise<Running>}
 */
export async function start({ program, args, ready, name }, env) {
  if (name === "workerd") {
    await import("../scripts/build.js"); // once
  }
  const child = spawn(/** @type {string} */ (program), args, {
    cwd: edge,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1", HOST: "127.0.0.1", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  let output = "";
  const exit = once(child, "exit");
  const port = await new Promise((resolve, reject) => {
    for (const stream of child.stdio.slice(1)) {
      stream?.on("data", (chunk) => {
        output += chunk;
        const [, found] = ready.exec(output) ?? [];
        if (found !== undefined) {
          resolve(found);
        }
      });
    }
    child.on("error", reject);
    exit.then(([status]) => reject(new Error(`${name} ended with status ${status}: ${output}`)));
  });
  const stop = async (/** @type {NodeJS.Signals} */ signal = "SIGTERM") => {
    child.kill(signal);
    await exit;
  };
  return { url: `http://127.0.0.1:${port}`, output: () => output, stop };
}
