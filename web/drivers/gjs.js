// The driver for gjs, the SpiderMonkey of GNOME.
/* global printerr */
import Gio from "gi://Gio";
import GLib from "gi://GLib";
import System from "system";

import { Driver } from "./src/driver.js";
import { exit, Failure } from "./src/failure.js";
import { Lines } from "./src/lines.js";
import { moduleFile } from "./src/options.js";
import { sha256 } from "./src/sha256.js";
import { runShell } from "./src/shell.js";

const input = new Gio.UnixInputStream({ fd: 0 });
const output = new Gio.UnixOutputStream({ fd: 1 });
const utf8 = new TextEncoder();

runShell({
  open() {
    const file = moduleFile(System.programArgs);
    const bytes = read(file);
    return new Driver({
      runtime: "gjs",
      version: [System.version / 10000, (System.version / 100) % 100, System.version % 100].map(Math.trunc).join("."),
      sha256: sha256(bytes),
      compile: () => new WebAssembly.Module(bytes),
      now: () => GLib.get_monotonic_time() / 1000,
    });
  },
  *lines() {
    const lines = new Lines();
    for (;;) {
      const bytes = input.read_bytes(1 << 16, null).toArray();
      if (bytes.length === 0) {
        return lines.end();
      }
      yield* lines.push(bytes);
    }
  },
  write(line) {
    try {
      output.write_all(utf8.encode(line), null);
    } catch (error) {
      throw new Failure(exit.protocol, `write answers: ${error}`, error);
    }
  },
  end(status, message) {
    printerr(message);
    System.exit(status);
  },
});

/** @param {string} file */
function read(file) {
  try {
    return GLib.file_get_contents(file)[1];
  } catch (error) {
    throw new Failure(exit.usage, `--module ${file} cannot be read: ${error}`, error);
  }
}
