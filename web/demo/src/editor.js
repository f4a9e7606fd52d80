/**
 * The editor: CodeMirror on the document of the model. It comes after the first paint.
 *
 * @module
 */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { xml } from "@codemirror/lang-xml";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { completions } from "./completions.js";
import { diagnostics } from "./diagnostics.js";
import { endedAs } from "./lines.js";
import { indexOf } from "./places.js";

/** @typedef {import("./app.js").App} App */

const external = Annotation.define();

/** Colors are the page's: its variables reach into the shadow root. */
const style = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: "var(--tag)" },
  { tag: [tags.processingInstruction, tags.comment], color: "var(--quiet)" },
  { tag: tags.content, color: "var(--text)" },
  { tag: tags.character, color: "var(--accent)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--field)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", scrollbarGutter: "stable" },
  ".cm-gutters": { color: "var(--quiet)", backgroundColor: "var(--panel)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--line)" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-tooltip": { color: "var(--text)", backgroundColor: "var(--panel)", border: "1px solid var(--edge)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--on-accent)", backgroundColor: "var(--accent)" },
  ".cm-diagnosticAction": {
    color: "var(--on-accent)",
    backgroundColor: "var(--accent)",
    fontSize: "0.8125rem",
    padding: "3px 8px",
  },
  // Without the pictures of the package, which the policy does not allow.
  ".cm-lintRange": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--accent) 1px",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-error": { textDecorationColor: "var(--bad)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--warn)" },
  ".cm-lintRange-active": { backgroundColor: "var(--warn-back)" },
  ".cm-lint-marker": {
    content: "normal",
    width: "0.625em",
    height: "0.625em",
    margin: "0.4375em 0.1em",
    borderRadius: "50%",
  },
  ".cm-lint-marker-info": { content: "normal", border: "2px solid var(--accent)" },
  ".cm-lint-marker-warning": {
    content: "normal",
    backgroundColor: "var(--warn)",
    borderRadius: "1px",
    transform: "rotate(45deg)",
  },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--bad)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--accent)" },
  ".cm-diagnosticText": { whiteSpace: "pre-wrap" },
  ".cm-completionDetail": { color: "inherit", opacity: "0.8" },
});

/**
 * Puts the editor into an element.
 *
 * @param {HTMLElement} host
 * @param {App} app
 * @returns {import("./app.js").Editor}
 */
export function mount(host, app) {
  const { model, core } = app;
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const label = new Compartment();
  const labelled = () =>
    EditorView.contentAttributes.of({
      "aria-label": app.t.editorLabel,
      id: "document",
      spellcheck: "false",
      tabindex: "0",
    });
  const act = (/** @type {() => void} */ does) => () => {
    does();
    return true;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: model.text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        xml(),
        syntaxHighlighting(style),
        autocompletion({ override: [completions(core)] }),
        EditorState.lineSeparator.of("\n"),
        theme,
        label.of(labelled()),
        keymap.of([
          { key: "Mod-z", run: act(() => model.undo()), preventDefault: true },
          { key: "Mod-y", mac: "Mod-Shift-z", run: act(() => model.redo()), preventDefault: true },
          { key: "Mod-Shift-z", run: act(() => model.redo()), preventDefault: true },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...lintKeymap,
          ...defaultKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((it) => it.annotation(external))) {
            const whole = update.transactions.some(
              (it) => it.isUserEvent("input.paste") || it.isUserEvent("input.complete"),
            );
            const text = update.state.doc.toString();
            let breaks = false;
            update.changes.iterChanges((_fromA, _toA, _fromB, _toB, { lines }) => (breaks ||= lines > 1));
            model.edit(breaks ? endedAs(model.text, text) : text, whole ? "step" : "typing");
          }
        }),
      ],
    }),
  });
  let lang = model.state.lang;
  let marked = /** @type {unknown} */ (undefined);
  const refresh = () => {
    const change = difference(view.state.doc.toString(), model.text);
    if (change) {
      view.dispatch({ changes: change, annotations: external.of(true) });
    }
    if (lang !== model.state.lang) {
      lang = model.state.lang;
      view.dispatch({ effects: label.reconfigure(labelled()) });
      marked = undefined;
    }
    if (marked !== model.understanding) {
      marked = model.understanding;
      view.dispatch(setDiagnostics(view.state, diagnostics(app)));
    }
  };
  refresh();
  return {
    refresh,
    focus: () => view.focus(),
    goTo(offset) {
      const at = indexOf(model.text, offset);
      view.focus();
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    },
  };
}

/**
 * The one change that leads from a text to another.
 *
 * @param {string} from
 * @param {string} to
 */
function difference(from, to) {
  if (from === to) {
    return undefined;
  }
  let start = 0;
  while (start < from.length && from[start] === to[start]) {
    start++;
  }
  let end = 0;
  while (end < Math.min(from.length, to.length) - start && from[from.length - 1 - end] === to[to.length - 1 - end]) {
    end++;
  }
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) };
}
