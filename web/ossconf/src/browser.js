// The entry for pages and for whoever is none of the others: the module is fetched from beside this file.
import { loader } from "./load.js";

export { OssConfError } from "./error.js";
export { applyFix } from "./fix.js";

export const load = loader(() => new URL("../dist/ossconf.wasm", import.meta.url));
