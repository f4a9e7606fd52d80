// Numbers one, two and five of what the page is: form and editor, what follows from the document, and the address.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { fromHash, toHash } from "../src/address.js";
import { first, initial } from "../src/model.js";
import { core, fixture, rich } from "./core.js";
import { addressOf, documentOf, focusEditor, holds, paste, says, suite } from "./suite.js";

const sample = await fixture("put-sample", "document.xml");

suite("building", (stage) => {
  test("form and editor edit the same document", async () => {
    const page = await stage.open();
    await page.click('#versions input[value="TLSv1.1"]');
    await holds(
      page,
      first.replace("    <TLSVersion>TLSv1.2", "    <TLSVersion>TLSv1.1</TLSVersion>\n    <TLSVersion>TLSv1.2"),
    );
    await says(page, ".findings", "tls-version-outdated");
    await paste(page, first.replace("TLSv1.2", "TLSv1.0"));
    await page.waitForSelector('#versions input[value="TLSv1.0"]:checked');
    assert.equal(await page.$('#versions input[value="TLSv1.2"]:checked'), null);
    await page.click('#suites input[value="custom"]');
    await holds(page, /<CustomCipherSuite>ECDHE-ECDSA-AES128-GCM-SHA256</);
  });

  test("what the form does not show stays", async () => {
    const page = await stage.open();
    await paste(page, rich);
    await page.waitForSelector('#suites input[value="custom"]:checked');
    await page.click('#versions input[value="TLSv1.3"]');
    await holds(page, rich.replace("    <TLSVersion>TLSv1.3</TLSVersion>\n", ""));
    await page.click('#suites input[value="strong"]');
    await holds(page, /<!-- since 2025 -->[^]*<Hint>of tomorrow<\/Hint>[^]*<Later><Deep>1<\/Deep><\/Later>/);
  });

  test("suites are searched, and weak ones say why", async () => {
    const page = await stage.open();
    await page.click('#suites input[value="custom"]');
    await page.waitForSelector("#suite-search");
    await page.type("#suite-search", "lucky ecdsa sha256");
    const names = () =>
      page.$$eval(".group li", (items) =>
        items.map((it) => /** @type {HTMLElement} */ (it).innerText.replace(/\s+/g, " ").trim()),
      );
    await page.waitForFunction(() => document.querySelectorAll(".group li").length < 20);
    const shown = await names();
    assert.ok(shown.length > 0);
    for (const it of shown) {
      assert.match(it, /ECDSA.*weak.*Lucky 13/);
    }
    await page.click(".group li input");
    const [name = ""] = shown[0]?.split(" ") ?? [];
    await holds(page, new RegExp(`<CustomCipherSuite>${name}</CustomCipherSuite>`));
    await says(page, ".findings", new RegExp(`${name}: .*CBC mode`));
  });

  test("the malformed sample is pasted, and a click mends it", async () => {
    const page = await stage.open();
    await paste(page, sample);
    await says(page, ".verdict", "OSS would refuse it");
    assert.equal(await page.$eval("#versions", (it) => /** @type {HTMLFieldSetElement} */ (it).disabled), true);
    await page.click(".finding.error .fix");
    await says(page, ".verdict", "2 errors");
    await page.click("#mend");
    await says(page, ".verdict", "OSS takes it");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "findings-title");
    await holds(page, core.mend(sample));
    assert.equal(await page.$eval("#versions", (it) => /** @type {HTMLFieldSetElement} */ (it).disabled), false);
  });

  test("findings are marked in the editor, with their fixes", async () => {
    const page = await stage.open();
    await paste(page, sample);
    await page.waitForFunction(
      () => (document.querySelector("#editor")?.shadowRoot?.querySelectorAll(".cm-lintRange-error").length ?? 0) === 3,
    );
    await page.click(".finding.error .link");
    const line = await page.evaluate(() => {
      const root = document.querySelector("#editor")?.shadowRoot;
      return root?.querySelector(".cm-activeLine")?.textContent;
    });
    assert.match(line ?? "", /<TLS13CustomCipherSuite>.*<\/CustomCipherSuite>/);
    await page.keyboard.press("F8"); // the next mark, with its tooltip
    await page.waitForFunction(() =>
      document.querySelector("#editor")?.shadowRoot?.querySelector(".cm-diagnosticAction"),
    );
  });

  test("the editor completes elements, versions and suites", async () => {
    const page = await stage.open();
    const options = async () => {
      await page.waitForFunction(() =>
        window.document
          .querySelector("#editor")
          ?.shadowRoot?.querySelector(".cm-tooltip-autocomplete li[aria-selected]"),
      );
      return page.evaluate(() =>
        [
          ...(window.document
            .querySelector("#editor")
            ?.shadowRoot?.querySelectorAll(".cm-tooltip-autocomplete .cm-completionLabel") ?? []),
        ].map((it) => it.textContent),
      );
    };
    const complete = async () => {
      await page.keyboard.down("Control");
      await page.keyboard.press(" ");
      await page.keyboard.up("Control");
    };
    await paste(page, "<HttpsConfiguration><CipherSuite><TLS13CustomCipherSuite>");
    await complete();
    const tls13 = await options();
    assert.ok(tls13.includes("TLS_AES_128_GCM_SHA256"));
    assert.ok(tls13.every((it) => it?.startsWith("TLS_")));
    await page.keyboard.press("Escape");
    await paste(page, "<HttpsConfiguration><TLS><TLSVersion>");
    await complete();
    assert.deepEqual(await options(), ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);
    await page.keyboard.press("Escape");
    await paste(page, "<HttpsConfiguration><TLS>");
    await page.keyboard.type("<TLSV");
    assert.deepEqual(await options(), ["TLSVersion"]);
  });

  test("clients, profiles and presets follow the document", async () => {
    const page = await stage.open();
    await says(page, ".clients .summary", /^\s*\d+ connect, 0 fail/);
    await paste(page, first.replace("    <TLSVersion>TLSv1.2</TLSVersion>\n", ""));
    await says(page, ".clients .summary", /[1-9]\d* fail, \d+ unknown\s+[1-9]\d* lost/);
    await page.click("#only-changes");
    await page.waitForFunction(() => document.querySelectorAll("tr.lost .change").length > 0);
    await page.select("#preset", "mozilla-intermediate-6.0");
    await page.click(".form .field .row button");
    await says(page, ".nearest", "says the same as Mozilla Intermediate");
    await page.waitForFunction(() => document.querySelectorAll(".profile.passes").length >= 2);
    await page.click('#certificates input[value="ecdsa"]');
    await says(page, ".clients .summary", /connect/);
  });

  test("the answer in short stays in view, and its parts lead to theirs", async () => {
    const page = await stage.open();
    await paste(page, first.replace("    <TLSVersion>TLSv1.2</TLSVersion>\n", ""));
    await says(page, ".glance", /OSS takes it\s*0 errors, 1 warning/);
    await says(page, ".glance", /\d+ of \d+ clients connect\s*[1-9]\d* fail[^]*[1-9]\d* lost/);
    await says(page, ".glance", /\d+ change(s)? away/);
    const targets = ["findings-title", "clients-title", "compared", "profiles-title"];
    for (const [i, id] of targets.entries()) {
      await page.evaluate((up) => scrollTo(0, up ? 0 : document.body.scrollHeight), i % 2 === 0);
      await page.focus(`.glance a[href="#${id}"]`);
      await page.keyboard.press("Enter");
      await page.waitForFunction((id) => document.activeElement?.id === id, {}, id);
      const [top = NaN, bottom = NaN, bar = NaN, height = NaN] = await page.evaluate((id) => {
        const at = document.getElementById(id)?.getBoundingClientRect();
        const glance = document.querySelector(".glance")?.getBoundingClientRect();
        return [at?.top ?? NaN, at?.bottom ?? NaN, glance?.bottom ?? NaN, innerHeight];
      }, id);
      assert.ok(bar > 0 && top >= bar && bottom <= height, `${id}: ${top} to ${bottom} below ${bar}, in ${height}`);
    }
    assert.match(await page.evaluate(() => location.hash), /^(#v=1.*)?$/);
    await says(page, "#said", /OSS takes it; 0 errors, 1 warning, 0 notes; \d+ of \d+ clients connect/);
  });

  test("on a phone, too, the parts are below it", async () => {
    const page = await stage.open({ width: 390 });
    await page.waitForSelector(".matrix");
    await page.click('.glance a[href="#clients-title"]');
    const [top = NaN, bar = NaN] = await page.evaluate(() =>
      ["#clients-title", ".glance"].map((it, i) => {
        const at = document.querySelector(it)?.getBoundingClientRect();
        return (i === 0 ? at?.top : at?.bottom) ?? NaN;
      }),
    );
    assert.ok(top >= bar, `${top} below ${bar}`);
  });

  test("clients that fare alike are one row, in which each is to be found", async () => {
    const page = await stage.open();
    await paste(page, first.replace("    <TLSVersion>TLSv1.2</TLSVersion>\n", ""));
    await page.waitForSelector(".matrix tr.lost");
    const rows = await page.$$eval(".matrix tbody tr", (list) =>
      list.map((it) => ({
        said: it.querySelector("summary")?.textContent?.replace(/\s+/g, " ").trim() ?? "",
        names: [...it.querySelectorAll("li .name")].map((name) => name.textContent),
      })),
    );
    const names = rows.flatMap((row) => row.names).sort();
    assert.deepEqual(names, core.catalog.clients.map(({ name }) => name).sort());
    assert.ok(rows.length < names.length / 1.5, `${rows.length} rows`);
    assert.ok(
      rows.some(({ said }) => /^Chrome 70 to 133 13 of 15 clients · imitated$/.test(said)),
      JSON.stringify(rows),
    );
  });

  test("only the chosen suites, in Chinese too", async () => {
    const page = await stage.open({ hash: await toHash({ ...initial, text: rich, lang: "zh" }, "0") });
    await page.waitForSelector("#only-chosen");
    await page.click("#only-chosen");
    await page.waitForFunction(() => document.querySelectorAll(".group li").length === 2);
    await page.click(".group li input"); // it stays to be taken back
    await page.waitForSelector(".group li input:not(:checked)");
    await page.click(".group li input");
    await page.waitForFunction(() => document.querySelectorAll(".group li input:checked").length === 2);
    await page.click("#only-chosen");
    await page.type("#suite-search", "没有前向保密 RC4");
    await page.waitForFunction(() => {
      const items = [...document.querySelectorAll(".group li")];
      return items.length > 0 && items.every((it) => /RC4/.test(it.textContent ?? ""));
    });
  });

  test("a fix says in Chinese what it does", async () => {
    const page = await stage.open({ hash: await toHash({ ...initial, text: sample, lang: "zh" }, "0") });
    await says(page, ".finding.error .fix", "将 </CustomCipherSuite> 改为 </TLS13CustomCipherSuite>");
    await says(page, ".finding.error .original", "Write </TLS13CustomCipherSuite> in place of </CustomCipherSuite>");
    await page.click(".finding.error .fix");
    await says(page, ".verdict", "2 个错误");
  });

  test("the whole state is in the address, for another browser too", async () => {
    const page = await stage.open();
    await paste(page, rich);
    await page.click('#certificates input[value="rsa"]');
    await page.click("#tab-terraform");
    await page.select("#language", "zh");
    await says(page, "h1", "OSS Bucket 的 HTTPS 配置");
    const hash = await addressOf(page);
    const other = await stage.open({ hash });
    assert.equal(await documentOf(other), rich);
    assert.equal(await other.$eval("#tab-terraform", (it) => it.getAttribute("aria-selected")), "true");
    assert.ok(await other.$('#certificates input[value="rsa"]:checked'));
    assert.equal(await other.$eval("html", (it) => it.lang), "zh-Hans");
  });

  test("undo and redo, back and forward", async () => {
    const page = await stage.open();
    await page.click('#versions input[value="TLSv1.3"]');
    await holds(page, first.replace("    <TLSVersion>TLSv1.3</TLSVersion>\n", ""));
    await addressOf(page);
    await paste(page, rich);
    await holds(page, rich);
    await addressOf(page);
    await page.goBack();
    await holds(page, first.replace("    <TLSVersion>TLSv1.3</TLSVersion>\n", ""));
    await page.goForward();
    await holds(page, rich);
    await page.click("#undo");
    await holds(page, first.replace("    <TLSVersion>TLSv1.3</TLSVersion>\n", ""));
    await page.click("#redo");
    await holds(page, rich);
    await focusEditor(page);
    await page.keyboard.down("Control");
    await page.keyboard.press("z");
    await page.keyboard.up("Control");
    await holds(page, first.replace("    <TLSVersion>TLSv1.3</TLSVersion>\n", ""));
  });

  test("typing makes no entry in the history", async () => {
    const page = await stage.open();
    await page.click('#versions input[value="TLSv1.3"]');
    await addressOf(page);
    const entries = await page.evaluate(() => history.length);
    await focusEditor(page);
    for (const letter of "abc") {
      await page.keyboard.type(letter);
      await addressOf(page);
    }
    assert.equal(await page.evaluate(() => history.length), entries);
    await page.evaluate(() => history.back());
    await holds(page, first);
  });

  test("the link to share is of what is shown, however new", async () => {
    const page = await stage.open({
      prepare: (page) =>
        page.evaluateOnNewDocument(() => {
          const shared = /** @type {any} */ (window);
          Object.defineProperty(navigator, "clipboard", {
            value: {
              writeText: async (/** @type {string} */ text) => (shared.copied = text),
              write: async (/** @type {ClipboardItem[]} */ [item]) =>
                (shared.copied = await (await item?.getType("text/plain"))?.text()),
            },
          });
        }),
    });
    await page.evaluate(() => {
      for (const id of ['#versions input[value="TLSv1.3"]', "#share"]) {
        /** @type {HTMLElement | null} */ (document.querySelector(id))?.click(); // in one go
      }
    });
    await says(page, "#notices", "Copied");
    const link = await page.evaluate(() => /** @type {any} */ (window).copied);
    const { state } = await fromHash(new URL(link).hash);
    assert.equal(state.text, first.replace("    <TLSVersion>TLSv1.3</TLSVersion>\n", ""));
    assert.equal(link.slice(0, stage.url.length), stage.url);
  });

  test("what is of an older document is marked, and cannot be applied", async () => {
    const text = first.replace("    <TLSVersion>TLSv1.2</TLSVersion>\n", "");
    const page = await stage.open({ hash: await toHash({ ...initial, text }, "0") });
    await page.waitForSelector('.profiles[aria-busy="false"] #use-nearest');
    const seen = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const profiles = /** @type {HTMLElement} */ (document.querySelector(".profiles"));
          new MutationObserver(() => {
            const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("#use-nearest"));
            resolve([profiles.ariaBusy, button?.disabled]);
          }).observe(profiles, { attributeFilter: ["aria-busy"] });
          /** @type {HTMLElement | null} */ (document.querySelector('#versions input[value="TLSv1.1"]'))?.click();
        }),
    );
    assert.deepEqual(seen, ["true", true]);
    await page.waitForSelector('.profiles[aria-busy="false"] #use-nearest:enabled');
  });

  test("JSON stays JSON, and the page says so where it cannot", async () => {
    const page = await stage.open();
    await paste(page, '{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2"]}}');
    await page.click('#versions input[value="TLSv1.3"]:not(:disabled)');
    await holds(page, '{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2","TLSv1.3"]}}');
    assert.doesNotMatch((await page.$eval("#notices", (it) => it.textContent)) ?? "", /anew/);
    await paste(page, '{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2"],"Else":12345678901234567890}}');
    await page.waitForSelector('#versions input[value="TLSv1.3"]:not(:checked)');
    await page.click('#versions input[value="TLSv1.3"]');
    await holds(page, /<Else>12345678901234567890<\/Else>/);
    await says(page, "#notices", "written anew as XML");
  });

  test("lines that end with CR and LF stay so, also those that are typed", async () => {
    const text = first.replaceAll("\n", "\r\n");
    const page = await stage.open({ hash: await toHash({ ...initial, text }, "0") });
    await focusEditor(page);
    await page.keyboard.down("Control");
    await page.keyboard.press("End");
    await page.keyboard.up("Control");
    await page.keyboard.press("Enter");
    await page.keyboard.type("<!-- c -->");
    const { state } = await fromHash(await addressOf(page));
    assert.equal(state.text, `${text}\r\n<!-- c -->`);
  });

  test("a file is opened and dropped", async () => {
    const page = await stage.open();
    const input = await page.$("#file");
    const file = fileURLToPath(new URL("../../../fixtures/documents/put-sample.txtar", import.meta.url));
    await /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (input).uploadFile(file);
    await says(page, "#notices", "put-sample.txtar was opened");
    assert.match(await documentOf(page), /^title: /);
    await page.evaluate((text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], "dropped.xml"));
      const target = document.querySelector("#editor");
      target?.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true, composed: true }));
    }, rich);
    await holds(page, rich);
    await says(page, "#notices", "dropped.xml was opened");
    await says(page, ".clients", "the document that was opened");
    assert.match(await readFile(file, "utf8"), /^title/);
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["<a/>"], "one.xml"));
      dataTransfer.items.add(new File(["<b/>"], "two.xml"));
      window.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    });
    await says(page, "#notices", "Drop one file");
    await holds(page, rich);
  });
});
