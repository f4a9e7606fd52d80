// Looks at the package as npm would publish it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { transform } from "esbuild";
import * as ossconf from "ossconf";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { installPacked } from "./packed.js";

const { folder, files, tarball } = installPacked(after);
const installed = join(folder, "node_modules", "ossconf");

test("it holds what is needed and nothing else", () => {
  const sources = readdirSync(new URL("../src/", import.meta.url)).filter((file) => /(?<!\.test)\.js$/.test(file));
  const wanted = [
    "LICENSE",
    "README.md",
    "clients.d.ts",
    "dist/ossconf.wasm",
    "module.d.ts",
    "package.json",
    "profiles.d.ts",
    "raw.d.ts",
    "signatures.d.ts",
    "types.d.ts",
    ...sources.map((file) => `src/${file}`),
  ];
  assert.deepEqual(files, wanted.sort());
});

test("it has no dependencies and runs nothing when it is installed", () => {
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.deepEqual([manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies], [undefined, undefined, undefined]); // prettier-ignore
  assert.deepEqual(Object.keys(manifest.scripts).filter((name) => /install|prepare$/.test(name)), []); // prettier-ignore
});

test("every file in the source is reached from an entry", () => {
  const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const todo = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  const reached = new Set();
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    const name = join(file);
    if (reached.has(name)) {
      continue;
    }
    reached.add(name);
    const declares = name.endsWith(".d.ts");
    if (declares || name.endsWith(".js")) {
      const text = readFileSync(join(installed, name), "utf8");
      const imported = [...text.matchAll(/from "(\.[^"]+)"/g)].map((m) => String(m[1]).replace("?module", ""));
      todo.push(...imported.map((file) => join(name, "..", declares ? file.replace(/\.js$/, ".d.ts") : file)));
    }
  }
  const entries = ["LICENSE", "README.md"];
  assert.deepEqual(files.filter((file) => !reached.has(file) && !entries.includes(file)), []); // prettier-ignore
});

test("publint finds nothing", async () => {
  const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []); // prettier-ignore
});

test("its types resolve, as attw sees it, wherever ES modules do", () => {
  const attw = fileURLToPath(new URL("../../node_modules/.bin/attw", import.meta.url));
  execFileSync(attw, [tarball, "--profile", "esm-only", "--no-emoji"], { encoding: "utf8", stdio: "pipe" });
});

test("the programs in the README use what there is", async () => {
  const readme = readFileSync(join(installed, "README.md"), "utf8");
  const programs = [...readme.matchAll(/^```(js|ts)\n(.*?)^```$/gms)];
  assert.ok(programs.length >= 6);
  const oss = await ossconf.load();
  for (const [, language, text = ""] of programs) {
    await transform(text, { loader: /** @type {"js" | "ts"} */ (language), format: "esm" });
    for (const [, name = ""] of text.matchAll(/\boss\.(\w+)\(/g)) {
      assert.equal(typeof (/** @type {any} */ (oss)[name]), "function", name);
    }
    for (const [, names = ""] of text.matchAll(/import \{ ([^}]*) \} from "[^"]*ossconf/g)) {
      assert.deepEqual(names.split(", ").filter((name) => !(name in ossconf)), []); // prettier-ignore
    }
  }
});
