// Numbers five, six and seven of what the page is, and bad input.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";

import { fromHash, toHash } from "../src/address.js";
import { first, initial } from "../src/model.js";
import { core, rich } from "./core.js";
import { staticHost } from "./static.js";
import { addressOf, documentOf, focusEditor, holds, paste, says, suite } from "./suite.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @param {import("puppeteer-core").Page} page */
async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (globalThis).axe.run();
    return violations.flatMap((/** @type {any} */ it) =>
      it.nodes.map((/** @type {any} */ node) => `${it.id}: ${node.html.slice(0, 200)}`),
    );
  });
}

suite("hardy", (stage) => {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    test(`axe finds nothing: ${theme}`, async () => {
      const text = first.replace(
        "</TLS>",
        "</TLS>\n  <CipherSuite><Enable>true</Enable><CustomCipherSuite>RC4-MD5</CustomCipherSuite></CipherSuite>",
      );
      const page = await stage.open({ hash: await toHash({ ...initial, text, theme }, "0") });
      await page.waitForSelector(".profile, .clients .notice");
      await page.$$eval("details", (list) => list.forEach((it) => (it.open = true)));
      await page.click("#sign");
      await page.waitForSelector("#error-summary");
      await page.click("#mock-put");
      await page.waitForSelector("#stored");
      assert.deepEqual(await violations(page), []);
      await page.click('#target input[value="edge"]');
      await page.waitForSelector("#edge-save");
      await page.click("#edge-save");
      await page.waitForSelector("#edge-compare");
      await page.click("#edge-compare");
      await page.waitForSelector("#edge-differences");
      assert.deepEqual(await violations(page), []);
      stage.forgive(/status of 412/);
    });
  }

  test("all of it works with the keyboard alone", async () => {
    const page = await stage.open();
    await page.keyboard.press("Tab");
    await page.waitForSelector(".skip:focus");
    await page.keyboard.press("Enter");
    await page.keyboard.type(" ");
    await holds(page, ` ${first}`);
    await page.keyboard.down("Control");
    await page.keyboard.press("z");
    await page.keyboard.up("Control");
    await holds(page, first);
    await page.keyboard.press("Tab"); // the editor does not keep it
    assert.equal(await page.evaluate(() => document.activeElement?.id === "editor"), false);
    await page.focus("#tab-xml");
    await page.keyboard.press("ArrowRight");
    await page.waitForSelector('#tab-json:focus[aria-selected="true"]');
    await page.focus('#suites input[value="all"]');
    await page.keyboard.press("ArrowDown");
    await holds(page, /<StrongCipherSuite>true/);
  });

  test("nothing is wider than a phone", async () => {
    const page = await stage.open({ width: 360, hash: await toHash({ ...initial, text: rich }, "0") });
    await page.waitForSelector(".profile, .clients .notice");
    const [width = 0, all = Infinity] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
    assert.ok(all <= width && width <= 500, `${all} of ${width}`); // Firefox has no window of 360
  });

  test("what is pressed is large enough", async () => {
    const page = await stage.open({ width: 390, hash: await toHash({ ...initial, text: rich, lang: "zh" }, "0") });
    await page.waitForSelector(".profile");
    await page.waitForSelector(".matrix");
    const small = await page.$$eval("button, a, summary, select, input, .check", (list) =>
      list
        .filter((it) => !it.closest(".check") || it.matches(".check")) // the label is pressed
        .filter((it) => it.checkVisibility() && !it.matches(".skip, .hidden") && it.getBoundingClientRect().height < 24)
        .map((it) => it.outerHTML.slice(0, 100)),
    );
    assert.deepEqual(small, []);
  });

  test("it is in Chinese where the language is, with nothing of the page left in English", async () => {
    const page = await stage.open({ hash: await toHash({ ...initial, lang: "zh" }, "0.1.0") });
    await says(page, "h1", "OSS Bucket 的 HTTPS 配置");
    const english = await page.$$eval("h2, legend, button, label > span, summary", (list) =>
      list.filter((it) => !it.closest('[lang="en"]')).map((it) => (it.textContent ?? "").trim()),
    );
    const clients = new Set(core.catalog.clients.map(({ name }) => name));
    const names = /^(TLS 1\.\d|XML|ossutil( JSON)?|Terraform|Go SDK v2|.*\p{Script=Han}.*|)$/su;
    assert.deepEqual(
      english.filter((it) => !names.test(it) && !clients.has(it) && !/^(Mozilla|Cloudflare|Alibaba|NIST|PCI)/.test(it)),
      [],
    );
  });

  test("ready before the editor is there, which is loaded after the first paint", async () => {
    const page = await stage.open();
    const marks = await page.evaluate(() => {
      const at = (/** @type {string} */ name) => performance.getEntriesByName(name)[0]?.startTime ?? NaN;
      const editor = performance.getEntriesByType("resource").find((it) => /\/editor-/.test(it.name));
      return { ready: at("ossconf-ready"), paint: at("first-contentful-paint"), editor: editor?.startTime ?? NaN };
    });
    assert.ok(marks.ready < marks.editor, JSON.stringify(marks));
    assert.ok(marks.paint < marks.editor, JSON.stringify(marks));
  });

  test("a document of 64 KiB, and more", async () => {
    const page = await stage.open();
    const line = "    <CustomCipherSuite>ECDHE-ECDSA-AES128-GCM-SHA256</CustomCipherSuite>\n";
    const large = first.replace(
      "</TLS>\n",
      `</TLS>\n  <CipherSuite>\n    <Enable>true</Enable>\n${line.repeat(880)}  </CipherSuite>\n`,
    );
    assert.ok(large.length > 63_000 && large.length <= 65_536);
    await paste(page, large);
    await says(page, ".verdict", "880 warnings");
    await page.click('#versions input[value="TLSv1.1"]');
    await says(page, "#output-text", "<TLSVersion>TLSv1.1</TLSVersion>");
    await paste(page, "x".repeat(70_000));
    await says(page, ".verdict", "OSS would refuse it");
    await page.click("#share");
    await says(page, "#notices", "No link was copied");
    await page.click("#undo");
    await says(page, ".verdict", "881 warnings");
  });

  test("binary, large and unreadable files change nothing", async () => {
    const page = await stage.open();
    /** @type {(bytes: number[] | number, name: string) => Promise<void>} */
    const drop = (bytes, name) =>
      page.evaluate(
        (bytes, name) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(
            new File([typeof bytes === "number" ? new Uint8Array(bytes).fill(65) : Uint8Array.from(bytes)], name),
          );
          window.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        },
        bytes,
        name,
      );
    await drop([0xff, 0xd8, 0xff, 0xe0], "picture.jpg");
    await says(page, "#notices", "picture.jpg is no text in UTF-8");
    await drop([0x3c, 0x00, 0x61], "zero.bin");
    await says(page, "#notices", "zero.bin is no text");
    await drop(65_537, "large.xml");
    await says(page, "#notices", "large.xml is larger than the 64 KiB");
    assert.equal(await documentOf(page), first);
  });

  test("hostile addresses", async () => {
    for (const hash of [
      "#v=9&d=x",
      "#v=1&d=***&c=x",
      "#<img src=x onerror=alert(1)>",
      `#v=1&n=${"a".repeat(900)}`,
      "#document",
    ]) {
      const page = await stage.open({ hash });
      await says(page, "#notices", hash.includes("n=") ? "left out: the bucket" : /The (one|document) below is/);
      assert.equal(await documentOf(page), first);
      await page.close();
    }
  });

  test("a static host will do, and then no network at all", async () => {
    const host = await staticHost();
    const page = await stage.open({ url: host.url });
    await paste(page, rich);
    await says(page, ".mock", "make demo serves this page");
    await holds(page, rich);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    const hash = await addressOf(page);
    host.stop();
    await assert.rejects(fetch(host.url));
    await page.close();
    const offline = await stage.open({ url: host.url, hash });
    assert.equal(await documentOf(offline), rich);
    await offline.click('#versions input[value="TLSv1.1"]');
    await holds(offline, /TLSv1.1/);
    const urls = stage.requests.splice(0).map(({ url }) => url);
    assert.deepEqual(
      urls.filter((it) => !it.startsWith(host.url) && !/^(about|data|blob):/.test(it)),
      [],
    );
  });

  test("a module that does not load: a message, and the document is there", async () => {
    const host = await staticHost(/wasm$/);
    const page = await stage.open({
      url: host.url,
      hash: await toHash({ ...initial, text: rich }, "0"),
      editor: false,
    });
    await says(page, '[role="alert"]', /cannot be loaded[^]*404/);
    await says(page, "#document", "of the team for storage");
    host.stop();
    stage.forgive(/404/);
    stage.requests.splice(0);
  });

  test("an editor that does not load: the text area stays", async () => {
    const host = await staticHost(/^editor-/);
    const page = await stage.open({ url: host.url, editor: false });
    await page.waitForSelector("textarea#document");
    await page.type("textarea#document", "x");
    await says(page, ".verdict", "OSS would refuse it");
    await page.click("#mend");
    await says(page, ".verdict", "OSS takes it");
    await page.close();
    host.stop();
    stage.forgive(/404|editor-/);
    stage.requests.splice(0);
  });

  test("the text area keeps the caret and the ends of lines, and goes to findings", async () => {
    const host = await staticHost(/^editor-/);
    const text = `\ufeff${first.replaceAll("\n", "\r\n").replace("TLSv1.2", "TLSv9")}`;
    const page = await stage.open({ url: host.url, editor: false, hash: await toHash({ ...initial, text }, "0") });
    await page.waitForSelector("textarea#document");
    await page.click(".finding.error .link");
    const area = (/** @type {number} */ from) =>
      page.$eval(
        "textarea#document",
        (it, from) => {
          const { value, selectionStart } = /** @type {HTMLTextAreaElement} */ (it);
          return value.slice(selectionStart + from, selectionStart + 5);
        },
        from,
      );
    const found = "<TLSV";
    assert.equal(await area(0), found);
    await page.keyboard.type(" ");
    await says(page, ".finding.error", "column 6");
    assert.equal(await area(-1), ` ${found}`);
    const { state } = await fromHash(await addressOf(page));
    assert.equal(state.text, text.replace("<TLSVersion>TLSv9", " $&"));
    await page.close();
    host.stop();
    stage.forgive(/404|editor-/);
    stage.requests.splice(0);
  });

  test("printed, it shows the document and what is said of it, and no form", async () => {
    const page = await stage.open();
    await focusEditor(page);
    if (stage.kind === "chrome") {
      await page.emulateMediaType("print");
      const shown = await page.$$eval("section", (list) =>
        list.filter((it) => it.offsetHeight > 0).map((it) => it.className),
      );
      assert.deepEqual(shown.sort(), ["clients", "findings", "output", "profiles"]);
    }
    const pdf = await page.pdf();
    assert.equal(Buffer.from(pdf.subarray(0, 5)).toString(), "%PDF-");
  });
});
