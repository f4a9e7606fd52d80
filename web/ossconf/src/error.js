/**
 * @typedef {object} Fault what an error answer of the module holds
 * @property {string} code
 * @property {string} message
 * @property {number} [line]
 * @property {number} [column]
 * @property {string} [path]
 * @property {string} [hint]
 * @property {string} [member]
 */

/** What the package throws. types.d.ts describes the codes. */
export class OssConfError extends Error {
  /**
   * @param {Fault} fault
   * @param {ErrorOptions} [options]
   */
  constructor({ message, ...fault }, options) {
    super(message, options);
    this.code = fault.code;
    Object.assign(this, fault);
  }
}
Object.defineProperty(OssConfError.prototype, "name", { value: "OssConfError", writable: true, configurable: true });
