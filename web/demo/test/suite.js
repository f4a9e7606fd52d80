// The tests of the page in each browser of this machine.
import assert from "node:assert/strict";
import { after, afterEach, before, describe } from "node:test";

import { browsers, launch, startDemo } from "./browsers.js";

/** @typedef {import("puppeteer-core").Page} Page */

/** How long something may take to happen, in milliseconds. No test waits for time to pass. */
const PATIENCE = 20_000;

/** The page in one browser. */
export class Stage {
  /** @type {Awaited<ReturnType<typeof startDemo>> | undefined} */
  demo;
  /** @type {import("puppeteer-core").Browser | undefined} */
  browser;
  /** What pages reported since the last test. @type {string[]} */
  faults = [];
  /** The addresses that were asked for. @type {{ url: string, headers: Record<string, string>, body: string }[]} */
  requests = [];

  /** @param {import("./browsers.js").Kind} kind */
  constructor(kind) {
    this.kind = kind;
  }

  /** Forgets what browsers say by themselves of an answer that the test wants. @param {RegExp} expected */
  forgive(expected) {
    this.faults = this.faults.filter((it) => !expected.test(it));
  }

  get url() {
    assert.ok(this.demo);
    return this.demo.url;
  }

  /**
   * Opens the page and waits for its editor.
   *
   * @param {{ hash?: string, width?: number, url?: string, editor?: boolean, prepare?: (page: Page) => Promise<unknown> }} [how]
   */
  async open({ hash = "", width = 1280, url = this.url, editor = true, prepare } = {}) {
    assert.ok(this.browser);
    const page = await this.browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => this.faults.push(`error: ${/** @type {Error} */ (error).message}`));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warn") {
        this.faults.push(`console: ${message.text()}`);
      }
    });
    page.on("request", (request) =>
      this.requests.push({ url: request.url(), headers: request.headers(), body: bodyOf(request) }),
    );
    await page.setViewport({ width, height: 900 });
    await prepare?.(page);
    await page.goto(url + hash);
    if (editor) {
      await page.waitForFunction(() => performance.getEntriesByName("ossconf-editor").length > 0);
    }
    return page;
  }
}

/**
 * Declares tests for each browser.
 *
 * @param {string} title
 * @param {(stage: Stage) => void} tests
 * @param {{ acceptInsecureCerts?: boolean }} [options] of the browser
 */
export function suite(title, tests, options) {
  for (const it of browsers) {
    describe(`${title}: ${it.kind}`, { skip: it.skip }, () => {
      const stage = new Stage(it.kind);
      before(async () => {
        stage.demo = await startDemo();
        stage.browser = await launch(it, options);
      });
      after(async () => {
        await stage.browser?.close();
        await stage.demo?.stop();
      });
      afterEach(async () => {
        for (const page of (await stage.browser?.pages())?.slice(1) ?? []) {
          await page.close();
        }
        const faults = stage.faults.splice(0);
        const requests = stage.requests.splice(0);
        assert.deepEqual(faults, [], "errors in the page");
        const origin = new URL(stage.url).origin;
        const elsewhere = requests.filter(
          ({ url }) => !/^(data|blob|about):/.test(url) && new URL(url).origin !== origin,
        );
        assert.deepEqual(elsewhere, [], "requests that leave the origin");
      });
      tests(stage);
    });
  }
}

/** The body of a request, as far as the driver tells: that of Firefox does not. @param {import("puppeteer-core").HTTPRequest} request */
function bodyOf(request) {
  try {
    return request.postData() ?? "";
  } catch {
    return "";
  }
}

/** The document in the editor, which has to be short enough to be drawn whole. @param {Page} page */
export function documentOf(page) {
  return page.evaluate(() => {
    const lines = document.querySelector("#editor")?.shadowRoot?.querySelectorAll(".cm-line") ?? [];
    return [...lines].map((line) => line.textContent).join("\n");
  });
}

/** @param {Page} page */
export async function focusEditor(page) {
  await page.evaluate(() => {
    const root = document.querySelector("#editor")?.shadowRoot;
    /** @type {HTMLElement | null | undefined} */ (root?.querySelector(".cm-content"))?.focus();
  });
}

/** Selects all and pastes. @param {Page} page @param {string} text */
export async function paste(page, text) {
  await focusEditor(page);
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await page.evaluate((text) => {
    const content = document.querySelector("#editor")?.shadowRoot?.querySelector(".cm-content");
    // A made-up event: that of Firefox keeps its data from pages.
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "clipboardData", { value: { getData: () => text } });
    content?.dispatchEvent(event);
  }, text);
}

/** Waits until the page says something. @param {Page} page @param {string} selector @param {string | RegExp} text */
export async function says(page, selector, text) {
  const source = typeof text === "string" ? text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : text.source;
  try {
    await page.waitForFunction(
      (selector, source) => new RegExp(source).test(document.querySelector(selector)?.textContent ?? ""),
      {},
      selector,
      source,
    );
  } catch (error) {
    const found = await page.evaluate((it) => document.querySelector(it)?.textContent, selector);
    throw new Error(`${selector} says ${JSON.stringify(found)} and not ${text}`, { cause: error });
  }
}

/** Waits until the editor holds a document. @param {Page} page @param {string | RegExp} text */
export async function holds(page, text) {
  const matches = (/** @type {string} */ it) => (typeof text === "string" ? it === text : text.test(it));
  const start = Date.now();
  let found = await documentOf(page);
  while (!matches(found)) {
    assert.ok(Date.now() - start < PATIENCE, `the editor holds ${found} and not ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    found = await documentOf(page);
  }
}

/** Waits until the address says what the page shows. @param {Page} page */
export async function addressOf(page) {
  let last = "";
  for (let same = 0; same < 4;) {
    const now = await page.evaluate(() => location.hash);
    same = now === last ? same + 1 : 0;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return last;
}
