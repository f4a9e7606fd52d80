// Reads the fixtures of the repository, which are in the format txtar.
import { readFileSync, readdirSync } from "node:fs";

/**
 * @typedef {object} Fixture
 * @property {string} name
 * @property {string} kind the folder
 * @property {Record<string, string>} header
 * @property {Record<string, string>} files
 */

const root = new URL("../../../fixtures/", import.meta.url);

/**
 * @param {string} kind
 * @returns {Fixture[]}
 */
export function fixtures(kind) {
  const folder = new URL(`${kind}/`, root);
  return readdirSync(folder).map((file) => {
    const [comment = "", ...parts] = readFileSync(new URL(file, folder), "utf8").split(/^-- (.+) --\n/m);
    const header = Object.fromEntries([...comment.matchAll(/^([a-z-]+): (.*)$/gm)].map((m) => [m[1], m[2]]));
    /** @type {Record<string, string>} */
    const files = {};
    for (let i = 0; i < parts.length; i += 2) {
      files[/** @type {string} */ (parts[i])] = /** @type {string} */ (parts[i + 1]);
    }
    return { name: file.replace(/\.txtar$/, ""), kind, header, files };
  });
}

/**
 * Takes a request of HTTP/1.1 apart.
 *
 * @param {string} text
 */
export function parseRequest(text) {
  const [head = "", ...rest] = text.replaceAll("\r\n", "\n").split("\n\n");
  const [line = "", ...lines] = head.trimEnd().split("\n");
  const [method = "", target = ""] = line.split(" ");
  const headers = lines.map((field) => /** @type {[string, string]} */ (field.split(/: ?(.*)/s).slice(0, 2)));
  return { method, target, headers, body: rest.join("\n\n").replace(/\n$/, "") };
}
