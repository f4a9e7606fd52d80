/**
 * Starts the page.
 *
 * @module
 */

import { html, nothing, render } from "lit-html";

import { fromHash } from "./address.js";
import { App } from "./app.js";
import { Core } from "./core.js";
import { Mock } from "./mock.js";
import { Model } from "./model.js";
import { mountPlain } from "./plain-editor.js";
import { texts } from "./texts/index.js";
import { Trail } from "./trail.js";

const root = /** @type {HTMLElement} */ (document.getElementById("page"));

/** @param {string} name of a meta element */
function meta(name) {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";
}

async function start() {
  const [core, address] = await Promise.all([
    Core.open(new URL(meta("ossconf-module"), document.baseURI)),
    fromHash(location.hash),
  ]);
  const model = new Model(core, { lang: languageOf(navigator.languages), ...address.state });
  const trail = new Trail(model, core.version.version);
  const app = new App(root, core, model, trail);
  app.beside = meta("ossconf-server") === "mock";
  app.ui.notices = noticesOf(address, core, model.state.lang);
  root.replaceChildren();
  app.drawNow();
  const host = /** @type {HTMLElement} */ (document.getElementById("editor"));
  const plain = mountPlain(host, app);
  app.editor = plain;
  performance.mark("ossconf-ready");

  keepAddress(app, trail);
  acceptFiles(app);
  window.addEventListener("pagehide", () => {
    app.vault.forget();
    app.desk.vault.forget();
    for (const field of document.querySelectorAll('input[type="password"]')) {
      /** @type {HTMLInputElement} */ (field).value = ""; // or it is there again for whoever goes back to the page
    }
  });
  if (app.beside) {
    Mock.find(core).then(
      (mock) => {
        app.mock = mock;
        app.draw();
      },
      () => {}, // the panel says that there is none
    );
  }
  if (meta("ossconf-server") === "" && "serviceWorker" in navigator) {
    // The static site keeps itself for when there is no network. Without it, it works as long as there is one.
    navigator.serviceWorker.register("offline.js").catch(() => {});
  }
  afterPaint(async () => {
    app.analyst.now();
    const { mount } = await import("./editor.js");
    const focused = plain.hadFocus();
    host.replaceChildren();
    app.editor = mount(host, app);
    if (focused) {
      app.editor.focus();
    }
    performance.mark("ossconf-editor");
  });
}

/** @param {() => Promise<void>} then */
function afterPaint(then) {
  requestAnimationFrame(() =>
    setTimeout(() => {
      then().catch(() => {}); // the text area stays
    }),
  );
}

/** @param {readonly string[]} languages */
function languageOf(languages) {
  return /^zh\b/i.test(languages[0] ?? "") ? "zh" : "en";
}

/**
 * @param {Awaited<ReturnType<typeof fromHash>>} address
 * @param {Core} core
 * @param {"en" | "zh"} lang
 */
function noticesOf({ problems, module }, core, lang) {
  const t = texts[lang];
  const list = problems
    .map((it) => (it === "v" || it === "length" ? t.addressProblems[it] : undefined))
    .filter((it) => it !== undefined);
  if (problems.includes("d")) {
    list.push(t.addressProblems.document);
  }
  const parts = problems.filter((it) => it !== "v" && it !== "length" && it !== "d");
  if (parts.length > 0) {
    list.push(t.addressProblems.part(parts.map((it) => t.addressParts[it] ?? it).join(t.comma)));
  }
  const notices = list.map((text) => ({ text, bad: true }));
  if (module !== "" && module !== core.version.version) {
    notices.push({ text: t.otherModule(module, core.version.version), bad: false });
  }
  return notices;
}

/**
 * @param {App} app
 * @param {Trail} trail
 */
function keepAddress(app, trail) {
  const { model, core } = app;
  window.addEventListener("popstate", async () => {
    const address = await trail.follow();
    if (address) {
      app.show({ notices: noticesOf(address, core, model.state.lang), signed: undefined });
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      trail.flush(); // the page may not come back
    }
  });
}

/** @param {App} app */
function acceptFiles(app) {
  const hasFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  window.addEventListener("dragover", (event) => {
    if (hasFile(event)) {
      event.preventDefault();
      if (!app.ui.dragging) {
        app.show({ dragging: true });
      }
    }
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) {
      app.show({ dragging: false });
    }
  });
  window.addEventListener(
    "drop",
    (event) => {
      const [file, ...more] = event.dataTransfer?.files ?? [];
      if (hasFile(event)) {
        event.preventDefault();
        event.stopPropagation();
        app.show({ dragging: false });
      }
      if (more.length > 0) {
        app.show({ notices: [{ text: app.t.oneFile, bad: true }] });
      } else if (file) {
        app.open(file);
      }
    },
    { capture: true }, // the editor would insert it
  );
}

start().catch(async (error) => {
  const { state } = await fromHash(location.hash);
  const t = texts[state.lang ?? languageOf(navigator.languages)];
  const place = document.createElement("div"); // what was drawn before may be half done
  root.replaceWith(place);
  render(
    html`<main class="starting">
      <h1>${t.title}</h1>
      <div class="notice bad" role="alert">
        <p><strong>${t.loadFailed}</strong></p>
        <p>${t.loadHint}</p>
        <p class="meta" lang="en">${String(error?.message ?? error)}</p>
      </div>
      ${state.text === undefined ? nothing : html`<pre id="document" tabindex="0" aria-label=${t.editor}><code>${state.text}</code></pre>`}
    </main>`,
    place,
  );
});
