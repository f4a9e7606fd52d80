// The static site without a network: what the service worker keeps, build after build, beside others of its origin.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { first } from "../src/model.js";
import { built, staticHost } from "./static.js";
import { documentOf, suite } from "./suite.js";

/** @typedef {import("puppeteer-core").Page} Page */

const index = String(await built("index.html"));
const [main = ""] = /main-\w+\.js/.exec(index) ?? [];

/** A later build, whose script has another name. @type {typeof built} */
async function later(name) {
  if (name === main) {
    return undefined;
  }
  const file = await built(name === "main-LATER.js" ? main : name);
  return /^(index\.html|offline\.js)$/.test(name)
    ? String(file)
        .replaceAll(main, "main-LATER.js")
        .replace(/(version\\?":\\?")[0-9a-f]{16}/, "$1fedcba9876543210")
    : file;
}

/** Waits until the worker of the page is in charge, and returns the names of the caches. @param {Page} page */
async function active(page) {
  await page.waitForFunction(async () => {
    const { active } = await navigator.serviceWorker.ready;
    return active?.state === "activated";
  });
  return page.evaluate(() => caches.keys());
}

test("all files but the page and its worker have names that change with them", async () => {
  const icon = await readFile(new URL("../src/icon.svg", import.meta.url));
  const hash = createHash("sha256").update(icon).digest("hex").slice(0, 8);
  assert.equal(/rel="icon" href="(.*?)"/.exec(index)?.[1], `icon-${hash}.svg`);
  assert.deepEqual(await built(`icon-${hash}.svg`), icon);
  const [, list = "[]"] = /files\\?":(\[.*?\])/.exec(String(await built("offline.js"))) ?? [];
  const files = /** @type {string[]} */ (JSON.parse(list.replaceAll("\\", "")));
  assert.ok(files.includes(main) && files.includes(`icon-${hash}.svg`), list);
  assert.deepEqual(
    files.filter((it) => !/-[0-9A-Za-z]{8}\.\w+$/.test(it)),
    ["./"],
  );
});

suite("offline", (stage) => {
  /**
   * Does something with a host, which is stopped at the latest when that is done.
   *
   * @param {Awaited<ReturnType<typeof staticHost>>} host
   * @param {() => Promise<void>} act
   */
  async function beside(host, act) {
    try {
      await act();
    } finally {
      host.stop();
      stage.requests.splice(0);
    }
  }

  test("a later build is kept whole, whatever the browser still has of the former one", async () => {
    let files = built;
    const host = await staticHost(undefined, undefined, {
      files: (name) => files(name),
      headers: { "cache-control": "max-age=600" },
    });
    await beside(host, async () => {
      const page = await stage.open({ url: host.url });
      const [former] = await active(page);
      files = later;
      await page.evaluate(async () => {
        await (await navigator.serviceWorker.ready).update();
      });
      await page.waitForFunction(
        async (former) => {
          const names = await caches.keys();
          return names.length === 1 && names[0] !== former;
        },
        { polling: 50 },
        former,
      );
      const kept = await page.evaluate(async () => {
        const [name = ""] = await caches.keys();
        return (await (await caches.open(name)).match("./"))?.text();
      });
      assert.equal(kept, String(await later("index.html")));
      await page.close();
      host.stop();
      const offline = await stage.open({ url: `${host.url}?offline` }); // no address that the cache of HTTP has
      assert.equal(await documentOf(offline), first);
    });
  });

  test("two sites of one origin keep theirs", async () => {
    const host = await staticHost();
    await beside(host, async () => {
      for (const folder of ["a/", "b/"]) {
        const page = await stage.open({ url: host.url + folder });
        await active(page);
        await page.close();
      }
      host.stop();
      for (const folder of ["a/", "b/"]) {
        const offline = await stage.open({ url: host.url + folder });
        assert.equal(await documentOf(offline), first);
        assert.equal((await offline.evaluate(() => caches.keys())).length, 2);
        await offline.close();
      }
    });
  });
});
