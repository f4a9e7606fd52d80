/**
 * As much of WASI preview 1 as the plain form of the module imports: no arguments, no environment, no files. Clock and
 * random numbers are those of the runtime; no answer may depend on them.
 *
 * @module
 */

/** Error numbers of WASI. */
const EBADF = 8;
const ENOSYS = 52;

/** The largest size of a kept message of the module in bytes. */
const MAX_MESSAGE = 1 << 12;

/**
 * Returns the imports of an instance, given what returns its memory once there is one.
 *
 * @param {() => WebAssembly.Memory} memory
 * @returns {WebAssembly.Imports}
 */
export function wasi(memory) {
  const view = () => new DataView(memory().buffer);
  let skipped = 0n;
  let message = "";

  /** @param {number[]} places */
  function zeros(...places) {
    for (const place of places) {
      view().setUint32(place, 0, true);
    }
    return 0;
  }

  return {
    wasi_snapshot_preview1: {
      args_sizes_get: zeros,
      environ_sizes_get: zeros,
      args_get: () => 0,
      environ_get: () => 0,
      sched_yield: () => 0,

      /** @type {(clock: number, precision: bigint, time: number) => number} */
      clock_time_get(_clock, _precision, time) {
        view().setBigUint64(time, BigInt(Date.now()) * 1_000_000n + skipped, true);
        return 0;
      },

      /** @type {(buffer: number, size: number) => number} */
      random_get(buffer, size) {
        const bytes = new Uint8Array(memory().buffer, buffer, size);
        for (let i = 0; i < size; i++) {
          bytes[i] = Math.random() * 256;
        }
        return 0;
      },

      /**
       * Go's runtime sleeps with it, above all between garbage collections, and gives up for good if it fails. The
       * first subscription is always that of a clock: it comes true at once, and the clock moves on as if it had been
       * waited for. A subscription has 48 bytes (kind at 8, timeout at 24), an event 32 (error at 8, kind at 10).
       *
       * @type {(subscriptions: number, events: number, count: number, happened: number) => number}
       */
      poll_oneoff(subscriptions, events, _count, happened) {
        const bytes = view();
        if (bytes.getUint8(subscriptions + 8) !== 0) {
          return ENOSYS;
        }
        skipped += bytes.getBigUint64(subscriptions + 24, true);
        bytes.setBigUint64(events, bytes.getBigUint64(subscriptions, true), true);
        bytes.setBigUint64(events + 8, 0n, true);
        bytes.setUint32(happened, 1, true);
        return 0;
      },

      /**
       * Keeps what the runtime writes before it exits, to say why.
       *
       * @type {(file: number, vectors: number, count: number, written: number) => number}
       */
      fd_write(file, vectors, count, written) {
        if (file !== 1 && file !== 2) {
          return EBADF;
        }
        const bytes = view();
        let sum = 0;
        for (let i = 0; i < count; i++) {
          const address = bytes.getUint32(vectors + 8 * i, true);
          const size = bytes.getUint32(vectors + 8 * i + 4, true);
          const room = Math.min(size, MAX_MESSAGE - message.length);
          message += String.fromCharCode(...new Uint8Array(memory().buffer, address, room));
          sum += size;
        }
        bytes.setUint32(written, sum, true);
        return 0;
      },

      /** @type {(status: number) => never} */
      proc_exit(status) {
        throw new Error(`the module exited with status ${status}: ${message}`);
      },
    },
  };
}
