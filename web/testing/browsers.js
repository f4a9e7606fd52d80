// Starts the browsers that are installed, for tests of pages.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import puppeteer from "puppeteer-core";

/** @typedef {"chromium" | "firefox"} BrowserName */

const programs = {
  chromium: ["chromium", "chromium-browser", "google-chrome"],
  firefox: ["firefox-esr", "firefox"],
};

/**
 * Returns the path of a browser, or undefined if it is not installed.
 *
 * @param {BrowserName} name
 * @returns {string | undefined}
 */
function find(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = programs[name].flatMap((program) => folders.map((folder) => join(folder, program)));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Returns why a test of this browser has to be skipped, or false. With OSSCONF_REQUIRE_NODE it is never skipped.
 *
 * @param {BrowserName} name
 * @returns {string | false}
 */
export function skipWithout(name) {
  return (
    find(name) === undefined &&
    !process.env.OSSCONF_REQUIRE_NODE &&
    `${name} is not installed (.ci/browsers installs it)`
  );
}

/**
 * Starts a browser without a window. The caller closes it.
 *
 * @param {BrowserName} name
 * @param {{ acceptInsecureCerts?: boolean }} [options]
 * @returns {Promise<import("puppeteer-core").Browser>}
 */
export function launch(name, options = {}) {
  const executablePath = find(name);
  if (executablePath === undefined) {
    throw new Error(`${name} is not installed: run .ci/browsers`);
  }
  if (name === "firefox") {
    return puppeteer.launch({ ...options, browser: "firefox", executablePath, headless: true });
  }
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"];
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", ...quiet];
  return puppeteer.launch({ ...options, browser: "chrome", executablePath, headless: true, args });
}
