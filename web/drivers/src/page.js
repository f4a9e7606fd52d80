// The driver in a page of a browser.
import { Driver } from "./driver.js";
import { Remote } from "./remote.js";
import { run } from "./serve.js";
import { sha256 } from "./sha256.js";

const remote = new Remote(new URL("../../../", import.meta.url));

await run(
  async () => {
    remote.show();
    const about = await remote.about();
    const bytes = await remote.module();
    const compile = () => new WebAssembly.Module(bytes);
    const driver = new Driver({ ...about, sha256: sha256(bytes), compile, now: () => performance.now() });
    return { driver, questions: () => remote.questions(), answers: remote.answers() };
  },
  (status, message) => remote.end(status, message),
);
