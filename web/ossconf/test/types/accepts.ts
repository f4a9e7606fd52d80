// What has to compile.
import { OssConfError, applyFix, load } from "ossconf";
import type {
  Assessment,
  ClientOutcome,
  Config,
  Diff,
  OssConf,
  OssConfErrorCode,
  ProfileName,
  ProfileReport,
  RefusingRule,
  Report,
  RuleName,
  ServiceError,
  SignRequestOptions,
  TLSVersion,
  ValidateOptions,
} from "ossconf";
import { Instance } from "ossconf/raw";
import module from "ossconf/ossconf.wasm";

declare const bytes: Uint8Array;
declare const options: SignRequestOptions;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>(): T | undefined => undefined;

export async function loading(): Promise<OssConf> {
  await load({});
  await load({ module: undefined });
  await load({ module });
  await load({ module: bytes });
  await load({ module: new URL("https://example.com/ossconf.wasm") });
  await load({ module: fetch("/ossconf.wasm") });
  await load({ module: WebAssembly.compileStreaming(fetch("/ossconf.wasm")) });
  return load();
}

export function documents(oss: OssConf): string {
  const config: Config = oss.decode("<HttpsConfiguration/>");
  config.TLS ??= {};
  (config.TLS.TLSVersion ??= []).push("TLSv1.3", "TLSv9");
  oss.encode(config);
  oss.encode({ TLS: { Enable: true, TLSVersion: ["TLSv1.2"] as const }, CipherSuite: undefined });
  oss.encode({ CipherSuite: { CustomCipherSuite: undefined, "#unknown": [{ after: 0, xml: "<A/>" }] } });
  for (const { rule, fix, line, hint } of oss.validate(bytes).findings) {
    is<Equal<typeof rule, RuleName>>();
    is<Equal<typeof hint, string | undefined>>();
    line.toFixed();
    if (fix) {
      return applyFix("", fix);
    }
  }
  const versions: readonly TLSVersion[] = oss.catalog().tls_versions.map(({ name }) => name);
  return oss.encode(bytes) + versions.join() + oss.version().operations.join();
}

export function profiles(oss: OssConf, options: ValidateOptions): Config | null | undefined {
  const { profiles, presets } = oss.catalog();
  const all = oss.validate(bytes, { profiles: "all" });
  const some = oss.validate("", { profiles: profiles.map(({ name }) => name) });
  const none = oss.validate("", {});
  const perhaps = oss.validate("", options).profiles;
  is<Equal<typeof all, ProfileReport>>();
  is<Equal<typeof some, ProfileReport>>();
  is<Equal<typeof none, Report>>();
  is<Equal<typeof perhaps, Assessment[] | undefined>>();
  const names: readonly ProfileName[] = ["pci-dss-4.0.1"] as const;
  oss.validate("", { profiles: names });
  for (const profile of all.profiles) {
    switch (profile.result) {
      case "passes":
        is<Equal<typeof profile.distance, 0>>();
        continue;
      case "unknown":
        is<Equal<typeof profile.differences, undefined>>();
        continue;
    }
    for (const { kind, fix, check } of profile.differences) {
      oss.validate(fix === undefined || kind === "missing" ? "" : applyFix("", fix));
      is<Equal<typeof check extends string ? true : false, true>>();
    }
    return profile.passing;
  }
  return presets[0]?.config;
}

export function clients(oss: OssConf): ClientOutcome[] {
  const config: Config = oss.decode("");
  const { clients, accepts } = oss.simulate(config, { certificates: ["rsa"] });
  oss.simulate(bytes, { certificates: undefined });
  const versions: TLSVersion[] = accepts.tls_versions;
  for (const client of clients) {
    if (client.outcome === "connects") {
      versions.push(client.tls_version);
      is<Equal<typeof client.cipher_suite, string>>();
      is<Equal<typeof client.rule, undefined>>();
    } else {
      is<Equal<typeof client.rule, RefusingRule>>();
      is<Equal<typeof client.reason, string>>();
    }
  }
  const diff: Diff = oss.diff(null, { TLS: { Enable: false } });
  oss.diff("", bytes, { certificates: ["rsa", "ecdsa"] as const });
  const { lost, unknown } = diff.clients;
  return [...lost.map(({ before }) => before), ...lost.map(({ after }) => after), ...unknown.map(({ after }) => after)];
}

export function signing(oss: OssConf): string | undefined {
  const base = { access_key_id: "", access_key_secret: "", region: "cn-hangzhou", time: "20250417T131318Z" };
  const { headers } = oss.sign({
    ...base,
    method: "GET",
    query: [["a", ""]],
    headers: [["b", "c"]] as const,
    key: undefined,
  });
  new Headers(headers);
  oss.sign({ ...base, method: "GET", product: "oss-cloudbox", security_token: undefined });
  oss.postPolicy({ ...base, policy_json: "{}" }).fields.map(([name, value]) => name + value);
  return oss.presign({ ...base, method: "GET", expires_seconds: 60, path_style: true }).url;
}

export function verifying(oss: OssConf): ServiceError | string {
  oss.verify({ form: [["policy", ""]], credentials: [], now: "20250417T131318Z" });
  const verified = oss.verify({ method: "GET", credentials: [], now: "20250417T131318Z", region: undefined });
  if (verified.ok) {
    is<Equal<typeof verified.service_error, undefined>>();
    return verified.access_key_id + verified.string_to_sign;
  }
  return verified.service_error;
}

export async function requests(oss: OssConf): Promise<Response> {
  return fetch(await oss.signRequest(new Request("https://example.com"), options));
}

export function errors(error: unknown): OssConfErrorCode | undefined {
  if (error instanceof OssConfError) {
    is<Equal<typeof error.line, number | undefined>>();
    is<Equal<typeof error.member, "document" | "before" | "after" | undefined>>();
    is<Equal<typeof error.name, "OssConfError">>();
    switch (error.code) {
      case "mismatched_tag":
      case "trap":
      case "unknown_member":
        return error.code;
    }
  }
  return undefined;
}

export function raw(): Uint8Array<ArrayBuffer> {
  const instance = new Instance(module);
  new Instance(module, (memory) => ({ wasi_snapshot_preview1: { random_get: () => memory().buffer.byteLength } }));
  const { status, out } = instance.call("decode", bytes);
  is<Equal<typeof status, 0 | 1 | 2>>();
  return instance.dead || instance.abi !== 1 ? new Uint8Array() : out;
}
