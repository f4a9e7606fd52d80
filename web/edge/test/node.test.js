// The adapter for node:http, spoken to by hand: what a client may write that fetch would not.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { createNodeServer, listenAddress, withRole } from "../src/node.js";
import { DOCUMENT, ENV, FakeOSS, NOW, TOKEN } from "./fake.js";
import { edge, runtimes, start } from "./runtimes.js";

const PATH = "/buckets/examplebucket/https-config";

describe("node:http", () => {
  const service = new FakeOSS();
  /** @type {import("../types.d.ts").LogRecord[]} */
  const log = [];
  const server = createNodeServer(ENV, { fetch: service.fetch, now: () => NOW, log: (record) => log.push(record) });

  before(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Opens a connection. */
  async function open() {
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    let text = "";
    socket.on("data", (data) => (text += data));
    return {
      socket,
      /** @param {RegExp} pattern */
      async until(pattern) {
        while (!pattern.test(text)) {
          await once(socket, "data");
        }
        return text;
      },
    };
  }

  /** @param {string[]} lines */
  const head = (...lines) => `${[...lines, "Host: edge.example.com"].join("\r\n")}\r\n\r\n`;

  const cases = /** @type {const} */ ([
    ["a path", "GET /health HTTP/1.1", 200],
    ["a path with a query", "GET /health?probe=1 HTTP/1.1", 200],
    ["a path that looks like a host", "GET //evil.example/health HTTP/1.1", 404],
    ["a whole URL", "GET http://evil.example/health HTTP/1.1", 400],
    ["no path", "OPTIONS * HTTP/1.1", 400],
    ["a method that fetch does not have", "TRACE /health HTTP/1.1", 400],
    ["a broken escape", "GET /buckets/%zz/https-config HTTP/1.1", 401],
  ]);
  for (const [name, line, status] of cases) {
    test(`${name}: ${status}`, async () => {
      const { socket, until } = await open();
      socket.write(head(line));
      assert.match(await until(/\r\n\r\n/), new RegExp(`^HTTP/1.1 ${status} `));
      socket.destroy();
    });
  }

  test("two Authorization headers are none", async () => {
    const { socket, until } = await open();
    socket.write(head(`GET ${PATH} HTTP/1.1`, `Authorization: Bearer ${TOKEN}`, "Authorization: Bearer other"));
    assert.match(await until(/\r\n\r\n/), /^HTTP\/1.1 401 /);
    socket.destroy();
  });

  test("a document in chunks, on a connection that stays", async () => {
    const { socket, until } = await open();
    const put = head(
      `PUT ${PATH} HTTP/1.1`,
      `Authorization: Bearer ${TOKEN}`,
      "Content-Type: application/json",
      "Transfer-Encoding: chunked",
    );
    socket.write(put);
    for (const letter of DOCUMENT) {
      socket.write(`1\r\n${letter}\r\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.write("0\r\n\r\n");
    assert.match(await until(/"acknowledged":true/), /^HTTP\/1.1 200 /);
    socket.write(head("HEAD /health HTTP/1.1"));
    assert.match(await until(/HTTP\/1.1 200 OK[^]*HTTP\/1.1 200 OK[^]*\r\n\r\n$/), /content-type/);
    socket.destroy();
  });

  test("a client that goes away in the middle of a document", async () => {
    const requests = service.requests.length;
    const records = log.length;
    const { socket } = await open();
    const headers = [`Authorization: Bearer ${TOKEN}`, "Content-Type: application/json", "Content-Length: 1000"];
    socket.write(`${head(`PUT ${PATH} HTTP/1.1`, ...headers)}${DOCUMENT}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
    while (log.length === records) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.deepEqual([log.at(-1)?.status, log.at(-1)?.code], [400, "body"]);
    assert.equal(service.requests.length, requests);
  });

  test("what is left of a document that was refused does not become a request", async () => {
    const { socket, until } = await open();
    const records = log.length;
    const smuggled = head("GET /health HTTP/1.1");
    const headers = ["Content-Type: application/json", `Content-Length: ${smuggled.length}`];
    socket.write(head(`PUT ${PATH} HTTP/1.1`, ...headers) + smuggled + head("GET / HTTP/1.1"));
    assert.match(await until(/ossconf-edge/), /^HTTP\/1.1 401 /);
    assert.deepEqual(
      log.slice(records).map(({ route }) => route),
      ["/buckets/{bucket}/https-config", "/"],
    );
    socket.destroy();
  });
});

test("where it listens", () => {
  assert.deepEqual(listenAddress({}), { port: 9000, host: "0.0.0.0" });
  assert.deepEqual(listenAddress({ FC_SERVER_PORT: "9100", PORT: "1" }), { port: 9100, host: "0.0.0.0" });
  assert.deepEqual(listenAddress({ PORT: "0", HOST: "127.0.0.1" }), { port: 0, host: "127.0.0.1" });
});

test("the role of a function, unless there is an access key", () => {
  const role = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: "STS.id",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret",
    ALIBABA_CLOUD_SECURITY_TOKEN: "token",
  };
  const { OSS_ACCESS_KEY_ID: id, OSS_ACCESS_KEY_SECRET: secret, OSS_SESSION_TOKEN: token } = withRole(role);
  assert.deepEqual([id, secret, token], ["STS.id", "secret", "token"]);
  const own = { ...role, OSS_ACCESS_KEY_ID: "own" };
  assert.deepEqual(withRole(own), own);
  assert.deepEqual(withRole({}), {});
});

describe("the program", () => {
  const [node] = runtimes;
  assert.ok(node);

  test("listens where Function Compute wants it, and ends when it is told to", async () => {
    const running = await start(node, { FC_SERVER_PORT: "0", PORT: "1", HOST: "" });
    assert.match(running.output(), /"event":"listening","host":"0.0.0.0"/);
    const { status } = await fetch(`${running.url}/health`);
    assert.equal(status, 500); // it has no settings
    await running.stop("SIGTERM");
    assert.match(running.output(), /"problems":\["OSS_ACCESS_KEY_ID is not set"/);
  });

  test("runs from its package, where nothing else is", async () => {
    const made = execFileSync(process.execPath, ["scripts/package.js"], { cwd: edge, encoding: "utf8" }).trim();
    const folder = mkdtempSync(join(tmpdir(), "ossconf-edge-"));
    try {
      cpSync(made, folder, { recursive: true });
      assert.deepEqual(readdirSync(folder).sort(), ["node_modules", "package.json", "src"]);
      const running = await start({ ...node, args: [join(folder, "src/main.js")] }, {});
      const { module } = /** @type {any} */ (await (await fetch(running.url)).json());
      await running.stop();
      assert.equal(module.abi, 1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("says why it cannot listen", async () => {
    const running = await start(node, {});
    try {
      const port = new URL(running.url).port;
      await assert.rejects(start(node, { PORT: port }), /status 1: .*"event":"listen","code":"EADDRINUSE"/);
    } finally {
      await running.stop();
    }
  });
});

test("the program ends with its standard input if it is told to", async () => {
  const program = join(edge, "src/main.js");
  for (const told of [true, false]) {
    const env = { ...process.env, ...ENV, HOST: "127.0.0.1", PORT: "0", ...(told && { OSSCONF_END_WITH_STDIN: "1" }) };
    const child = spawn(process.execPath, [program], { env, stdio: ["pipe", "pipe", "inherit"] });
    const ended = once(child, "exit");
    await once(child.stdout, "data"); // it listens
    child.stdin.end();
    if (!told) {
      await once(child.stdin, "close");
      assert.equal(child.exitCode, null);
      child.kill("SIGTERM");
    }
    assert.deepEqual(await ended, [0, null]);
  }
});
