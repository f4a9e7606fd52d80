const typedArray = Object.getPrototypeOf(Uint8Array.prototype);

/**
 * Makes a reader of a property of typed arrays that asks the language itself, so that neither a subclass nor a proxy
 * can say anything else.
 *
 * @param {string | symbol} name
 * @returns {(value: unknown) => any}
 */
function intrinsic(name) {
  const { get } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(typedArray, name));
  return (value) => Reflect.apply(/** @type {() => unknown} */ (get), value, []);
}

const kind = intrinsic(Symbol.toStringTag);
const buffer = intrinsic("buffer");
const byteOffset = intrinsic("byteOffset");
const byteLength = intrinsic("byteLength");

/**
 * Returns a plain view of the bytes of a Uint8Array of any realm, or throws a TypeError that says why they cannot be
 * read.
 *
 * @param {unknown} value
 * @param {string} name what the value is called in the error
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function view(value, name) {
  if (kind(value) !== "Uint8Array") {
    throw new TypeError(`the ${name} is no Uint8Array`);
  }
  const memory = buffer(value);
  if (Object.prototype.toString.call(memory) === "[object SharedArrayBuffer]") {
    throw new TypeError(`the ${name} is in shared memory, which may change meanwhile`);
  }
  try {
    Reflect.apply(Uint8Array.prototype.at, value, [0]); // refuses what is detached or out of bounds
  } catch {
    throw new TypeError(`the buffer of the ${name} is detached or has become too short`);
  }
  return new Uint8Array(memory, byteOffset(value), byteLength(value));
}
