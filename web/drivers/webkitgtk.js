// The driver for WebKitGTK: its own small browser, on a screen that only exists in memory.
import { once } from "node:events";

import { exit, Failure } from "./src/failure.js";
import { miniBrowser, xvfb } from "./src/find.js";
import { home, keep, newFolder, version } from "./src/guest.js";
import { host } from "./src/host.js";

const server = xvfb();

/** @type {import("./src/guest.js").Kept | undefined} */
let screen;
/** @type {Record<string, string>} */
let env = {};

await host({
  runtime: "webkitgtk",
  program: server && miniBrowser(),
  async version(program) {
    screen = keep([/** @type {string} */ (server), "-displayfd", "1", "-screen", "0", "800x600x24"]);
    const number = await Promise.race([once(screen.stdout, "data"), screen.ended]);
    if (typeof number === "string") {
      throw new Failure(exit.runtime, number);
    }
    env = {
      DISPLAY: `:${String(number[0]).trim()}`,
      GDK_BACKEND: "x11",
      GSETTINGS_BACKEND: "memory",
      LIBGL_ALWAYS_SOFTWARE: "1",
      NO_AT_BRIDGE: "1",
    };
    return version(program, env); // needs a screen even to say this
  },
  async start({ program, url }) {
    const folder = await newFolder();
    const browser = keep([program, url], { folder, env: { ...home(folder), ...env } });
    return {
      ended: Promise.race([browser.ended, screen?.ended ?? browser.ended]),
      stop: () => Promise.all([browser.stop(), screen?.stop()]),
    };
  },
});
