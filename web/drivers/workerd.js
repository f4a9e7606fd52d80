// The driver for workerd.
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";

import { exit, Failure, text } from "./src/failure.js";
import { root, workerd } from "./src/find.js";
import { home, keep, newFolder } from "./src/guest.js";
import { host } from "./src/host.js";

/** What the worker consists of, by the names under which its parts import each other. */
const scripts = [
  "web/drivers/src/worker.js",
  ...["base64", "bytes", "driver", "failure", "lines", "question", "remote", "serve", "wasi"].map(
    (it) => `web/drivers/src/${it}.js`,
  ),
  ...["bytes", "instance"].map((it) => `web/ossconf/src/${it}.js`),
];

/** @param {string} text */
const quote = (text) => JSON.stringify(text); // a string of Cap'n Proto, too

/** @param {{ about: object }} place */
const config = ({ about }) => `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "driver", worker = .driver),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "driver", address = "127.0.0.1:0", http = (), service = "driver")],
);

const driver :Workerd.Worker = (
  compatibilityDate = "2026-04-01",
  modules = [
${scripts.map((it) => `    (name = ${quote(it)}, esModule = embed ${quote(join(root, it))}),`).join("\n")}
    (name = "web/drivers/src/about.json", json = ${quote(JSON.stringify(about))}),
    (name = "web/drivers/src/ossconf.wasm", wasm = embed "ossconf.wasm"),
  ],
);
`;

await host({
  runtime: "workerd",
  program: workerd(),
  async start({ program, url, about, module }) {
    const folder = await newFolder();
    await writeFile(join(folder, "config.capnp"), config({ about }));
    await writeFile(join(folder, "ossconf.wasm"), module);
    const argv = [program, "serve", join(folder, "config.capnp"), "--control-fd=1", "--import-path=/"];
    const worker = keep(argv, { folder, env: home(folder) });
    const event = await Promise.race([first(worker.stdout), worker.ended]);
    if (typeof event === "string") {
      throw new Failure(exit.runtime, event);
    }
    return { ...worker, lost: call(event.port, url) };
  },
});

/**
 * Asks the worker to begin, and says how that ended.
 *
 * @param {number} port
 * @param {string} url
 * @returns {Promise<string>}
 */
async function call(port, url) {
  try {
    const asked = request({ host: "127.0.0.1", port, headers: { Bridge: url } }).end();
    const [response] = /** @type {[import("node:http").IncomingMessage]} */ (await once(asked, "response"));
    return `workerd answered ${response.statusCode}: ${await textOf(response)}`;
  } catch (error) {
    return `workerd did not answer: ${text(error)}`;
  }
}

/**
 * Reads the line in which workerd says where it listens.
 *
 * @param {import("node:stream").Readable} stdout
 * @returns {Promise<{ port: number }>}
 */
async function first(stdout) {
  for await (const line of stdout) {
    return JSON.parse(String(line));
  }
  return new Promise(() => {}); // it ended, and the other one says why
}
