// Copies the self-contained module into dist, and the license beside it. Builds the module if it is missing.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../../", import.meta.url);
const module = new URL("build/ossconf-selfcontained.wasm", root);
if (!existsSync(module)) {
  execFileSync("make", ["wasm"], { cwd: fileURLToPath(root), stdio: "inherit" });
}
mkdirSync(new URL("../dist/", import.meta.url), { recursive: true });
copyFileSync(module, new URL("../dist/ossconf.wasm", import.meta.url));
copyFileSync(new URL("LICENSE", root), new URL("../LICENSE", import.meta.url));
