// Makes modules that follow the calling convention, except where a field says otherwise.

/** Code for the functions of a fake, without their ends. */
export const code = {
  unreachable: [0x00],
  nop: [0x01],
  one: [0x41, 1],
  zero: [0x41, 0],
  minusOne: [0x41, 0x7f],
  /** i32.const 1024 */
  block: [0x41, 0x80, 0x08],
  /** Calls itself, as function 3, until the stack ends. */
  recursion: [0x20, 0, 0x20, 1, 0x10, 3],
  /** Takes memory until there is no more, and traps: loop, memory.grow 1024, i32.const -1, i32.ne, br_if 0, end, unreachable */
  growth: [0x03, 0x40, 0x41, 0x80, 0x08, 0x40, 0, 0x41, 0x7f, 0x47, 0x0d, 0, 0x0b, 0x00],
};

/** Where the answer of a fake stands. */
export const answerAddress = 2048;

/**
 * Code that returns a result of an operation.
 *
 * @param {number} address
 * @param {number} length
 */
export function returns(address, length) {
  let packed = BigInt.asIntN(64, (BigInt(address) << 32n) | BigInt(length));
  const bytes = [0x42]; // i64.const
  for (; packed < -64n || packed > 63n; packed >>= 7n) {
    bytes.push(Number(packed & 0x7fn) | 0x80);
  }
  return [...bytes, Number(packed & 0x7fn)];
}

/**
 * @typedef {object} Fake
 * @property {number[]} [abi]
 * @property {number[]} [alloc]
 * @property {number[]} [free]
 * @property {number[]} [op]
 * @property {string} [without] an export that is missing
 * @property {string} [rename] an export that has the function of free instead
 * @property {number[]} [answer] what stands at answerAddress
 */

const utf8 = new TextEncoder();

/**
 * @param {number} n
 * @returns {number[]}
 */
const size = (n) => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...size(n >> 7)]);

/** @param {readonly number[]} bytes */
const sized = (bytes) => [...size(bytes.length), ...bytes];

/** @param {readonly number[][]} items */
const vector = (items) => [...size(items.length), ...items.flat()];

/** @param {string} text */
const name = (text) => sized([...utf8.encode(text)]);

/**
 * @param {Fake} fake
 * @returns {Promise<WebAssembly.Module>}
 */
export function assemble(fake = {}) {
  return WebAssembly.compile(binary(fake));
}

/**
 * The bytes of the module.
 *
 * @param {Fake} fake
 */
export function binary(fake = {}) {
  const answer = fake.answer ?? [0, ...utf8.encode("{}")];
  const functions = [
    { type: 0, body: fake.abi ?? code.one },
    { type: 1, body: fake.alloc ?? code.block },
    { type: 2, body: fake.free ?? code.nop },
    { type: 3, body: fake.op ?? returns(answerAddress, answer.length) },
  ];
  const operations = ["decode", "encode", "validate", "sign", "presign", "post_policy", "verify", "catalog", "version"];
  const exported = [
    ["memory", 2, 0],
    ["ossconf_abi", 0, 0],
    ["ossconf_alloc", 0, 1],
    ["ossconf_free", 0, 2],
    ...operations.map((op) => [`ossconf_${op}`, 0, 3]),
  ];
  const exports = /** @type {[string, number, number][]} */ (exported)
    .filter(([what]) => what !== fake.without)
    .map(([what, kind, index]) => [...name(what), kind, what === fake.rename ? 2 : index]);
  const sections = [
    [1, vector([[0x60, 0, 1, 0x7f], [0x60, 1, 0x7f, 1, 0x7f], [0x60, 1, 0x7f, 0], [0x60, 2, 0x7f, 0x7f, 1, 0x7e]])], // prettier-ignore
    [3, vector(functions.map(({ type }) => [type]))],
    [5, vector([[0, 1]])], // a memory of a page
    [7, vector(exports)],
    [10, vector(functions.map(({ body }) => sized([0, ...body, 0x0b])))],
    [11, vector([[0, 0x41, 0x80, 0x10, 0x0b, ...sized(answer)]])], // i32.const answerAddress
  ];
  const bytes = sections.flatMap(([id, content]) => [id, ...sized(/** @type {number[]} */ (content))]);
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...bytes].flat());
}
