import { exit, outcome } from "./failure.js";

/**
 * What the shell of an engine gives a driver, which has no streams.
 *
 * @typedef {object} Shell
 * @property {() => import("./driver.js").Driver} open
 * @property {() => Iterable<string>} lines waits for each line
 * @property {(line: string) => void} write
 * @property {(status: number, message: string) => void} end gets a message for standard error
 */

/**
 * Runs a driver from its first line to the end of the questions.
 *
 * @param {Shell} shell
 */
export function runShell({ open, lines, write, end }) {
  let ended;
  try {
    const driver = open();
    write(driver.hello);
    for (const line of lines()) {
      write(driver.answer(line));
    }
    ended = { status: exit.ended, message: driver.summary };
  } catch (error) {
    ended = outcome(error);
  }
  end(ended.status, ended.message);
}
