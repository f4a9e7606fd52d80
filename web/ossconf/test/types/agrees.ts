// The implementation, as far as its own types go, is what types.d.ts and raw.d.ts promise.
import * as raw from "../../src/instance.js";
import * as browser from "../../src/browser.js";
import * as edgeLight from "../../src/edge-light.js";
import * as node from "../../src/node.js";
import * as workerd from "../../src/workerd.js";

type Names<T> = { [Name in keyof T]: unknown };

raw satisfies Names<typeof import("ossconf/raw")>;
raw.Instance satisfies new (module: WebAssembly.Module) => import("ossconf/raw").Instance;

for (const entry of [node, browser, workerd, edgeLight]) {
  entry satisfies Names<typeof import("ossconf")>;
  entry.load satisfies (typeof import("ossconf"))["load"];
  entry.applyFix satisfies (typeof import("ossconf"))["applyFix"];
}

// Nothing is exported that is not declared.
const declared: Names<typeof import("ossconf")> = null as unknown as Names<typeof node>;
const same: keyof typeof import("ossconf") = null as unknown as keyof typeof node;
export const checked = [declared, same];
