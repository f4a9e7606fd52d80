// Runs every driver that can run here as the runner does, beside the native one.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { goBuild } from "../../testing/mockoss.js";
import { root } from "../src/find.js";
import { panic, writeFakes } from "./fakes.js";
import { processesWith } from "./processes.js";
import { ask, talk } from "./talk.js";

const run = promisify(execFile);

/** @type {{ name: string, runtime: string, module: string, argv: string[], available: boolean, install?: string }[]} */
const list = JSON.parse((await run(process.execPath, ["web/drivers/list.js"], { cwd: root })).stdout);

/** @type {string[]} */
let questions = [];
/** @type {string[]} */
let answers = [];
let fakes = /** @type {ReturnType<typeof writeFakes>} */ ({});

before(async () => {
  const cases = await goBuild("./web/drivers/test/cases", "cases");
  const { stdout } = await run(cases, ["--generated", "180"], { maxBuffer: 1 << 28 });
  questions = [...stdout.trimEnd().split("\n"), question("big/verify", "verify", Buffer.alloc(1 << 20, "{")), big];
  const native = [await goBuild("./cmd/ossconf", "ossconf"), "driver", "--runtime", "native"];
  answers = (await ask(talk(native), questions)).lines.slice(1).map(String);
  assert.equal(answers.length, questions.length);
  fakes = writeFakes();
});

after(() => fakes.remove());

/**
 * @param {string} id
 * @param {string} op
 * @param {string | Uint8Array} input
 */
function question(id, op, input) {
  return JSON.stringify({ id, op, in: Buffer.from(input).toString("base64") });
}

// Just below the limit of 1 MiB, and signed.
const request = {
  access_key_id: "a",
  access_key_secret: "s",
  region: "cn-hangzhou",
  time: "20250417T131318Z",
  method: "PUT",
};
const big = question("big/sign", "sign", JSON.stringify({ ...request, body: "x".repeat((1 << 20) - 200) }));

const decode = question("a", "decode", "<HttpsConfiguration/>");
const decoded = '{"id":"a","status":0,"out":"e30="}';

/** Runtimes that are processes of their own beside the driver. */
const guests = process.platform === "linux" ? ["chromium", "firefox", "webkitgtk", "workerd", "jsc"] : [];

for (const { name, runtime, module, argv, available, install } of list) {
  const skip = !available && !process.env.OSSCONF_REQUIRE_NODE && `${install} is needed`;
  describe(name, { skip, timeout: 300_000 }, () => {
    const command = argv.slice(0, -1); // without the file of the module
    const file = argv.at(-1) ?? "";

    test("answers as the native driver", async () => {
      const { lines, status, stderr } = await ask(talk(argv), questions);
      const [hello = "", ...got] = lines;
      const { version, operations, ...about } = JSON.parse(hello);
      const sha256 = createHash("sha256")
        .update(readFileSync(join(root, file)))
        .digest("hex");
      assert.deepEqual(about, { runtime, abi: 1, module: sha256 });
      assert.match(version, runtime === "jsc" ? /^$/ : /^\d+[\d.]/);
      assert.ok(operations.includes("decode"));
      assert.deepEqual(got, answers);
      assert.equal(status, 0, stderr);
      const last = JSON.parse(stderr.trimEnd().split("\n").at(-1) ?? "");
      assert.deepEqual(Object.keys(last), ["cold_start_ms"]);
      assert.ok(last.cold_start_ms > 0, stderr);
    });

    if (module === "plain") {
      return; // the rest is the same program
    }

    test("ends with status 3 when the module traps", async () => {
      const driver = talk([...command, fakes.files.traps]);
      driver.write(`${question("v", "version", "")}\n${decode}\n${decode}\n`);
      const { lines, status, stderr } = await ask(driver, []);
      assert.equal(lines.length, 2, "the answer before the trap");
      assert.match(stderr, /line 2: case a: decode: RuntimeError: /);
      assert.equal(status, 3);
    });

    test("leaves nothing behind when it is killed", { skip: process.platform !== "linux" }, async (t) => {
      const place = ownPlace(t);
      const driver = talk(argv, { TMPDIR: place });
      await driver.next();
      driver.write(questions.slice(0, 64).join("\n")); // in the middle of a line
      assert.notEqual(processesWith(place).size, 0);
      driver.child.kill("SIGKILL");
      await gone(place);
    });

    if (guests.includes(name)) {
      test("ends with status 3 when the runtime dies", async (t) => {
        const place = ownPlace(t);
        const driver = talk(argv, { TMPDIR: place });
        await driver.next();
        for (const [pid, args] of processesWith(place)) {
          if (!args.includes(process.execPath)) {
            process.kill(pid, "SIGKILL");
            break; // the oldest one
          }
        }
        const { status, stderr } = await driver.ended;
        assert.match(stderr, /ended by SIGKILL/);
        assert.equal(status, 3);
        await gone(place);
      });
    }

    if (["firefox", "webkitgtk"].includes(name)) {
      return; // the rest is code that Chromium runs as well, which starts faster
    }

    test("answers one by one", async () => {
      const { lines, status } = await ask(talk(argv), questions.slice(0, 3), 1);
      assert.deepEqual(lines.slice(1), answers.slice(0, 3));
      assert.equal(status, 0);
    });

    test("ends with status 1 at a line that is no question", async () => {
      const driver = talk(argv);
      driver.write(`${decode}\n\n${decode}\n`);
      const { lines, status, stderr } = await ask(driver, []);
      assert.deepEqual(lines.slice(1), [decoded]);
      assert.match(stderr, /line 2: not one JSON object: ""/);
      assert.equal(status, 1);
    });

    test("ends with status 1 in the middle of a line", async () => {
      const driver = talk(argv);
      driver.write(`${decode}\n{"id":"b"`);
      const { lines, status, stderr } = await ask(driver, []);
      assert.deepEqual(lines.slice(1), [decoded]);
      assert.match(stderr, /line 2: not one JSON object/);
      assert.equal(status, 1);
    });

    test("ends with status 2 without a module", async () => {
      for (const args of [["--module"], ["--module", "no/such/file.wasm"]]) {
        const { lines, status, stderr } = await ask(talk([...command.slice(0, -1), ...args]), []);
        assert.deepEqual(lines, [undefined]);
        assert.match(stderr, /--module (FILE|no\/such\/file\.wasm)/);
        assert.equal(status, 2);
      }
    });

    test("ends with status 3 when the module does not start", async () => {
      for (const bad of [fakes.files["no-abi"], fakes.files["no-module"]]) {
        const { lines, status, stderr } = await ask(talk([...command, bad]), []);
        assert.deepEqual(lines, [undefined]);
        assert.match(stderr, runtime === "workerd" ? /\w/ : /the module did not start: /);
        assert.equal(status, 3);
      }
    });

    test("goes on when the module panicked", async () => {
      const { lines, status } = await ask(talk([...command, fakes.files.panics]), [decode, decode]);
      const panicked = `{"id":"a","status":2,"out":"${Buffer.from(panic).toString("base64")}"}`;
      assert.deepEqual(lines.slice(1), [panicked, panicked]);
      assert.equal(status, 0);
    });
  });
}

/**
 * Makes a folder for all temporary files of a driver, by which its processes are known as well.
 *
 * @param {import("node:test").TestContext} t
 */
function ownPlace(t) {
  const place = mkdtempSync(join(tmpdir(), "ossconf-drivers-test-"));
  t.after(() => rmSync(place, { recursive: true, force: true, maxRetries: 5 }));
  return place;
}

/**
 * Waits until no process is left that knows the folder, and nothing is in it. The limit of the test ends it otherwise.
 *
 * @param {string} place
 */
async function gone(place) {
  while (processesWith(place).size > 0 || readdirSync(place).length > 0) {
    await sleep(20);
  }
}
