/** The statuses with which a driver ends, those of `ossconf driver`. */
export const exit = /** @type {const} */ ({ ended: 0, protocol: 1, usage: 2, runtime: 3 });

/** What ends a driver early. The message goes to standard error. */
export class Failure extends Error {
  /**
   * @param {1 | 2 | 3} status
   * @param {string} message
   * @param {unknown} [cause]
   */
  constructor(status, message, cause) {
    super(message, { cause });
    this.name = "Failure";
    this.status = status;
  }
}

/**
 * Says what was thrown, in one line if it has a message.
 *
 * @param {unknown} error
 */
export function text(error) {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
