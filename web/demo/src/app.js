/**
 * The page: what it shows beside the document, what its parts can do, and when it is drawn.
 *
 * @module
 */

import { html, nothing, render } from "lit-html";

import { Analyst } from "./analysis.js";
import { Choices } from "./choices.js";
import { clients } from "./clients.js";
import { Desk } from "./desk.js";
import { read } from "./file.js";
import { findings, LISTED, profiles } from "./findings.js";
import { form } from "./form.js";
import { header, notices, toolbar } from "./frame.js";
import { Refused, sendPanel, timeOf } from "./mock.js";
import { output } from "./output.js";
import { signing, Vault } from "./signing.js";
import { summary } from "./summary.js";
import { texts } from "./texts/index.js";
import { Watch } from "./this-browser.js";

const plain = { type: "text/plain" };

/** The fields of the form that signs, by the members of a request. */
const fields = ["bucket", "region", "access_key_id", "access_key_secret", "security_token"];

/**
 * @typedef {{ text: string, bad: boolean }} Notice
 * @typedef {{ focus(): void, goTo(offset: number): void, refresh(): void }} Editor
 */

/** What the panel of the mock shows before anything was done. */
const nothingSent = {
  mockMessage: "",
  mockFailed: false,
  stored: "",
  handshakes: /** @type {import("./mock.js").Handshake[]} */ ([]),
};

/** What the page shows beside the document, none of which is in the address. */
const ui = {
  preset: "",
  search: "",
  openGroups: /** @type {Map<string, boolean>} */ (new Map()),
  onlyChosen: /** @type {ReadonlySet<string> | undefined} */ (undefined),
  onlyChanges: false,
  listed: LISTED,
  said: "",
  notices: /** @type {Notice[]} */ ([]),
  dragging: false,
  problems: /** @type {{ field: string, text: string }[]} */ ([]),
  signed: /** @type {import("ossconf").Signed | undefined} */ (undefined),
  target: /** @type {"mock" | "edge" | undefined} */ (undefined),
  busy: false,
  mockBucket: "examplebucket",
  ...nothingSent,
};

/** The page. */
export class App {
  ui = { ...ui };
  /** @type {Editor | undefined} */
  editor;
  /** @type {import("./mock.js").Mock | undefined} */
  mock;
  /** Whether the page is served beside a mock. */
  beside = false;
  /** @type {Vault<import("ossconf").Credentials>} */
  vault = new Vault(() => this.show({ signed: undefined, problems: [] }));
  /** What is under way with the mock. @type {(() => Promise<() => void>) | undefined} */
  #sending;
  #root;
  #drawing = false;

  /**
   * @param {HTMLElement} root
   * @param {import("./core.js").Core} core
   * @param {import("./model.js").Model} model
   * @param {import("./trail.js").Trail} trail
   */
  constructor(root, core, model, trail) {
    this.#root = root;
    this.core = core;
    this.model = model;
    this.trail = trail;
    this.choices = new Choices(core, model);
    this.analyst = new Analyst(this);
    this.desk = new Desk(this);
    this.watch = new Watch(this);
    model.subscribe((kind) => {
      this.draw();
      this.analyst.later();
      if (kind === "form" && model.anew) {
        this.#notice(this.t.writtenAnew, true);
      }
    });
  }

  get t() {
    return texts[this.model.state.lang];
  }

  get analysis() {
    return this.analyst.known;
  }

  /** Where the page sends to. */
  get target() {
    return this.ui.target ?? (this.beside ? "mock" : "edge");
  }

  /** Draws the page when the browser is about to paint. */
  draw = () => {
    if (!this.#drawing) {
      this.#drawing = true;
      requestAnimationFrame(() => this.drawNow());
    }
  };

  drawNow() {
    this.#drawing = false;
    const { lang, theme } = this.model.state;
    const { documentElement: html } = document;
    html.lang = lang === "zh" ? "zh-Hans" : "en";
    html.dataset.theme = theme;
    document.title = `ossconf: ${this.t.title}`;
    render(page(this), this.#root);
    this.editor?.refresh();
  }

  /** Changes what is shown beside the document. @param {Partial<typeof ui>} changes */
  show = (changes) => {
    Object.assign(this.ui, changes);
    this.draw();
  };

  /** Moves to a part of the page, which the address cannot do: it holds the state. @param {string} id */
  reach(id) {
    const place = document.getElementById(id);
    place?.scrollIntoView({ block: "start" });
    place?.focus({ preventScroll: true });
  }

  /** @param {string} id of an element that the next drawing has */
  focus(id) {
    this.drawNow();
    document.getElementById(id)?.focus();
  }

  /** @param {import("ossconf").Finding} finding */
  goTo(finding) {
    this.editor?.goTo(finding.offset);
  }

  /** @param {File} file */
  async open(file) {
    const { text, problem } = await read(file);
    if (text === undefined) {
      this.#notice(this.t[problem](file.name), true);
      return;
    }
    this.take(text, "imported");
    this.#notice(this.t.opened(file.name), false);
  }

  /**
   * @param {string} text
   * @param {"imported" | "bucket"} kind
   */
  take(text, kind) {
    this.model.take(text, kind);
  }

  /**
   * @param {string} text
   * @param {boolean} bad
   */
  #notice(text, bad) {
    this.show({ notices: [{ text, bad }] });
  }

  /** @param {string | Promise<string>} text */
  async copy(text) {
    try {
      if (typeof text === "string" || typeof ClipboardItem === "undefined") {
        await navigator.clipboard.writeText(await text);
      } else {
        // Safari forgets the click while the page waits for the text.
        await navigator.clipboard.write([
          new ClipboardItem({ "text/plain": text.then((it) => new Blob([it], plain)) }),
        ]);
      }
      this.#notice(this.t.copied, false);
    } catch {
      this.#notice(this.t.copyFailed, true);
    }
  }

  /**
   * @param {string} text
   * @param {string} name
   */
  download(text, name) {
    const url = URL.createObjectURL(new Blob([text], plain));
    const link = Object.assign(document.createElement("a"), { href: url, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  /**
   * @param {"bucket" | "region"} name
   * @param {string} value
   */
  name(name, value) {
    this.ui.signed = undefined; // it was for another one
    this.model.configure({ [name]: value.trim() });
  }

  /** @param {string} field */
  hasProblem(field) {
    return this.ui.problems.some((it) => it.field === field);
  }

  /**
   * Signs with what the form says. Its secrets go from the form to the vault.
   *
   * @param {HTMLFormElement} form
   */
  async sign(form) {
    const { t, model, vault } = this;
    const { bucket, region } = model.state;
    const value = (/** @type {string} */ name) => String(new FormData(form).get(name) ?? "").trim();
    const key = vault.key ?? { access_key_id: value("access_key_id"), access_key_secret: value("access_key_secret") };
    const token = value("security_token");
    const problems = [
      !bucket && { field: "bucket", text: t.needBucket },
      !region && { field: "region", text: t.needRegion },
      !key.access_key_id && { field: "access_key_id", text: t.needKeyID },
      !key.access_key_secret && { field: "access_key_secret", text: t.needKeySecret },
      !model.understanding.config && { field: "document", text: t.needDocument },
    ].filter((it) => it !== false);
    if (problems.length > 0) {
      return this.#fail(problems);
    }
    const all = { ...(token && { security_token: token }), ...key };
    const { times } = vault;
    // Late, it would be for another bucket, or bring back a key that was forgotten.
    const late = () => vault.times !== times || model.state.bucket !== bucket || model.state.region !== region;
    try {
      const signed = await this.core.sign({
        ...{ ...all, method: "PUT", bucket, region, time: timeOf(new Date()) },
        query: [["httpsConfig", ""]],
        headers: [["Content-Type", "application/xml"]],
      });
      if (late()) {
        return;
      }
      vault.remember(all);
      form.reset();
      this.show({ signed, problems: [] });
      this.#notice(t.signed, false);
    } catch (error) {
      if (late()) {
        return;
      }
      const { path = "", message } = /** @type {import("ossconf").OssConfError} */ (error);
      const field = fields.find((it) => path === `/${it}`) ?? "bucket";
      this.#fail([{ field, text: message }]);
    }
  }

  /** @param {{ field: string, text: string }[]} problems */
  #fail(problems) {
    this.ui.problems = problems;
    this.focus("error-summary");
  }

  /** Names the bucket of the mock: what is shown was of another one. @param {string} mockBucket */
  nameMock(mockBucket) {
    this.#sending = undefined;
    this.show({ mockBucket, busy: false, ...nothingSent });
  }

  /**
   * Does something with the mock and shows what came of it, or what went wrong, unless another bucket is named by then.
   *
   * @param {() => Promise<() => void>} act returns what shows it
   */
  async withMock(act) {
    const { t } = this;
    this.#sending = act;
    this.show({ busy: true, ...nothingSent });
    /** @type {() => void} */
    let show;
    try {
      show = await act();
    } catch (error) {
      show = () => this.show({ mockFailed: true, mockMessage: failure(t, error) });
    }
    if (this.#sending === act) {
      this.show({ busy: false });
      show();
    }
  }
}

/**
 * @param {import("./texts/index.js").Texts} t
 * @param {unknown} error
 */
function failure(t, error) {
  if (error instanceof Refused) {
    return error.code === "NoSuchHttpsConfig" ? t.never404 : t.refused(error.code, error.message);
  }
  return error instanceof TypeError ? t.unreachable : /** @type {Error} */ (error).message;
}

/** @param {App} app */
function page(app) {
  const { t, ui } = app;
  return html`${header(app)} ${summary(app)}
    <main>
      ${notices(app)}
      <div class="builder">
        ${form(app)}
        <div class="side">
          <section class="document" aria-labelledby="document-title">
            ${toolbar(app)}
            <div id="editor" class="editor"></div>
          </section>
          ${findings(app)}
        </div>
        ${profiles(app)}
      </div>
      ${clients(app)} ${output(app)}
      <div class="columns">${signing(app)} ${sendPanel(app)}</div>
    </main>
    <footer><p>${t.footer}</p></footer>
    ${ui.dragging ? html`<div class="drop" aria-hidden="true">${t.drop}</div>` : nothing}`;
}
