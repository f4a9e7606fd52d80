// Modules that do what the real one must not do, as files for a driver.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { answerAddress, binary, code, returns } from "../../ossconf/test/fake.js";

const utf8 = new TextEncoder();

/** Their answer to "version", which gets no input. */
const version = [0, ...utf8.encode('{"abi":1,"operations":["decode","version"]}')];

/** Error JSON of a panic. */
export const panic = '{"error":{"code":"panic","message":"it panicked"}}';

/**
 * Makes a module whose operations run some code if they get an input.
 *
 * @param {number[]} withInput
 * @param {number[]} [more] what stands in memory behind the answer to "version"
 */
const fake = (withInput, more = []) =>
  binary({
    // local.get 1, if, the code, return, end
    op: [0x20, 1, 0x04, 0x40, ...withInput, 0x0f, 0x0b, ...returns(answerAddress, version.length)],
    answer: [...version, ...more],
  });

const modules = {
  traps: fake(code.unreachable),
  panics: fake(returns(answerAddress + version.length, panic.length + 1), [2, ...utf8.encode(panic)]),
  "no-abi": binary({ without: "ossconf_abi" }),
  "no-module": utf8.encode("not a module"),
};

/**
 * Writes the modules and returns where they are.
 *
 * @returns {{ files: Record<keyof typeof modules, string>, remove: () => void }}
 */
export function writeFakes() {
  const folder = mkdtempSync(join(tmpdir(), "ossconf-fakes-"));
  const files = Object.entries(modules).map(([name, bytes]) => {
    const file = join(folder, `${name}.wasm`);
    writeFileSync(file, bytes);
    return [name, file];
  });
  return { files: Object.fromEntries(files), remove: () => rmSync(folder, { recursive: true }) };
}
