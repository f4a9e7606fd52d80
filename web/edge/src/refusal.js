/** What the worker answers with instead of what was asked for. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {{ code: string, message: string, hint?: string, service?: object }} error goes to the client as it is
   * @param {object} [more] stands beside the error in the answer
   * @param {Record<string, string>} [headers]
   */
  constructor(status, error, more = {}, headers = {}) {
    super(error.message);
    this.name = "Refusal";
    this.status = status;
    this.error = error;
    this.more = more;
    this.headers = headers;
  }
}
