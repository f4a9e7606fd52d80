// What must not compile: each line under a directive has an error.
import { OssConfError, applyFix, load } from "ossconf";
import type { Config, OssConf, ProfileName, RuleName, SignRequestOptions, Verified } from "ossconf";
import { Instance } from "ossconf/raw";
// @ts-expect-error nothing else is exported
import { toJSON } from "ossconf";
// @ts-expect-error nothing inside the package can be imported
import { Runner } from "ossconf/src/runner.js";

declare const oss: OssConf;
declare const error: OssConfError;
declare const verified: Verified;
declare const module: WebAssembly.Module;
const base = { access_key_id: "", access_key_secret: "", region: "cn-hangzhou", time: "20250417T131318Z" };

export const unused = [toJSON, Runner];

// @ts-expect-error an address is a URL
load({ module: "/ossconf.wasm" });
// @ts-expect-error there is no such option
load({ modul: module });
// @ts-expect-error it is a promise
load().decode("");

// @ts-expect-error an object is no document
oss.decode({ TLS: {} });
// @ts-expect-error a number is no document
oss.encode(1);
// @ts-expect-error misspelled
oss.encode({ TLS: { Enabled: true } });
// @ts-expect-error a boolean
oss.encode({ TLS: { Enable: "true" } });
// @ts-expect-error an ArrayBuffer is no view
oss.validate(new ArrayBuffer(0));
// @ts-expect-error absent, rather than undefined
export const config: Config = { TLS: undefined };
// @ts-expect-error there is no such rule
export const rule: RuleName = "tls-requird";

// @ts-expect-error there is no such profile
export const profile: ProfileName = "mozilla-old-6.0";

// @ts-expect-error a profile is in a list
oss.validate("", { profiles: "pci-dss-4.0.1" });
// @ts-expect-error misspelled
oss.validate("", { profile: "all" });
// @ts-expect-error text, whose lines findings count
oss.validate({ TLS: {} }, { profiles: "all" });
// @ts-expect-error none were asked for
oss.validate("").profiles;
// @ts-expect-error a bucket that was never configured has no document to validate
oss.validate(null);
// @ts-expect-error null, rather than undefined
oss.simulate(undefined);
// @ts-expect-error two of them
oss.diff("");
// @ts-expect-error there is no such kind
oss.simulate(null, { certificates: ["RSA"] });
// @ts-expect-error a client that is lost fails
oss.diff(null, null).clients.lost.map(({ after }) => after.cipher_suite.length);
// @ts-expect-error it may fail
oss.simulate(null).clients.map(({ tls_version }) => tls_version.length);

// @ts-expect-error without a secret
oss.sign({ access_key_id: "", region: "", time: "", method: "GET" });
// @ts-expect-error without a method
oss.sign({ ...base });
// @ts-expect-error headers are pairs
oss.sign({ ...base, method: "GET", headers: { a: "b" } });
// @ts-expect-error a member of presign
oss.sign({ ...base, method: "GET", expires_seconds: 1 });
// @ts-expect-error without expires_seconds
oss.presign({ ...base, method: "GET" });
// @ts-expect-error the text of the policy
oss.postPolicy({ ...base, policy_json: {} });
// @ts-expect-error a request or a form
oss.verify({ method: "GET", form: [], credentials: [], now: "" });
// @ts-expect-error only of a wrong signature
verified.service_error.status.toFixed();
// @ts-expect-error only of a right one
verified.access_key_id.length.toFixed();

// @ts-expect-error an address is no request
oss.signRequest("https://example.com", base);
// @ts-expect-error time is text
export const options: SignRequestOptions = { ...base, time: new Date() };

// @ts-expect-error there is no such code
error.code === "mismatchd_tag";
// @ts-expect-error it may be absent
error.line.toFixed();
// @ts-expect-error read only
error.code = "trap";
// @ts-expect-error a fix has edits
applyFix("", {});

// @ts-expect-error bytes
new Instance(module).call("decode", "");
// @ts-expect-error read only
new Instance(module).dead = false;
// @ts-expect-error no module
new Instance("/ossconf.wasm");
