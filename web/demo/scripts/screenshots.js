// Takes the pictures of docs/page in Chromium: `npm run screenshots -w demo`, after `make site`.
/* global document -- in the page */
import { writeFile } from "node:fs/promises";

import { toHash } from "../src/address.js";
import { initial } from "../src/model.js";
import { browsers, launch, startDemo } from "../test/browsers.js";
import { fixture } from "../test/core.js";
import { withPalette } from "./png.js";

const sample = await fixture("put-sample", "document.xml");
const custom = `<?xml version="1.0" encoding="UTF-8"?>
<HttpsConfiguration>
  <TLS>
    <Enable>true</Enable>
    <TLSVersion>TLSv1.2</TLSVersion>
    <TLSVersion>TLSv1.3</TLSVersion>
  </TLS>
  <CipherSuite>
    <Enable>true</Enable>
    <StrongCipherSuite>false</StrongCipherSuite>
    <CustomCipherSuite>ECDHE-ECDSA-AES128-GCM-SHA256</CustomCipherSuite>
    <CustomCipherSuite>ECDHE-ECDSA-CHACHA20-POLY1305</CustomCipherSuite>
    <CustomCipherSuite>ECDHE-ECDSA-AES128-SHA256</CustomCipherSuite>
    <TLS13CustomCipherSuite>TLS_AES_128_GCM_SHA256</TLS13CustomCipherSuite>
    <TLS13CustomCipherSuite>TLS_AES_256_GCM_SHA384</TLS13CustomCipherSuite>
  </CipherSuite>
</HttpsConfiguration>
`;

/** @typedef {Partial<import("../src/types.d.ts").State> & { width?: number, to?: string }} Shot */

/** What is on the pictures: a state of the page, and the part that the page is moved to. @type {Record<string, Shot>} */
const shots = {
  light: { text: custom, certificates: "rsa" },
  dark: { text: custom, theme: "dark" },
  findings: { text: sample },
  matrix: { text: custom, certificates: "rsa", theme: "dark", to: "clients-title" },
  chinese: { text: sample, lang: "zh" },
  "chinese-matrix": { text: custom, certificates: "rsa", lang: "zh", to: "clients-title" },
  phone: { text: custom, certificates: "rsa", width: 390 },
  "phone-matrix": { text: custom, certificates: "rsa", width: 390, to: "clients-title" },
};

const [chromium] = browsers;
if (!chromium?.program) {
  throw new Error("chromium is missing; install it: apt-get install chromium");
}
const demo = await startDemo();
const browser = await launch(chromium);
for (const [name, { width = 1280, to, ...state }] of Object.entries(shots)) {
  const page = await browser.newPage();
  await page.setViewport({ width, height: width < 500 ? 844 : 900, deviceScaleFactor: 1 });
  await page.goto(demo.url + (await toHash({ ...initial, theme: "light", ...state }, "0.1.0")));
  await page.waitForFunction(() => performance.getEntriesByName("ossconf-editor").length > 0);
  await page.waitForFunction(() => document.querySelector("#said")?.textContent !== ""); // all of it is known
  if (to) {
    await page.click(`.glance a[href="#${to}"]`);
  }
  await writeFile(new URL(`../../../docs/page/${name}.png`, import.meta.url), withPalette(await page.screenshot()));
  await page.close();
}
await browser.close();
await demo.stop();
