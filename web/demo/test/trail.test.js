import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { fromHash, toHash } from "../src/address.js";
import { first, initial, Model } from "../src/model.js";
import { Trail } from "../src/trail.js";
import { core, rich } from "./core.js";

/** The entries of a browser's history, as far as an address needs them. */
class Entries {
  list = [""];
  at = 0;
  /** Whether the browser takes no more changes. */
  refuses = false;

  get hash() {
    return this.list[this.at] ?? "";
  }

  /** @param {string} hash */
  push(hash) {
    this.#change(() => this.list.splice(++this.at, Infinity, hash));
  }

  /** @param {string} hash */
  replace(hash) {
    this.#change(() => (this.list[this.at] = hash));
  }

  /** @param {() => void} change */
  #change(change) {
    if (this.refuses) {
      throw new DOMException("The operation is insecure.", "SecurityError");
    }
    change();
  }
}

function start() {
  const model = new Model(core);
  const entries = new Entries();
  const trail = new Trail(model, "0", entries);
  const documents = () => Promise.all(entries.list.map(async (hash) => (await fromHash(hash)).state.text ?? ""));
  return { model, entries, trail, documents };
}

/** A test whose timers do not run, so that the address is written when the test says so. */
function still(/** @type {string} */ name, /** @type {() => Promise<void>} */ does) {
  test(name, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      await does();
    } finally {
      mock.timers.reset();
    }
  });
}

still("typing makes no entry, a step does", async () => {
  const { model, trail, documents } = start();
  for (const text of ["a", "ab", "abc"]) {
    model.edit(text, "typing");
    await trail.flush();
  }
  assert.deepEqual(await documents(), ["abc"]);
  model.edit(first);
  await trail.flush();
  model.change((config) => (config.CipherSuite = { Enable: false }));
  await trail.flush();
  assert.deepEqual(await documents(), ["abc", first, model.text]);
});

still("what waits to be written is not twice, and nothing is without a change", async () => {
  const { model, trail, entries, documents } = start();
  await trail.flush();
  assert.deepEqual(entries.list, [""]);
  model.edit("a");
  await Promise.all([trail.flush(), trail.flush()]);
  await trail.flush();
  assert.deepEqual(await documents(), ["", "a"]);
});

still("a browser that takes no more changes gets the address later", async () => {
  const { model, trail, entries, documents } = start();
  entries.refuses = true;
  model.edit("a");
  await trail.flush();
  assert.deepEqual(await documents(), [""]);
  entries.refuses = false;
  await trail.flush();
  assert.deepEqual(await documents(), ["a"]);
  model.edit("b");
  await trail.flush();
  assert.deepEqual(await documents(), ["a", "b"]);
});

still("who goes back while the address is written stays there", async () => {
  const { model, trail, entries } = start();
  model.edit("a");
  await trail.flush();
  model.edit("b");
  const writing = trail.flush();
  entries.at = 0;
  const gone = trail.follow();
  await Promise.all([writing, gone]);
  assert.equal(model.text, first);
  assert.equal(entries.at, 0);
  assert.equal(entries.hash, "");
  model.edit("c", "typing"); // and the step that was given up makes no entry of it
  await trail.flush();
  assert.equal(entries.at, 0);
});

still("of two ways gone at once the later one counts", async () => {
  const { model, trail, entries } = start();
  entries.list = await Promise.all([rich.repeat(40), "b"].map((text) => toHash({ ...initial, text }, "0")));
  entries.at = 0;
  const long = trail.follow(); // takes longer to unpack
  entries.at = 1;
  const short = trail.follow();
  assert.equal(await long, undefined);
  assert.equal((await short)?.state.text, "b");
  assert.equal(model.text, "b");
});

still("the address to share is that of what is shown", async () => {
  const { model, trail } = start();
  model.edit("typed a moment ago", "typing");
  assert.equal((await fromHash(await trail.hash)).state.text, "typed a moment ago");
});
