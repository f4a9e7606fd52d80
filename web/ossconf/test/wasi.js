// As much of WASI preview 1 as the plain form of the module calls: no arguments, no files, a clock that counts calls.

/** @param {() => WebAssembly.Memory} memory */
export function wasi(memory) {
  let now = 1_000_000_000n;
  const view = () => new DataView(memory().buffer);
  /** @param {number[]} places */
  const zeros = (...places) => {
    places.forEach((place) => view().setUint32(place, 0, true));
    return 0;
  };
  const functions = {
    args_sizes_get: zeros,
    environ_sizes_get: zeros,
    args_get: () => 0,
    environ_get: () => 0,
    clock_time_get(/** @type {number} */ _clock, /** @type {bigint} */ _precision, /** @type {number} */ time) {
      view().setBigUint64(time, (now += 1000n), true);
      return 0;
    },
    random_get(/** @type {number} */ buffer, /** @type {number} */ size) {
      new Uint8Array(memory().buffer, buffer, size).fill(0x5a);
      return 0;
    },
    sched_yield: () => 0,
    poll_oneoff(
      /** @type {number} */ _subscriptions,
      /** @type {number} */ _events,
      /** @type {number} */ _count,
      /** @type {number} */ happened,
    ) {
      view().setUint32(happened, 1, true);
      return 0;
    },
    proc_exit(/** @type {number} */ status) {
      throw new Error(`exit with status ${status}`);
    },
  };
  const badFile = () => 8;
  return {
    wasi_snapshot_preview1: new Proxy(/** @type {Record<string, Function>} */ (functions), {
      get: (target, name) => target[String(name)] ?? badFile,
    }),
  };
}
