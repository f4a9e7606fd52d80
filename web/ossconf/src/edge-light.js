// The entry for edge-light, whose bundlers hand a compiled module over for this suffix and let nothing else compile.
import module from "../dist/ossconf.wasm?module";

import { loader } from "./load.js";

export { OssConfError } from "./error.js";
export { applyFix } from "./fix.js";

export const load = loader(() => module);
