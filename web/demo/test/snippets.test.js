// What the page writes is put to use: with a shell, curl, Go and Node.js, against a mock OSS.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { timeOf } from "../src/mock.js";
import { snippets } from "../src/snippets.js";
import { startMockOSS } from "../../testing/mockoss.js";
import { core, rich } from "./core.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../", import.meta.url));
const bucket = "examplebucket";
const region = "cn-hangzhou";

/** What is known of rich, in another order, and with a name that has to be quoted everywhere. */
const config = core.decode(
  JSON.stringify({
    TLS: { Enable: true, TLSVersion: ["TLSv1.3", "TLSv1.2"] },
    CipherSuite: {
      Enable: true,
      StrongCipherSuite: false,
      CustomCipherSuite: ["ECDHE-RSA-AES128-GCM-SHA256", `it's "$HOME" \`x\` \\ \${y} %{z}`],
      TLS13CustomCipherSuite: ["TLS_AES_128_GCM_SHA256"],
    },
  }),
);
const xml = core.encode(config);

/** @type {import("../../testing/mockoss.js").MockOSS} */
let mock;
let folder = "";

before(async () => {
  mock = await startMockOSS({ buckets: [bucket] });
  folder = await mkdtemp(join(tmpdir(), "ossconf-"));
});

after(async () => {
  await mock.stop();
  await rm(folder, { recursive: true });
});

/** @param {import("../src/snippets.js").Subject["signed"]} [signed] */
const subject = (signed) => ({ config, xml, bucket, region, signed });

/** @param {string} method */
async function sign(method) {
  const { access_key_id, access_key_secret } = mock;
  return core.sign({
    ...{
      method,
      bucket,
      region,
      access_key_id,
      access_key_secret,
      time: timeOf(new Date()),
      query: [["httpsConfig", ""]],
    },
    headers: [["Content-Type", "application/xml"]],
  });
}

/** The snippet with the address of the mock in place of the service's. @param {string} text */
const aimed = (text) => text.replaceAll(`https://${bucket}.oss-${region}.aliyuncs.com/`, `${mock.endpoint}/${bucket}/`);

/** What the mock has stored. */
async function stored() {
  const { headers } = await sign("GET");
  const response = await fetch(`${mock.endpoint}/${bucket}/?httpsConfig`, { headers });
  assert.equal(response.status, 200);
  return core.decode(await response.text());
}

/** Stores something else, so that what is there afterwards is of the snippet. */
async function reset() {
  const { headers } = await sign("PUT");
  const body = core.encode({ TLS: { Enable: false } });
  const response = await fetch(`${mock.endpoint}/${bucket}/?httpsConfig`, { method: "PUT", headers, body });
  assert.equal(response.status, 200);
}

test("XML and JSON say the same", () => {
  assert.deepEqual(core.decode(snippets.xml(subject()).text), config);
  assert.deepEqual(core.decode(snippets.json(subject()).text), config);
});

test("a shell passes the configuration to ossutil as it is", async () => {
  const { text } = snippets.ossutil(subject());
  const { stdout } = await run("sh", ["-c", `ossutil() { printf '%s\\0' "$@"; }\n${text}`]);
  const args = stdout.split("\0");
  assert.deepEqual(args.slice(0, 7), [
    "api",
    "put-bucket-https-config",
    "--bucket",
    bucket,
    "--region",
    region,
    "--https-configuration",
  ]);
  assert.deepEqual(core.decode(args[7] ?? ""), config);
});

test("what no JSON of ossutil can say goes to it as XML", async () => {
  const unknown = core.decode(rich);
  const it = { ...subject(), config: unknown, xml: core.encode(rich) };
  const { stdout } = await run("sh", ["-c", `ossutil() { printf '%s\\0' "$@"; }\n${snippets.ossutil(it).text}`]);
  assert.deepEqual(core.decode(stdout.split("\0")[7] ?? ""), unknown);
  assert.equal(snippets.json(it).complete, false);
  assert.equal(snippets.go(it).complete, false);
  assert.equal(snippets.terraform(it).complete, false);
  assert.equal(snippets.xml(it).complete, true);
});

test("curl stores it with the signature of the page", async () => {
  await reset();
  const { text } = snippets.curl(subject(await sign("PUT")));
  await run("sh", ["-c", aimed(text)]);
  assert.deepEqual(await stored(), config);
});

test("curl without a signature is refused", async () => {
  await assert.rejects(run("sh", ["-c", aimed(snippets.curl(subject()).text)]), /403|400/);
});

test("the npm package stores it", async () => {
  await reset();
  const file = fileURLToPath(new URL(`../dist/snippet-${process.pid}.mjs`, import.meta.url)); // where ossconf is found
  await writeFile(file, aimed(snippets.npm(subject()).text));
  try {
    const env = {
      ...process.env,
      OSS_ACCESS_KEY_ID: mock.access_key_id,
      OSS_ACCESS_KEY_SECRET: mock.access_key_secret,
    };
    await run(process.execPath, [file], { env: { ...env, OSS_SESSION_TOKEN: undefined } });
  } finally {
    await rm(file);
  }
  assert.deepEqual(await stored(), config);
});

test("Go SDK v2 stores it", async () => {
  await reset();
  const file = join(folder, "main.go");
  const { text } = snippets.go(subject());
  const { stdout: formatted } = await new Promise((resolve, reject) => {
    const child = execFile("gofmt", (error, stdout) => (error ? reject(error) : resolve({ stdout })));
    child.stdin?.end(text);
  });
  assert.equal(text, formatted, "as gofmt writes it");
  await writeFile(file, text.replace("WithRegion(", `WithEndpoint(${JSON.stringify(mock.endpoint)}).WithRegion(`));
  const env = { ...process.env, OSS_ACCESS_KEY_ID: mock.access_key_id, OSS_ACCESS_KEY_SECRET: mock.access_key_secret };
  await run("go", ["run", file], { cwd: root, env: { ...env, OSS_SESSION_TOKEN: "" } });
  assert.deepEqual(await stored(), config);
});

test("Terraform", () => {
  assert.equal(
    snippets.terraform(subject()).text,
    `resource "alicloud_oss_bucket_https_config" "default" {
  bucket       = "examplebucket"
  enable       = true
  tls_versions = ["TLSv1.3", "TLSv1.2"]

  cipher_suit {
    enable                    = true
    strong_cipher_suite       = false
    custom_cipher_suite       = ["ECDHE-RSA-AES128-GCM-SHA256", "it's \\"$HOME\\" \`x\` \\\\ $\${y} %%{z}"]
    tls13_custom_cipher_suite = ["TLS_AES_128_GCM_SHA256"]
  }
}
`,
  );
});
