// The entry for workerd, which compiles modules before it starts a worker and lets it compile none.
import module from "../dist/ossconf.wasm";

import { loader } from "./load.js";

export { OssConfError } from "./error.js";
export { applyFix } from "./fix.js";

export const load = loader(() => module);
