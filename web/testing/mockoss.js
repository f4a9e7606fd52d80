// Starts `ossconf serve`, an OSS on loopback, for tests.
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Builds a Go program of the repository, which Go does quickly when nothing changed, and returns its path.
 *
 * @param {string} pkg such as ./cmd/ossconf
 * @param {string} name of the file
 */
export async function goBuild(pkg, name) {
  const file = `${root}build/testing/${name}${process.platform === "win32" ? ".exe" : ""}`;
  await promisify(execFile)("go", ["build", "-o", file, pkg], { cwd: root });
  return file;
}

/**
 * @typedef {object} MockOSS
 * @property {string} endpoint an http address
 * @property {string} [admin_endpoint] if args has --admin-listen
 * @property {string} region
 * @property {string} access_key_id
 * @property {string} access_key_secret
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a mock OSS on a free port. The caller stops it.
 *
 * @param {{ buckets?: string[], args?: string[] }} [options] args: further flags of `ossconf serve`
 * @returns {Promise<MockOSS>}
 */
export async function startMockOSS({ buckets = [], args = [] } = {}) {
  const program = await goBuild("./cmd/ossconf", "ossconf");
  const flags = ["--listen", "127.0.0.1:0", "--output", "json", "--quiet"];
  const bucketFlags = buckets.flatMap((bucket) => ["--bucket", bucket]);
  const child = spawn(program, ["serve", ...flags, ...bucketFlags, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const exit = once(child, "exit");
  const [line] = await Promise.race([
    once(lines, "line"),
    exit.then(([status]) => Promise.reject(new Error(`ossconf serve ended with status ${status}`))),
  ]);
  const stop = async () => {
    child.kill("SIGINT");
    await exit;
  };
  return { ...JSON.parse(line), stop };
}
