/**
 * Findings as marks in the text.
 *
 * @module
 */

import { labelOf } from "./fixes.js";
import { endOf, indexesOf } from "./places.js";

/**
 * The marks for the document as it is.
 *
 * @param {import("./app.js").App} app
 */
export function diagnostics(app) {
  const { model, t } = app;
  const { text } = model;
  const { findings } = model.understanding.report;
  const places = indexesOf(
    text,
    findings.map(({ offset }) => offset),
  );
  return findings.map(({ severity, message, hint, fix, rule }, i) => {
    const from = places[i] ?? 0;
    return {
      from,
      to: endOf(text, from),
      severity,
      message: [t.rules[rule], message, hint].filter(Boolean).join("\n"),
      source: rule,
      actions: fix ? [{ name: labelOf(app, fix), apply: () => model.fix(fix) }] : [],
    };
  });
}
