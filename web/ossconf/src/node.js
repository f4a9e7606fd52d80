// The entry for Node.js, Deno and Bun: the module is a file, or stands at an address where modules come from there.
import { readFile } from "node:fs/promises";

import { loader } from "./load.js";

export { OssConfError } from "./error.js";
export { applyFix } from "./fix.js";

/** @param {URL} url */
const open = (url) => (url.protocol === "file:" ? readFile(url) : fetch(url));

export const load = loader(() => new URL("../dist/ossconf.wasm", import.meta.url), open);
