// The driver for Chromium, without a window.
import process from "node:process";

import { chromium } from "./src/find.js";
import { home, keep, newFolder } from "./src/guest.js";
import { host } from "./src/host.js";

const flags = [
  "--headless",
  "--disable-background-networking",
  "--disable-breakpad",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  // Its sandbox needs another user than root.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

await host({
  runtime: "chromium",
  program: chromium(),
  async start({ program, url }) {
    const folder = await newFolder();
    return keep([program, ...flags, `--user-data-dir=${folder}/profile`, url], { folder, env: home(folder) });
  },
});
