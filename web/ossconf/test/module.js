import { readFileSync } from "node:fs";

/** The bytes of the packaged module. */
export const bytes = readFileSync(new URL("../dist/ossconf.wasm", import.meta.url));

/** The packaged module. */
export const module = await WebAssembly.compile(bytes);
