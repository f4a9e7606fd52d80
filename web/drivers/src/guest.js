import { execFile, spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { exit, Failure, text } from "./failure.js";

/**
 * @typedef {object} Kept
 * @property {import("node:stream").Readable} stdout
 * @property {Promise<string>} ended says how it ended, with the end of what it wrote to standard error
 * @property {() => Promise<unknown>} stop
 */

/** How many characters of standard error are kept. */
const TAIL = 2000;

/**
 * Starts a program that does not outlive this process, see keeper.js.
 *
 * @param {readonly string[]} argv
 * @param {{ folder?: string, env?: Record<string, string> }} [options] the folder is removed at the end
 * @returns {Kept}
 */
export function keep(argv, { folder = "", env = {} } = {}) {
  const keeper = fileURLToPath(new URL("keeper.js", import.meta.url));
  const child = spawn(process.execPath, [keeper, folder, ...argv], { env: { ...process.env, ...env }, stdio: "pipe" });
  child.stdin.on("error", () => {}); // it is gone already
  let tail = "";
  child.stderr.setEncoding("utf8").on("data", (some) => {
    tail = (tail + some).slice(-TAIL);
  });
  const ended = /** @type {Promise<string>} */ (
    new Promise((resolve) => {
      child.on("close", () => resolve(`${argv[0]}: ${tail.trim()}`));
    })
  );
  const stop = () => {
    child.stdin.end();
    return ended;
  };
  return { stdout: child.stdout, ended, stop };
}

/**
 * Asks a program for its version.
 *
 * @param {string} program
 * @param {Record<string, string>} [env]
 */
export async function version(program, env = {}) {
  try {
    const { stdout } = await promisify(execFile)(program, ["--version"], { env: { ...process.env, ...env } });
    return /\d[\w.-]*/.exec(stdout)?.[0] ?? "";
  } catch (error) {
    throw new Failure(exit.runtime, `${program} --version: ${text(error)}`, error);
  }
}

/** Makes a folder for a program to be started with, which removes it at its end. */
export const newFolder = () => mkdtemp(join(tmpdir(), "ossconf-driver-"));

/**
 * The environment of a program that keeps all its files in a folder.
 *
 * @param {string} place
 */
export function home(place) {
  const names = ["HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"];
  return Object.fromEntries(names.map((name) => [name, place]));
}
