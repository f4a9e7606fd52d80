/**
 * Lets a test see the instances that are made while it runs. They are made by the real constructor.
 *
 * @param {import("node:test").TestContext} t
 * @returns {WebAssembly.Instance[]}
 */
export function watchInstances(t) {
  const { Instance } = WebAssembly;
  /** @type {WebAssembly.Instance[]} */
  const made = [];
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, args) {
      const instance = Reflect.construct(target, args);
      made.push(instance);
      return instance;
    },
  });
  t.after(() => {
    WebAssembly.Instance = Instance;
  });
  return made;
}

/**
 * The memory of an instance, at the time of the call.
 *
 * @param {WebAssembly.Instance | undefined} instance
 */
export function memoryOf(instance) {
  return new Uint8Array(/** @type {any} */ (instance).exports.memory.buffer);
}

/**
 * Makes an instance trap in its next call, by overwriting its memory.
 *
 * @param {WebAssembly.Instance | undefined} instance
 */
export function damage(instance) {
  memoryOf(instance).fill(0xff);
}
