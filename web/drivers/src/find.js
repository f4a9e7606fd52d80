/**
 * Where the runtimes are. All of it looks at the file system alone, so that a list of them is quick.
 *
 * @module
 */

import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Returns the first of the programs that can be executed, a path as it is and a name from PATH.
 *
 * @param {readonly string[]} programs
 */
export function find(...programs) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const paths = programs.flatMap((it) => (it.includes("/") ? [it] : folders.map((folder) => join(folder, it))));
  return paths.find(isExecutable);
}

/**
 * Returns the first of the programs that a package of npm brought with it, as a path from the root.
 *
 * @param {readonly string[]} places from web/node_modules or web/drivers/nodes/node_modules
 */
export function installed(...places) {
  const folders = ["web/node_modules", "web/drivers/nodes/node_modules"].map((folder) => join(root, folder));
  const found = find(...places.flatMap((place) => folders.map((folder) => join(folder, place))));
  return found && relative(root, found);
}

/** The platform as packages of npm call it. */
const platform = `${process.platform}-${process.arch}`;

export const deno = () => installed(`@deno/${platform}-glibc/deno`, `@deno/${platform}/deno`);
// The package moves the program of its platform when its install script may run.
export const bun = () => installed(`@oven/bun-${platform}/bin/bun`, "bun/bin/bun.exe");
export const workerd = () => installed(`@cloudflare/workerd-${platform.replace("x64", "64")}/bin/workerd`);
export const chromium = () => find("chromium", "chromium-browser", "google-chrome");
export const firefox = () => find("firefox-esr", "firefox");
export const xvfb = () => find("Xvfb");
export const gjs = () => find("gjs");
export const jsc = () => find("jsc");

/** The package, which is no program. */
export function edgeRuntime() {
  const file = join(root, "web/node_modules/edge-runtime/package.json");
  return existsSync(file) ? file : undefined;
}

/** The browser that comes with WebKitGTK, beside its libraries. */
export function miniBrowser() {
  const folders = ["/usr/lib", "/usr/libexec"].flatMap((base) => [base, ...folder(base).map((it) => join(base, it))]);
  const versions = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"];
  return find(...versions.flatMap((version) => folders.map((it) => join(it, version, "MiniBrowser"))));
}

/** @param {string} path */
function folder(path) {
  try {
    return readdirSync(path).filter((name) => name.includes("-linux-"));
  } catch {
    return [];
  }
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
