// Tests the parts of a driver by themselves.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";

import { decode, encode } from "../src/base64.js";
import { Bridge } from "../src/bridge.js";
import { Lines } from "../src/lines.js";
import { parseQuestion } from "../src/question.js";
import { gathered } from "../src/remote.js";
import { sha256 } from "../src/sha256.js";
import { wasi } from "../src/wasi.js";

const utf8 = new TextEncoder();

test("base64 is that of Node.js", () => {
  for (const length of [0, 1, 2, 3, 4, 5, 6, 255, 256, 257, 20_000, 20_001, 20_002]) {
    const bytes = randomBytes(length);
    const text = bytes.toString("base64");
    assert.equal(encode(bytes), text);
    assert.deepEqual(decode(text), new Uint8Array(bytes));
  }
});

test("base64 has one text for each input", () => {
  const texts = ["A", "AA", "AAA", "A===", "====", "=", "AA=A", "A=AA", "AB==", "AAB=", "AAA ", "AAA\n", "AA-_", "AAAé", "AAA\u0141", "AAAA===="]; // prettier-ignore
  for (const text of texts) {
    assert.equal(decode(text), undefined, JSON.stringify(text));
  }
});

test("sha256 is that of Node.js", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 1000, 100_000]) {
    const bytes = randomBytes(length);
    assert.equal(sha256(bytes), createHash("sha256").update(bytes).digest("hex"), `${length} bytes`);
  }
});

describe("lines", () => {
  const text = "\uFEFFone\r\n\nzwei ü€😀\nthree\n";
  const want = ["\uFEFFone\r", "", "zwei ü€😀", "three"];

  test("come out whole however the bytes are cut", () => {
    const bytes = utf8.encode(text);
    for (let size = 1; size <= bytes.length; size++) {
      const lines = new Lines();
      const got = [];
      const buffer = new Uint8Array(size);
      for (let at = 0; at < bytes.length; at += size) {
        const piece = bytes.subarray(at, at + size);
        buffer.set(piece); // one that is used again
        got.push(...lines.push(buffer.subarray(0, piece.length)));
      }
      lines.end();
      assert.deepEqual(got, want, `pieces of ${size} bytes`);
    }
  });

  test("have to end", () => {
    const lines = new Lines();
    assert.deepEqual([...lines.push(utf8.encode("a\nb"))], ["a"]);
    assert.throws(() => lines.end(), { name: "Failure", status: 1, message: /^line 2: .*: "b"$/ });
  });

  test("are not endless", () => {
    const lines = new Lines();
    const piece = new Uint8Array(1 << 20);
    assert.throws(() => Array.from({ length: 33 }, () => [...lines.push(piece)]), {
      status: 1,
      message: /longer than/,
    });
  });
});

test("questions are read strictly", () => {
  assert.deepEqual(parseQuestion(' {"op":"o","in":"aGk=","id":"a"}\r'), { id: "a", op: "o", input: utf8.encode("hi") });
  const bad = {
    "": /not one JSON object: ""/,
    hello: /not one JSON object: "hello"/,
    [`[${"1,".repeat(40)}1]`]: /not one JSON object: "\[1.*"… \(83 characters\)/,
    null: /not one JSON object/,
    '{"id":"a","op":"o","in":""}{}': /not one JSON object/,
    '\uFEFF{"id":"a","op":"o","in":""}': /not one JSON object/,
    '{"id":"a","op":"o","in":"","more":1}': /unknown member "more"/,
    '{"op":"o","in":""}': /id has to be/,
    '{"id":"","op":"o","in":""}': /id has to be/,
    '{"id":1,"op":"o","in":""}': /id has to be/,
    '{"id":"a","in":""}': /op has to be/,
    '{"id":"a","op":"o","in":null}': /in has to be/,
    '{"id":"a","op":"o","in":"a b"}': /in has to be/,
  };
  for (const [line, message] of Object.entries(bad)) {
    assert.throws(() => parseQuestion(line), { name: "Failure", status: 1, message }, line);
  }
});

describe("a gathered stream", () => {
  test("sends one after the other, and together what came meanwhile", async () => {
    /** @type {string[]} */
    const sent = [];
    /** @type {(() => void)[]} */
    const finish = [];
    const writer = gathered((bytes) => {
      sent.push(new TextDecoder().decode(bytes));
      return new Promise((resolve) => finish.push(() => resolve(undefined)));
    }).getWriter();
    for (const text of ["a", "b", "c"]) {
      await writer.write(utf8.encode(text));
    }
    assert.deepEqual(sent, ["a"]);
    const closed = writer.close();
    finish.shift()?.();
    await new Promise(setImmediate);
    assert.deepEqual(sent, ["a", "bc"]);
    finish.shift()?.();
    await closed;
  });

  test("passes a failure on", async () => {
    const writer = gathered(() => Promise.reject(new Error("no"))).getWriter();
    writer.write(utf8.encode("a")).catch(() => {});
    await assert.rejects(writer.closed, /no/);
    await assert.rejects(writer.close());
  });
});

describe("the bridge", () => {
  /** @param {import("node:test").TestContext} t */
  async function start(t) {
    const input = new PassThrough();
    const output = new PassThrough();
    const bridge = new Bridge({ about: { runtime: "r" }, module: utf8.encode("module"), input, output });
    const url = await bridge.listen();
    t.after(() => bridge.close());
    return { bridge, url, input, output };
  }

  test("serves the page strictly", async (t) => {
    const { url } = await start(t);
    const page = await fetch(url);
    assert.match(await page.text(), /src="web\/drivers\/src\/page\.js"/);
    const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
    assert.equal(page.headers.get("Content-Security-Policy"), policy);
    assert.equal((await fetch(new URL("web/ossconf/src/instance.js", url))).status, 200);
    const hidden = [
      "web/package.json",
      "web/drivers/node.js",
      "web/drivers/src/..%2fnode.js",
      "nothing",
      "/",
      "/module.wasm",
    ];
    for (const path of hidden) {
      assert.equal((await fetch(new URL(path, url))).status, 404, path);
    }
  });

  test("passes questions and answers on", async (t) => {
    const { bridge, url, input, output } = await start(t);
    input.end("questions");
    assert.equal(await (await fetch(new URL("questions", url))).text(), "questions");
    for (const body of ["one\n", "two\n"]) {
      assert.equal((await fetch(new URL("answers", url), { method: "POST", body })).status, 204);
    }
    assert.equal(String(output.read()), "one\ntwo\n");
    const end = { status: 1, message: "m" };
    await fetch(new URL("end", url), { method: "POST", body: JSON.stringify(end) });
    assert.deepEqual(await bridge.ended, end);
  });

  test("keeps connections for as long as they may be used", async (t) => {
    const { url } = await start(t);
    assert.equal((await fetch(url)).headers.get("Keep-Alive"), null, "it announces a time limit");
  });

  test("notices when the page goes", async (t) => {
    for (const path of ["alive", "questions"]) {
      const { bridge, url } = await start(t);
      const leave = new AbortController();
      await fetch(new URL(path, url), { signal: leave.signal });
      leave.abort();
      assert.equal((await bridge.ended).lost, true, path);
    }
  });

  test("fails when the answers cannot be written", async (t) => {
    const { bridge, url, output } = await start(t);
    output.destroy();
    await assert.rejects(fetch(new URL("answers", url), { method: "POST", body: "a\n" }));
    const { status, message } = await bridge.ended;
    assert.equal(status, 1);
    assert.match(message, /^write answers: /);
  });
});

test("WASI says with which words the module exited", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { fd_write: write, proc_exit: end } = /** @type {Record<string, (...numbers: number[]) => number>} */ (
    wasi(() => memory).wasi_snapshot_preview1
  );
  const view = new DataView(memory.buffer);
  new Uint8Array(memory.buffer).set(utf8.encode("fatal error"), 100);
  [100, 5, 105, 6].forEach((value, i) => view.setUint32(16 + 4 * i, value, true));
  assert.equal(write?.(2, 16, 2, 8), 0);
  assert.equal(view.getUint32(8, true), 11);
  assert.equal(write?.(3, 16, 2, 8), 8, "another file is refused");
  assert.throws(() => end?.(2), /^Error: the module exited with status 2: fatal error$/);
});
