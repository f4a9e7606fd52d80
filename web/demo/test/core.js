// The module for tests in Node.js.
import { readFile } from "node:fs/promises";

import { load } from "ossconf";

import { Core } from "../src/core.js";

const bytes = await readFile(new URL("../../ossconf/dist/ossconf.wasm", import.meta.url));
const module = await WebAssembly.compile(bytes);

export const core = new Core(module, await load({ module }));

/** A document with all that a form does not show: comments, unknown elements, odd white space. */
export const rich = `<?xml version="1.0"?>
<!-- of the team for storage -->
<HttpsConfiguration>
  <TLS>
    <Enable>true</Enable> <!-- since 2025 -->
    <TLSVersion>TLSv1.2</TLSVersion>
    <Hint>of tomorrow</Hint>
    <TLSVersion>TLSv1.3</TLSVersion>
  </TLS>
  <CipherSuite>
    <Enable>true</Enable>
    <StrongCipherSuite>false</StrongCipherSuite>
    <CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite>
    <TLS13CustomCipherSuite>TLS_AES_128_GCM_SHA256</TLS13CustomCipherSuite>
    <Later><Deep>1</Deep></Later>
  </CipherSuite>
  <Also>kept &amp; sound</Also>
</HttpsConfiguration>
`;

/** @param {string} name of a fixture @param {string} file */
export async function fixture(name, file) {
  const text = await readFile(new URL(`../../../fixtures/documents/${name}.txtar`, import.meta.url), "utf8");
  const [, after = ""] = text.split(`-- ${file} --\n`);
  return after.split(/^-- .* --$/m)[0] ?? "";
}
