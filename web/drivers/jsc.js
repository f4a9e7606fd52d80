// The driver for the shell of JavaScriptCore, which cannot tell the end of its input from an empty line.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import process from "node:process";
import { text as textOf } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";

import { exit, Failure, outcome } from "./src/failure.js";
import { jsc } from "./src/find.js";
import { moduleFile, readModule } from "./src/options.js";

/** No question. */
const end = "end of input";

const { status, message } = await shell().catch(outcome);
console.error(message);
process.exit(status);

/** Runs the shell, which writes to the standard output of this process, and returns how it ended. */
async function shell() {
  const file = moduleFile(process.argv.slice(2));
  await readModule(file, (it) => accessSync(it, constants.R_OK));
  const program = jsc();
  if (program === undefined) {
    throw new Failure(exit.usage, "jsc is not installed; node web/drivers/list.js says what installs it");
  }
  const script = fileURLToPath(new URL("src/jsc.js", import.meta.url));
  const child = spawn(program, ["-m", script, "--", file, end], { stdio: ["pipe", "inherit", "pipe"] });
  const stderr = textOf(child.stderr);
  pipeline(process.stdin, questions, child.stdin).catch(() => {}); // it ends early when the shell does
  const [code, signal] = await once(child, "close");
  try {
    return /** @type {{ status: number, message: string }} */ (JSON.parse(await stderr));
  } catch (error) {
    const how = signal ? `was ended by ${signal}` : `ended with status ${code}`;
    throw new Failure(exit.runtime, `jsc ${how}: ${await stderr}`, error);
  }
}

/** @param {AsyncIterable<Uint8Array>} input */
async function* questions(input) {
  yield* input;
  yield `${end}\n`;
}
