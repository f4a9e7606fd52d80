// Opens addresses in a browser, for tests in other languages: node visit.js chromium|firefox, with a JSON array of
// addresses on standard input. Certificates are accepted whoever made them. The answer is JSON: the version of the
// browser, and for each address what it got.
import { text } from "node:stream/consumers";

import { launch } from "./browsers.js";

/**
 * @typedef {object} Visit
 * @property {string} text of the page; empty if there was none
 * @property {string} error what the browser says, if it got no page
 * @property {string} [protocol] as Chromium names it, as the next two
 * @property {string} [key_exchange]
 * @property {string} [cipher]
 */

/** How long a page may take, in milliseconds. */
const PATIENCE = 30_000;

/**
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} url
 * @returns {Promise<Visit>}
 */
async function visit(browser, url) {
  const page = await browser.newPage();
  /** @type {Partial<Visit>} */
  const security = {};
  if (/chrom/i.test(await browser.version())) {
    const session = await page.createCDPSession();
    await session.send("Network.enable");
    session.on("Network.responseReceived", ({ response }) => {
      if (response.url === url && response.securityDetails) {
        const { protocol, keyExchange, cipher } = response.securityDetails;
        Object.assign(security, { protocol, key_exchange: keyExchange, cipher });
      }
    });
  }
  try {
    const response = await page.goto(url, { timeout: PATIENCE });
    return { text: (await response?.text()) ?? "", error: "", ...security };
  } catch (error) {
    return { text: "", error: /** @type {Error} */ (error).message };
  } finally {
    await page.close();
  }
}

const [name] = process.argv.slice(2);
/** @type {string[]} */
const urls = JSON.parse(await text(process.stdin));
const browser = await launch(/** @type {import("./browsers.js").BrowserName} */ (name), { acceptInsecureCerts: true });
try {
  /** @type {Visit[]} */
  const visits = [];
  for (const url of urls) {
    visits.push(await visit(browser, url));
  }
  process.stdout.write(JSON.stringify({ version: await browser.version(), visits }));
} finally {
  await browser.close();
}
