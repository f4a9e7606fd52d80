import { endedAs, shown } from "./lines.js";
import { indexOf } from "./places.js";

/**
 * A text area for the document: what there is until CodeMirror comes, and all there is if it does not.
 *
 * @param {HTMLElement} host
 * @param {import("./app.js").App} app
 * @returns {import("./app.js").Editor & { hadFocus(): boolean }}
 */
export function mountPlain(host, { model, t }) {
  const area = document.createElement("textarea");
  area.id = "document";
  area.spellcheck = false;
  area.setAttribute("aria-label", t.editorLabel);
  area.value = model.text;
  area.addEventListener("input", () => model.edit(endedAs(model.text, area.value), "typing"));
  host.replaceChildren(area);
  return {
    refresh() {
      if (area.value !== shown(model.text)) {
        area.value = model.text;
      }
    },
    focus: () => area.focus(),
    goTo(offset) {
      const { length } = shown(model.text.slice(0, indexOf(model.text, offset)));
      area.focus();
      area.setSelectionRange(length, length);
    },
    hadFocus: () => document.activeElement === area,
  };
}
