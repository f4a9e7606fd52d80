// The driver for edge-runtime, which is a library of Node.js.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { text } from "./src/failure.js";
import { edgeRuntime } from "./src/find.js";
import { host } from "./src/host.js";

await host({
  runtime: "edge-runtime",
  program: edgeRuntime(),
  version: (program) => JSON.parse(readFileSync(program, "utf8")).version,
  async start({ url, about, module }) {
    const [{ EdgeRuntime }, { build }] = await Promise.all([import("edge-runtime"), import("esbuild")]);
    const entry = fileURLToPath(new URL("src/edge.js", import.meta.url));
    const bundle = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: "iife",
      logLevel: "silent",
    });
    const compile = () => new WebAssembly.Module(module);
    const runtime = new EdgeRuntime({ extend: (context) => Object.assign(context, { ossconf: { about, compile } }) });
    runtime.evaluate(bundle.outputFiles[0]?.text ?? "");
    return { ended: new Promise(() => {}), lost: call(runtime, url), stop: async () => {} }; // it ends with this process
  },
});

/**
 * Asks the script to begin, and says how that ended.
 *
 * @param {import("edge-runtime").EdgeRuntime} runtime
 * @param {string} url
 */
async function call(runtime, url) {
  try {
    const response = await runtime.dispatchFetch(url, { headers: { Bridge: url } });
    return `edge-runtime answered ${response.status}`;
  } catch (error) {
    return `edge-runtime did not answer: ${text(error)}`;
  }
}
