// Bundles a program that uses the packed package, and runs the bundle.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";

import * as esbuild from "esbuild";
import * as vite from "vite";

import { installPacked } from "./packed.js";

const { folder, write } = installPacked(after);
const use = `
  const { version, abi } = oss.version();
  const xml = oss.encode({ TLS: { Enable: true, TLSVersion: ["TLSv1.3"] } });
  console.log(version, abi, oss.decode(xml).TLS.TLSVersion[0]);
`;
const printed = `${JSON.parse(readFileSync(join(folder, "node_modules/ossconf/package.json"), "utf8")).version} 1 TLSv1.3\n`;

/** @param {string} file */
const run = (file) => execFileSync(process.execPath, [join(folder, file)], { cwd: "/", encoding: "utf8" });

/** @type {esbuild.BuildOptions} */
const options = {
  absWorkingDir: folder,
  bundle: true,
  format: "esm",
  minify: true,
  target: "node20",
  logLevel: "error",
};

test("not bundled", () => {
  write("plain.js", `import { load } from "ossconf"; const oss = await load(); ${use}`);
  assert.equal(run("plain.js"), printed);
});

describe("esbuild", () => {
  test("with the module in the bundle", async () => {
    write("inline.js", `import { load } from "ossconf"; import module from "ossconf/ossconf.wasm"; const oss = await load({ module }); ${use}`); // prettier-ignore
    const loader = /** @type {const} */ ({ ".wasm": "binary" });
    await esbuild.build({ ...options, entryPoints: ["inline.js"], outdir: "inline", platform: "node", loader });
    assert.deepEqual(readdirSync(join(folder, "inline")), ["inline.js"]);
    assert.equal(run("inline/inline.js"), printed);
  });

  test("with the module as a file", async () => {
    write("file.js", `import { load } from "ossconf"; import name from "ossconf/ossconf.wasm"; const oss = await load({ module: new URL(name, import.meta.url) }); ${use}`); // prettier-ignore
    const loader = /** @type {const} */ ({ ".wasm": "file" });
    await esbuild.build({ ...options, entryPoints: ["file.js"], outdir: "file", platform: "node", loader });
    assert.equal(run("file/file.js"), printed);
  });

  for (const condition of ["workerd", "edge-light"]) {
    test(`for ${condition}, which hands a compiled module over and compiles none`, async () => {
      write(`${condition}.js`, `WebAssembly.compile = WebAssembly.compileStreaming = WebAssembly.instantiate = () => { throw new Error("compiled"); }; import { load } from "ossconf"; const oss = await load(); ${use}`); // prettier-ignore
      /** @type {string[]} */
      const imported = [];
      await esbuild.build({
        ...options,
        entryPoints: [`${condition}.js`],
        outdir: condition,
        platform: "neutral",
        conditions: [condition, "worker", "browser"],
        external: ["node:fs"],
        plugins: [
          {
            name: "runtime", // stands for the runtime
            setup(build) {
              build.onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path, resolveDir }) => {
                imported.push(path);
                return { path: join(resolveDir, path.replace("?module", "")), namespace: "runtime" };
              });
              build.onLoad({ filter: /.*/, namespace: "runtime" }, ({ path }) => ({
                contents: `import { readFileSync } from "node:fs"; export default new WebAssembly.Module(readFileSync(${JSON.stringify(path)}));`,
              }));
            },
          },
        ],
      });
      assert.deepEqual(imported, [`../dist/ossconf.wasm${condition === "edge-light" ? "?module" : ""}`]);
      assert.equal(run(`${condition}/${condition}.js`), printed);
    });
  }
});

test("Vite for a server, which leaves the package where it is", async () => {
  write("server.js", `import { load } from "ossconf"; const oss = await load(); ${use}`);
  const build = { ssr: "server.js", outDir: "server", target: "node20" };
  await vite.build({ root: folder, configFile: false, logLevel: "error", build });
  assert.equal(run("server/server.js"), printed);
});
