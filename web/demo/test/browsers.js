// The browsers of this machine, driven by puppeteer-core, and the page that `ossconf demo` serves.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import puppeteer from "puppeteer-core";

import { goBuild } from "../../testing/mockoss.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** @typedef {"chrome" | "firefox"} Kind */

const programs = { chrome: ["chromium", "chromium-browser", "google-chrome"], firefox: ["firefox-esr", "firefox"] };

/** @param {Kind} kind */
function find(kind) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return programs[kind].flatMap((name) => folders.map((folder) => join(folder, name))).find((it) => existsSync(it));
}

/** The browsers, and for one that is missing why its tests are left out; where they have to run, that is an error. */
export const browsers = /** @type {Kind[]} */ (["chrome", "firefox"]).map((kind) => {
  const program = find(kind);
  if (!program && process.env.OSSCONF_REQUIRE_NODE) {
    throw new Error(`${programs[kind].join(" or ")} is missing; install it: apt-get install chromium firefox-esr`);
  }
  return { kind, program, skip: program ? false : `no ${programs[kind].join(" or ")} in the PATH` };
});

/**
 * @param {{ kind: Kind, program: string | undefined }} browser
 * @param {{ acceptInsecureCerts?: boolean }} [options]
 * @returns {Promise<import("puppeteer-core").Browser>}
 */
export function launch({ kind, program }, options = {}) {
  return puppeteer.launch({
    ...options,
    browser: kind,
    executablePath: program ?? "",
    headless: true,
    args: kind === "chrome" ? ["--no-sandbox", "--disable-dev-shm-usage", "--lang=en-US"] : [],
    extraPrefsFirefox: { "intl.accept_languages": "en-US" },
  });
}

/**
 * Starts `ossconf demo` with the page and an edge worker. The caller stops it.
 *
 * @returns {Promise<{ url: string, endpoint: string, pid: number, stop: () => Promise<void> }>}
 */
export async function startDemo() {
  const program = await goBuild("./cmd/ossconf", "ossconf");
  const worker = `"${process.execPath}" web/edge/src/main.js`;
  const args = ["demo", "--module", "build/ossconf.wasm", "--page", "web/demo/dist", "--edge", worker];
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const exit = new Promise((resolve) => child.once("exit", resolve));
  let endpoint = "";
  for await (const line of createInterface({ input: child.stdout })) {
    endpoint ||= /^ +endpoint +(http:.*)/.exec(line)?.[1] ?? "";
    if (/^http:.*\/$/.test(line)) {
      child.stdout.resume();
      const stop = async () => {
        child.kill("SIGINT");
        await exit;
      };
      return { url: line, endpoint, pid: child.pid ?? 0, stop };
    }
  }
  throw new Error(`ossconf demo ended with ${await exit}`);
}
