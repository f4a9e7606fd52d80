// Finds the processes that a driver started, on Linux.
import { readdirSync, readFileSync } from "node:fs";

/**
 * Returns those that have the text in their arguments or their environment, by number.
 *
 * @param {string} text
 * @returns {Map<number, string>} and their arguments
 */
export function processesWith(text) {
  const found = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) {
      continue;
    }
    try {
      const args = readFileSync(`/proc/${name}/cmdline`, "utf8");
      if ((args + readFileSync(`/proc/${name}/environ`, "utf8")).includes(text)) {
        found.set(Number(name), args.replaceAll("\0", " "));
      }
    } catch {
      // it has ended
    }
  }
  return found;
}
