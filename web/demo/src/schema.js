/** The elements of the containers, in the order in which they are written. */
export const schema = /** @type {const} */ ({
  TLS: { booleans: ["Enable"], lists: ["TLSVersion"] },
  CipherSuite: { booleans: ["Enable", "StrongCipherSuite"], lists: ["CustomCipherSuite", "TLS13CustomCipherSuite"] },
});

/** @typedef {keyof typeof schema} Container */

/** @type {readonly Container[]} */
export const containers = ["TLS", "CipherSuite"];
