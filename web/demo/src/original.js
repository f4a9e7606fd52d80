import { html } from "lit-html";

/**
 * What the module says in English, behind what the page says of the same in another language.
 *
 * @param {import("./app.js").App} app
 * @param {...(string | undefined)} sentences
 */
export function original({ t }, ...sentences) {
  return html`<details class="original">
    <summary>${t.original}</summary>
    ${sentences.filter(Boolean).map((it) => html`<p lang="en">${it}</p>`)}
  </details>`;
}
