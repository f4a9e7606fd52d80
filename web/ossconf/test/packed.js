// Installs the package as npm would publish it.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/**
 * Packs the package, unpacks it below node_modules of a new folder, and removes the folder after the tests.
 *
 * @param {(clean: () => void) => void} after registers what is to be done after the tests
 * @returns {{ folder: string, files: string[], tarball: string, write: (name: string, text: string) => string }}
 */
export function installPacked(after) {
  const folder = mkdtempSync(join(tmpdir(), "ossconf-packed-"));
  after(() => rmSync(folder, { recursive: true }));
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: root, encoding: "utf8" });
  const result = JSON.parse(packed);
  const { filename, files } = Array.isArray(result) ? result[0] : result.ossconf; // npm 11 and before, npm 12
  const target = join(folder, "node_modules", "ossconf");
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", target]);
  /**
   * @param {string} name
   * @param {string} text
   */
  const write = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  write("package.json", '{ "type": "module" }');
  const tarball = join(folder, filename);
  return { folder, tarball, files: files.map((/** @type {{ path: string }} */ { path }) => path).sort(), write };
}
