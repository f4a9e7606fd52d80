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
 * Says what was thrown, and of what: fetch tells only in its cause what went wrong.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function text(error) {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const cause = error.cause === undefined ? "" : ` (${text(error.cause)})`;
  return `${error.name}: ${error.message}${cause}`;
}

/**
 * The status with which a driver ends that failed, and what it says of it.
 *
 * @param {unknown} error
 */
export function outcome(error) {
  return error instanceof Failure
    ? { status: error.status, message: error.message }
    : { status: exit.runtime, message: text(error) };
}
