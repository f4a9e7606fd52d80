// Numbers three and four of what the page is: output and signing, and the mock OSS.
import assert from "node:assert/strict";
import { test } from "node:test";

import { first } from "../src/model.js";
import { snippets } from "../src/snippets.js";
import { core, rich } from "./core.js";
import { addressOf, holds, paste, says, suite } from "./suite.js";

const secret = "verySecretAccessKey0123456789";
const token = "verySecretToken0123456789";

/** @param {import("puppeteer-core").Page} page @param {Record<string, string>} values */
async function fill(page, values) {
  for (const [id, value] of Object.entries(values)) {
    await page.type(`#${id}`, value);
  }
}

suite("sending", (stage) => {
  test("every form of output says what the document says", async () => {
    const page = await stage.open();
    await paste(page, rich);
    const config = core.decode(rich);
    const subject = {
      config,
      xml: core.encode(rich),
      bucket: "examplebucket",
      region: "cn-hangzhou",
      signed: undefined,
    };
    for (const [tab, snippet] of Object.entries(snippets)) {
      await page.click(`#tab-${tab}`);
      await page.waitForSelector(`#tab-${tab}[aria-selected="true"]`);
      await says(page, "#output-text", snippet(subject).text);
    }
  });

  test("output is downloaded", async () => {
    const page = await stage.open();
    await page.click("#tab-json");
    await page.waitForSelector('#tab-json[aria-selected="true"]'); // the next frame draws it
    const [name, text] = await page.evaluate(async () => {
      /** @type {Blob | undefined} */
      let made;
      const make = URL.createObjectURL;
      URL.createObjectURL = (it) => make((made = /** @type {Blob} */ (it)));
      const name = new Promise((resolve) => {
        HTMLAnchorElement.prototype.click = function () {
          resolve(this.download);
        };
      });
      /** @type {HTMLElement | null} */ (document.querySelector("#download"))?.click();
      return [await name, await made?.text()];
    });
    assert.equal(name, "https-configuration.json");
    assert.deepEqual(core.decode(/** @type {string} */ (text)), core.decode(first));
  });

  test("what is signed is what the mock takes", async () => {
    const page = await stage.open();
    await paste(page, rich);
    await fill(page, {
      ...{ bucket: "examplebucket", region: "cn-hangzhou" },
      ...{ access_key_id: "testAccessKeyId", access_key_secret: "testAccessKeySecret" },
    });
    await page.click("#sign");
    await page.waitForSelector("#canonical-request");
    await says(page, "#canonical-request", /^PUT\n\/examplebucket\/\nhttpsConfig\n/);
    await says(
      page,
      "#string-to-sign",
      /^OSS4-HMAC-SHA256\n\d{8}T\d{6}Z\n\d{8}\/cn-hangzhou\/oss\/aliyun_v4_request\n[0-9a-f]{64}$/,
    );
    const headers = await page.$eval("#signed-headers", (it) => it.textContent ?? "");
    const response = await fetch(`${stage.demo?.endpoint}/examplebucket/?httpsConfig`, {
      method: "PUT",
      headers: headers.split("\n").map((line) => /** @type {[string, string]} */ (line.split(": "))),
      body: core.encode(rich),
    });
    assert.equal(response.status, 200, await response.text());
    await page.click("#tab-curl");
    await says(page, "#output-text", /Authorization: OSS4-HMAC-SHA256 Credential=testAccessKeyId\//);
  });

  test("what is missing is said, and the focus goes there", async () => {
    const page = await stage.open();
    await page.click("#sign");
    await page.waitForSelector("#error-summary:focus");
    const links = await page.$$eval("#error-summary a", (list) => list.map((it) => it.getAttribute("href")));
    assert.deepEqual(links, ["#bucket", "#region", "#access_key_id", "#access_key_secret"]);
    await page.click('#error-summary a[href="#region"]');
    await page.waitForSelector("#region:focus");
    assert.equal(await page.$eval("#region", (it) => it.getAttribute("aria-invalid")), "true");
    await fill(page, { bucket: "NO", region: "cn-hangzhou", access_key_id: "id", access_key_secret: "secret" });
    await page.click("#sign");
    await says(page, "#bucket-problem", /bucket/);
    await page.waitForSelector("#error-summary:focus");
  });

  test("no secret gets anywhere but into memory, and not there once it is forgotten", async () => {
    const page = await stage.open();
    await fill(page, { bucket: "examplebucket", region: "cn-hangzhou" });
    await fill(page, { access_key_id: "testAccessKeyId", access_key_secret: secret, security_token: token });
    await page.click("#sign");
    await page.waitForSelector("#forget");
    await says(page, "#canonical-request", token); // it is part of what is signed
    await page.click("#forget");
    await page.waitForSelector("#access_key_secret");
    const hash = await addressOf(page);
    const seen = await page.evaluate(async () => {
      const fields = [...document.querySelectorAll("input")].map((it) => it.value);
      const databases = await indexedDB.databases?.();
      const stores = [
        JSON.stringify(localStorage),
        JSON.stringify(sessionStorage),
        document.cookie,
        JSON.stringify(databases),
      ];
      return { html: document.documentElement.outerHTML, fields, stores, state: JSON.stringify(history.state) };
    });
    assert.deepEqual(seen.stores, ["{}", "{}", "", "[]"]);
    const all = JSON.stringify([seen, hash, stage.requests]);
    for (const it of [secret, token]) {
      assert.equal(all.includes(it), false);
      assert.equal(all.includes(encodeURIComponent(it)), false);
    }
    assert.equal(await page.$("#canonical-request"), null);
  });

  test("a bucket is created, gets the document, and gives it back", async () => {
    const page = await stage.open();
    await paste(page, rich);
    await page.waitForSelector("#mock-bucket");
    await page.$eval("#mock-bucket", (it) => {
      const input = /** @type {HTMLInputElement} */ (it);
      input.value = "anotherbucket";
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await page.click("#mock-get");
    await says(page, "#mock-message", "NoSuchBucket");
    await page.click("#mock-create");
    await says(page, "#mock-message", "anotherbucket is there");
    await page.click("#mock-get");
    await says(page, "#mock-message", "never configured");
    await page.click("#mock-put");
    await says(page, "#stored", "<TLSVersion>TLSv1.3</TLSVersion>");
    await paste(page, "<HttpsConfiguration/>");
    await page.click("#mock-get");
    await says(page, "#mock-message", "in the editor");
    await holds(page, /<TLSVersion>TLSv1.3<\/TLSVersion>/);
    await says(page, ".clients", "what the bucket has");
    await says(page, "#mock-message", "anotherbucket");
    await page.click("#mock-put");
    await page.waitForSelector("#stored");
    await page.type("#mock-bucket", "2"); // of another bucket, nothing was said
    await page.waitForFunction(
      () => !document.querySelector("#stored") && !document.querySelector("#mock-message")?.textContent?.trim(),
    );
    stage.forgive(/status of 404/);
  });

  test("a document that OSS would refuse is refused", async () => {
    const page = await stage.open();
    await paste(page, "<HttpsConfiguration><TLS><Enable>true</Enable></TLS></HttpsConfiguration>");
    await page.waitForSelector("#mock-put:enabled");
    await says(page, ".verdict", "OSS would refuse it");
    await page.click("#mock-put");
    await says(page, "#mock-message", "MalformedXML");
    stage.forgive(/status of 400/);
  });

  test("clients of this machine make handshakes with what is stored", async () => {
    const page = await stage.open();
    await page.waitForSelector("#mock-put");
    await paste(
      page,
      "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS></HttpsConfiguration>",
    );
    await says(page, ".verdict", "OSS takes it");
    await page.click("#mock-put");
    await page.waitForSelector("#stored");
    await page.click("#mock-handshakes");
    await page.waitForSelector("#handshakes");
    const rows = await page.$$eval("#handshakes tbody tr", (list) =>
      list.map((it) => (it.textContent ?? "").replace(/\s+/g, " ").trim()),
    );
    const own = rows.filter((it) => it.startsWith("crypto/tls"));
    assert.equal(own.length, 5);
    assert.match(own[0] ?? "", /its own connected TLSv1.2/);
    assert.match(own[1] ?? "", /TLSv1.0 refused .*TLS/);
    assert.match(own[3] ?? "", /TLSv1.2 connected TLSv1.2/);
    assert.match(own[4] ?? "", /TLSv1.3 refused/);
  });
});
