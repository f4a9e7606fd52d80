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
  area.addEventListener("input", () => model.edit(area.value, "typing"));
  host.replaceChildren(area);
  return {
    refresh() {
      if (area.value !== model.text) {
        area.value = model.text;
      }
    },
    focus: () => area.focus(),
    goTo(offset) {
      const before = new TextDecoder().decode(new TextEncoder().encode(model.text).subarray(0, offset));
      area.focus();
      area.setSelectionRange(before.length, before.length);
    },
    hadFocus: () => document.activeElement === area,
  };
}
