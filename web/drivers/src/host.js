import { readFile } from "node:fs/promises";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

import { Bridge } from "./bridge.js";
import { exit, Failure, outcome } from "./failure.js";
import { version } from "./guest.js";
import { moduleFile, readModule } from "./options.js";
import { sha256 } from "./sha256.js";

/** How long the end of a runtime may take to be noticed, in milliseconds. */
const GRACE = 1000;

/**
 * What a guest is started with.
 *
 * @typedef {object} Place
 * @property {string} program
 * @property {string} url of the page, or of the bridge for a worker
 * @property {{ runtime: string, version: string, sha256: string }} about
 * @property {Buffer<ArrayBuffer>} module
 *
 * A runtime that is no program on standard input and output: a browser, a worker.
 *
 * @typedef {object} Guest
 * @property {string} runtime
 * @property {string | undefined} program undefined if it was not found
 * @property {(program: string) => Promise<string> | string} [version] asks the program itself if absent
 * @property {(place: Place) => Promise<Running> | Running} start
 *
 * @typedef {object} Running
 * @property {Promise<string>} ended says how it ended
 * @property {Promise<string>} [lost] says how it failed to do what it was asked
 * @property {() => Promise<unknown>} stop
 */

/**
 * Runs a driver whose work is done by a guest. This process passes lines on.
 *
 * @param {Guest} guest
 */
export async function host(guest) {
  let end;
  try {
    end = await converse(guest, process.argv.slice(2));
  } catch (error) {
    end = outcome(error);
  }
  console.error(end.message);
  process.exit(end.status);
}

/**
 * @param {Guest} guest
 * @param {readonly string[]} args
 */
async function converse(guest, args) {
  const module = await readModule(moduleFile(args), (file) => readFile(file));
  const { runtime, program } = guest;
  if (program === undefined) {
    throw new Failure(exit.usage, `${runtime} is not installed; node web/drivers/list.js says what installs it`);
  }
  const about = { runtime, version: await (guest.version ?? version)(program), sha256: sha256(module) };
  const bridge = new Bridge({ about, module, input: process.stdin, output: process.stdout });
  const url = await bridge.listen();
  const running = await guest.start({ program, url, about, module });
  running.ended.then((how) => bridge.fail(how));
  running.lost?.then((how) => bridge.fail(how, true));
  const end = await bridge.ended;
  // What breaks a connection off is often the end of the runtime, which tells more.
  const message = end.lost ? await Promise.race([running.ended, sleep(GRACE, end.message)]) : end.message;
  await running.stop();
  bridge.close();
  return { status: end.status, message };
}
