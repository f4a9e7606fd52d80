// Bundles the worker for workerd into dist: worker.js, and the module beside it, which workerd compiles.
import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const dist = new URL("../dist/", import.meta.url);
mkdirSync(dist, { recursive: true });

await build({
  entryPoints: [fileURLToPath(new URL("../src/worker.js", import.meta.url))],
  outfile: fileURLToPath(new URL("worker.js", dist)),
  bundle: true,
  format: "esm",
  target: "es2022",
  conditions: ["workerd"],
  plugins: [
    {
      name: "module beside the worker",
      setup({ onResolve }) {
        onResolve({ filter: /\/ossconf\.wasm$/ }, ({ path, resolveDir }) => {
          copyFileSync(new URL(path, `file://${resolveDir}/`), new URL("ossconf.wasm", dist));
          return { path: "./ossconf.wasm", external: true };
        });
      },
    },
  ],
});
