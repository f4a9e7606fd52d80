// Runs in the page of browser.test.js, and writes what it found into the page.

/** @param {typeof import("ossconf")} ossconf */
export async function check({ OssConfError, applyFix, load }) {
  /** @param {() => unknown} run */
  const codeOf = async (run) => {
    try {
      await run();
      return "none";
    } catch (error) {
      return error instanceof OssConfError ? error.code : String(error);
    }
  };
  const oss = await load();
  const options = {
    access_key_id: "ak",
    access_key_secret: "sk",
    region: "cn-hangzhou",
    time: "20250417T131318Z",
  };
  const url = "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/?httpsConfig";
  const document_ = '{"TLS":{"Enable":true,"TLSVersion":"1.2"}}';
  const [finding] = oss.validate(document_).findings;
  const put = new Request(url, { method: "PUT", body: "<a/>", headers: { "content-type": "application/xml" } });
  const signed = await oss.signRequest(put, { ...options, additional_headers: ["host"] });
  const { authorization } = oss.sign({
    ...options,
    method: "PUT",
    bucket: "examplebucket",
    query: [["httpsConfig", ""]],
    headers: [
      ["content-type", "application/xml"],
      ["host", "examplebucket.oss-cn-hangzhou.aliyuncs.com"],
    ],
    additional_headers: ["host"],
  });
  const before = { TLS: { Enable: true, TLSVersion: ["TLSv1.2"] } };
  const [strict] = oss.catalog().presets;
  const closed = await load();
  closed.close();
  return {
    version: oss.version().version,
    encoded: oss.encode(oss.decode("<HttpsConfiguration><TLS><Enable>true</Enable></TLS></HttpsConfiguration>")),
    rule: finding?.rule,
    mended: applyFix(document_, finding?.fix ?? { edits: [] }),
    simulated: oss.simulate(before, { certificates: ["rsa"] }).connects,
    lost: oss.diff(before, strict?.config ?? null).clients.lost.map(({ name }) => name),
    passed: oss.validate(JSON.stringify(before), { profiles: "all" }).profiles.map(({ result }) => result),
    signature: signed.headers.get("authorization") === authorization,
    body: await signed.text(),
    redirect: signed.redirect,
    refusals: {
      syntax: await codeOf(() => oss.decode("<a")),
      encoding: await codeOf(() => oss.simulate(new Uint8Array([0xff]))),
      profile: await codeOf(() => oss.validate("", { profiles: /** @type {any} */ (["none"]) })),
      surrogate: await codeOf(() => oss.decode("\uD800")),
      size: await codeOf(() => oss.decode("x".repeat(1 << 20))),
      type: await codeOf(() => oss.sign(/** @type {any} */ (new Map()))),
      noCORS: await codeOf(() => oss.signRequest(new Request(url, { mode: "no-cors" }), options)),
      closed: await codeOf(() => closed.version()),
      address: await codeOf(() => load({ module: new URL("/missing.wasm", location.href) })),
    },
  };
}

/**
 * @param {() => Promise<typeof import("ossconf")>} load
 */
export async function report(load) {
  let result;
  try {
    result = await check(await load());
  } catch (error) {
    const { code, message, hint, stack } = /** @type {any} */ (error);
    result = { failed: { code, message, hint, stack } };
  }
  const output = document.createElement("output");
  output.textContent = JSON.stringify(result);
  document.body.append(output);
}
