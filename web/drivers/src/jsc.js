// The driver in the shell of JavaScriptCore, which jsc.js starts.
/* global readline, print, printErr, readFile, quit */
import { Driver } from "./driver.js";
import { excerpt, refusal } from "./question.js";
import { sha256 } from "./sha256.js";
import { runShell } from "./shell.js";

const [file = "", end] = globalThis.arguments;

runShell({
  open() {
    const bytes = readFile(file, "binary");
    const compile = () => new WebAssembly.Module(bytes);
    // The shell does not tell its version.
    return new Driver({ runtime: "jsc", version: "", sha256: sha256(bytes), compile, now: () => performance.now() });
  },
  // At the end of its input the shell reads empty lines for ever, so another line says that it is reached.
  *lines() {
    for (let line = readline(); line !== end; line = readline()) {
      yield decode(line);
    }
  },
  write: (line) => print(line.trimEnd()),
  end(status, message) {
    printErr(JSON.stringify({ status, message })); // quit takes no status
    quit();
  },
});

/**
 * Decodes UTF-8, of which the shell makes a character of each byte.
 *
 * @param {string} line
 */
function decode(line) {
  try {
    return decodeURIComponent(escape(line));
  } catch (error) {
    throw refusal(`not UTF-8: ${excerpt(line)}`, error);
  }
}
