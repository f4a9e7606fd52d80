import { Driver } from "./driver.js";
import { moduleFile, readModule } from "./options.js";
import { run } from "./serve.js";
import { sha256 } from "./sha256.js";

/**
 * A runtime that starts as a program.
 *
 * @typedef {object} Program
 * @property {string} runtime
 * @property {string} version
 * @property {readonly string[]} args those of the driver
 * @property {(file: string) => Promise<Uint8Array<ArrayBuffer>>} read
 * @property {() => import("./serve.js").Questions} questions standard input
 * @property {() => import("./serve.js").Answers} answers standard output
 * @property {(status: number) => void} exit
 */

/**
 * Runs a driver on standard input and output.
 *
 * @param {Program} program
 */
export async function main({ runtime, version, args, read, questions, answers, exit }) {
  await run(
    async () => {
      const bytes = await readModule(moduleFile(args), read);
      const compile = () => new WebAssembly.Module(bytes);
      const now = () => performance.now();
      const driver = new Driver({ runtime, version, sha256: sha256(bytes), compile, now });
      return { driver, questions, answers: answers() };
    },
    (status, message) => {
      console.error(message);
      exit(status);
    },
  );
}
