// Prints how long the page takes in the browsers of this machine: `npm run timings -w demo`, after `make site`.
/* global document, getSelection -- in the page */
import console from "node:console";

import { browsers, launch, startDemo } from "../test/browsers.js";
import { first } from "../src/model.js";

const RUNS = 5;

const line = "    <CustomCipherSuite>ECDHE-ECDSA-AES128-GCM-SHA256</CustomCipherSuite>\n";
const suites = `  <CipherSuite>\n    <Enable>true</Enable>\n${line.repeat(880)}  </CipherSuite>\n`;
const large = first.replace("</TLS>\n", `</TLS>\n${suites}`); // nearly 64 KiB, a warning in each line

/** @typedef {import("puppeteer-core").Page} Page */

/**
 * The milliseconds of a visit: until the bytes of the module and the scripts are there, then until the form and the text area
 * take input, until the editor is there, from the start of the visit.
 *
 * @param {Page} page
 * @param {string} url
 */
async function visit(page, url) {
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName("ossconf-editor").length > 0);
  return page.evaluate(() => {
    const at = (/** @type {string} */ name) => performance.getEntriesByName(name)[0]?.startTime ?? NaN;
    const needed = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource")).filter((it) =>
      /\.wasm$|\/main-|\/style-/.test(it.name),
    );
    const bytes = Math.max(...needed.map((it) => it.responseEnd));
    const ready = at("ossconf-ready");
    return { bytes, "ready after the bytes": ready - bytes, ready, editor: at("ossconf-editor") };
  });
}

/**
 * The milliseconds from a paste of the largest document until the page says whether it is valid, who connects, and how it stands
 * to profiles; and the longest that the page takes no input meanwhile.
 *
 * @param {Page} page
 */
function edit(page) {
  return page.evaluate(async (text) => {
    const content = document.querySelector("#editor")?.shadowRoot?.querySelector(".cm-content");
    const select = /** @type {HTMLElement} */ (content);
    select.focus();
    getSelection()?.selectAllChildren(select);
    const start = performance.now();
    let longest = 0;
    let last = start;
    let done = false;
    const beat = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (!done) {
        setTimeout(beat);
      }
    };
    setTimeout(beat);
    /** @param {string} selector @param {RegExp} wanted */
    const shown = async (selector, wanted) => {
      while (!wanted.test(document.querySelector(selector)?.textContent ?? "")) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return performance.now() - start;
    };
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "clipboardData", { value: { getData: () => text } });
    content?.dispatchEvent(event);
    const valid = await shown(".verdict", /88\d warning/);
    const clients = await shown(".clients .summary", /[1-9]\d* unknown/);
    const profiles = await shown(".profiles", /87\d|88\d/);
    done = true;
    return {
      "64 KiB: valid": valid,
      "64 KiB: clients": clients,
      "64 KiB: profiles": profiles,
      "64 KiB: longest task": longest,
    };
  }, large);
}

/** @type {Record<string, number[]>} */
const table = {};
const demo = await startDemo();
for (const it of browsers.filter(({ program }) => program)) {
  for (let run = 0; run < RUNS; run++) {
    const browser = await launch(it); // with an empty cache
    for (const how of ["cold", "warm"]) {
      const page = await browser.newPage();
      const times = { ...(await visit(page, demo.url)), ...(how === "warm" ? await edit(page) : {}) };
      for (const [what, time] of Object.entries(times)) {
        (table[`${it.kind}, ${how}: ${what}`] ??= []).push(time);
      }
      await page.close();
    }
    await browser.close();
  }
}
await demo.stop();

console.log("| | ms, least | median | most |\n|---|---|---|---|");
for (const [what, times] of Object.entries(table)) {
  const sorted = times.toSorted((a, b) => a - b);
  const cells = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].map((time) => Math.round(time ?? NaN));
  console.log(`| ${what} | ${cells.join(" | ")} |`);
}
