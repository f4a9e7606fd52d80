import { decode } from "./base64.js";
import { exit, Failure } from "./failure.js";

/**
 * A case to answer.
 *
 * @typedef {object} Question
 * @property {string} id
 * @property {string} op
 * @property {Uint8Array} input
 */

/**
 * Reads a line of the runner.
 *
 * @param {string} line
 * @returns {Question}
 */
export function parseQuestion(line) {
  let value;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw refusal(`not one JSON object: ${excerpt(line)}`, error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refusal(`not one JSON object: ${excerpt(line)}`);
  }
  for (const name of Object.keys(value)) {
    if (!["id", "op", "in"].includes(name)) {
      throw refusal(`unknown member ${excerpt(name)}`);
    }
  }
  const { id, op, in: base64 } = value;
  if (typeof id !== "string" || id === "") {
    throw refusal("id has to be a string that is not empty");
  }
  if (typeof op !== "string") {
    throw refusal("op has to be a string");
  }
  const input = typeof base64 === "string" ? decode(base64) : undefined;
  if (!input) {
    throw refusal("in has to be a string, the input in base64");
  }
  return { id, op, input };
}

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
export function refusal(message, cause) {
  return new Failure(exit.protocol, message, cause);
}

/** @param {string} text */
export function excerpt(text) {
  return text.length <= 60 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 60))}… (${text.length} characters)`;
}
