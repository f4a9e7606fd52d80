// Talks to a driver as the runner does.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import { root } from "../src/find.js";

/** How many questions the runner sends ahead. */
const WINDOW = 64;

/**
 * @typedef {object} Ended
 * @property {number | null} status
 * @property {NodeJS.Signals | null} signal
 * @property {string} stderr
 *
 * @typedef {object} Talk
 * @property {import("node:child_process").ChildProcessWithoutNullStreams} child
 * @property {() => Promise<string | undefined>} next the next line, undefined at the end
 * @property {(text: string) => void} write
 * @property {Promise<Ended>} ended
 */

/**
 * Starts a driver.
 *
 * @param {readonly string[]} argv
 * @param {Record<string, string>} [env]
 * @returns {Talk}
 */
export function talk([program = "", ...args], env = {}) {
  const child = spawn(program, args, { cwd: root, env: { ...process.env, ...env } });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (some) => {
    stderr += some;
  });
  child.stdin.on("error", () => {}); // a driver that ends early does not read
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, stderr }));
  });
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity })[Symbol.asyncIterator]();
  return {
    child,
    next: async () => (await lines.next()).value,
    write: (text) => void child.stdin.write(text),
    ended,
  };
}

/**
 * Asks all questions, never more than the window ahead, and returns the lines of the driver.
 *
 * @param {Talk} driver
 * @param {readonly string[]} questions
 * @param {number} [window]
 */
export async function ask(driver, questions, window = WINDOW) {
  const lines = [await driver.next()];
  let asked = 0;
  for (let answered = 0; answered < questions.length; answered++) {
    for (; asked < Math.min(questions.length, answered + window); asked++) {
      driver.write(`${questions[asked]}\n`);
    }
    const line = await driver.next();
    if (line === undefined) {
      break;
    }
    lines.push(line);
  }
  driver.child.stdin.end();
  const ended = await driver.ended;
  for (let line = await driver.next(); line !== undefined; line = await driver.next()) {
    lines.push(line);
  }
  return { lines, ...ended };
}
