// The driver in edge-runtime, as one script: that has no modules.
/* global addEventListener */
import { Driver } from "./driver.js";
import { Remote } from "./remote.js";
import { run } from "./serve.js";

/** @type {{ about: { runtime: string, version: string, sha256: string }, compile: () => WebAssembly.Module }} */
const { about, compile } = Reflect.get(globalThis, "ossconf"); // of edge-runtime.js

const driver = new Driver({ ...about, compile, now: () => performance.now() });

addEventListener("fetch", (event) => {
  const { request, respondWith } = /** @type {any} */ (event);
  respondWith(answer(request.headers.get("Bridge")));
});

/**
 * Answers questions until they end.
 *
 * @param {string} url
 */
async function answer(url) {
  const remote = new Remote(url);
  await run(
    async () => ({ driver, questions: () => remote.questions(), answers: remote.answers() }),
    (status, message) => remote.end(status, message),
  );
  return new Response();
}
