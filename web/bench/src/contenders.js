/**
 * Who is measured. Each does, at every run, what its users call for one request or one document; what they would do once,
 * such as making a client, is done before. The keys are warm: who remembers a derived key has it.
 *
 * @module
 */

import { Hash } from "@smithy/hash-node";
import { SignatureV4 } from "@smithy/signature-v4";
import OSS from "ali-oss";
import { AwsV4Signer } from "aws4fetch";
import { XMLBuilder, XMLParser } from "fast-xml-parser";
import { load } from "ossconf";
import { Instance } from "ossconf/raw";

import { moduleBytes, putRequest, sampleDocument } from "./inputs.js";

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {boolean} [ours] the one that the others are compared with
 * @property {() => unknown} run returns a promise or what is asked for
 */

/**
 * What is ours: the package, and below it an instance of the module.
 *
 * @typedef {object} Ours
 * @property {import("ossconf").OssConf} oss
 * @property {Instance} instance
 */

/** @returns {Promise<Ours>} */
export async function ours() {
  return { oss: await load(), instance: new Instance(new WebAssembly.Module(moduleBytes())) };
}

const encoder = new TextEncoder();

/**
 * Runs an operation as somebody does who has text and takes the calling convention as it is.
 *
 * @param {Instance} instance
 * @param {string} op
 * @param {string} text
 * @returns {string}
 */
function call(instance, op, text) {
  const { status, out } = instance.callText(op, text);
  if (status !== 0) {
    throw new Error(out);
  }
  return out;
}

/**
 * @param {Ours} ours
 * @returns {Contender[]} those that sign the documented PUT with a signature in its headers
 */
export function signers({ oss, instance }) {
  const request = putRequest();
  const bytes = encoder.encode(JSON.stringify(request));

  const headers = Object.fromEntries(request.headers);
  const client = new OSS({
    region: `oss-${request.region}`,
    accessKeyId: request.access_key_id,
    accessKeySecret: request.access_key_secret,
    bucket: request.bucket,
    authorizationV4: true,
  });
  const prepared = {
    headers: { ...headers, "x-oss-date": request.time, "x-oss-content-sha256": "UNSIGNED-PAYLOAD" },
    queries: Object.fromEntries(request.query.map(([name, value]) => [name, value || null])),
  };

  const host = `${request.bucket}.oss-${request.region}.aliyuncs.com`;
  const when = new Date(request.time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const unsigned = { ...headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  const credentials = { accessKeyId: request.access_key_id, secretAccessKey: request.access_key_secret };
  const smithy = new SignatureV4({
    credentials,
    region: request.region,
    service: "s3",
    uriEscapePath: false,
    sha256: Hash.bind(null, "sha256"),
  });
  const query = Object.fromEntries(request.query);
  const url = `https://${host}/?${request.query.map(([name]) => name).join("&")}`;
  const cache = new Map();

  return [
    { name: "ossconf", ours: true, run: () => oss.sign(request).authorization },
    {
      name: "ossconf/raw and JSON",
      run: () => JSON.parse(call(instance, "sign", JSON.stringify(request))).authorization,
    },
    { name: "ossconf/raw, the call alone", run: () => instance.call("sign", bytes) },
    {
      name: "ali-oss",
      run: () => client.authorizationV4(request.method, prepared, request.bucket, ""),
    },
    {
      name: "@smithy/signature-v4",
      run: () =>
        smithy.sign(
          {
            method: request.method,
            protocol: "https:",
            hostname: host,
            path: "/",
            query,
            headers: { ...unsigned, host },
          },
          { signingDate: when },
        ),
    },
    {
      name: "aws4fetch",
      run: () =>
        new AwsV4Signer({
          method: request.method,
          url,
          headers: unsigned,
          ...credentials,
          service: "s3",
          region: request.region,
          datetime: request.time,
          cache,
        }).sign(),
    },
  ];
}

/**
 * @param {Ours} ours
 * @returns {Contender[]} those that make an object of the documented sample
 */
export function decoders({ oss, instance }) {
  const document = sampleDocument();
  const bytes = encoder.encode(document);
  const parser = new XMLParser();
  return [
    { name: "ossconf", ours: true, run: () => oss.decode(document) },
    { name: "ossconf/raw and JSON", run: () => JSON.parse(call(instance, "decode", document)) },
    { name: "ossconf/raw, the call alone", run: () => instance.call("decode", bytes) },
    { name: "fast-xml-parser", run: () => parser.parse(document) },
    { name: "fast-xml-parser, validating", run: () => parser.parse(document, true) },
  ];
}

/**
 * @param {Ours} ours
 * @returns {Contender[]} those that make XML of the object
 */
export function encoders({ oss, instance }) {
  const config = oss.decode(sampleDocument());
  const bytes = encoder.encode(JSON.stringify(config));
  const builder = new XMLBuilder({ format: true });
  const tree = { "?xml": "", HttpsConfiguration: config };
  return [
    { name: "ossconf", ours: true, run: () => oss.encode(config) },
    { name: "ossconf/raw and JSON", run: () => call(instance, "encode", JSON.stringify(config)) },
    { name: "ossconf/raw, the call alone", run: () => instance.call("encode", bytes) },
    { name: "fast-xml-parser", run: () => builder.build(tree) },
  ];
}
