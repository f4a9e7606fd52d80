// The driver in workerd. The module is imported and instantiated when the worker starts, as deployed workers do it.
import about from "./about.json";
import module from "./ossconf.wasm";

import { Driver } from "./driver.js";
import { Remote } from "./remote.js";
import { run } from "./serve.js";

// The runtime has compiled the module before. Of its clocks only this one goes while a worker starts, in whole milliseconds.
const driver = new Driver({ ...about, compile: () => module, now: () => Date.now() });

const handlers = {
  /**
   * Answers questions until they end. The request comes from the process that started the worker.
   *
   * @param {Request} request
   */
  async fetch(request) {
    const remote = new Remote(/** @type {string} */ (request.headers.get("Bridge")));
    await run(
      async () => ({ driver, questions: () => remote.questions(), answers: remote.answers() }),
      (status, message) => remote.end(status, message),
    );
    return new Response();
  },
};

// eslint-disable-next-line no-restricted-syntax -- the runtime looks for it there
export default handlers;
