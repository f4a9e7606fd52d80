// Runs a command for a driver, and ends it and all that it started when the driver is gone, however that ended: the
// driver holds the other end of standard input. Then a folder is removed. Arguments: the folder or an empty string, the
// command, its arguments.
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import process from "node:process";

const [folder = "", command = "", ...args] = process.argv.slice(2);

// Whoever stops the driver in a terminal stops this process as well, which still has to clean up.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {});
}

const child = spawn(command, args, { detached: true, stdio: ["ignore", "inherit", "inherit"] });

/** Ends the group of processes of which the child is the first. */
function kill() {
  try {
    process.kill(-(child.pid ?? NaN), "SIGKILL");
  } catch {
    // none of them is left
  }
}

/** @param {number} status */
async function leave(status) {
  kill();
  if (folder !== "") {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
  process.exit(status);
}

child.on("error", (error) => {
  console.error(error.message);
  leave(127);
});
child.on("exit", (status, signal) => {
  console.error(signal ? `it was ended by ${signal}` : `it ended with status ${status}`);
  leave(status ?? 1);
});
process.stdin.on("close", kill).resume();
