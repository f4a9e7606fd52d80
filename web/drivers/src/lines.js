import { concat } from "./bytes.js";
import { excerpt, refusal } from "./question.js";

/** The longest line in bytes, with room to spare for an input of 1 MiB in base64. */
const MAX_LINE = 32 << 20;

const LF = 10;

/** Cuts bytes that arrive in pieces into lines of text. */
export class Lines {
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #pieces = []; // of the line that has not ended
  #count = 0;

  /**
   * Yields the lines that end in these bytes, without their ends.
   *
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  *push(bytes) {
    let from = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      this.#pieces.push(bytes.subarray(from, end));
      const line = this.#take();
      this.#count++;
      from = end + 1;
      yield line;
    }
    if (from < bytes.length) {
      this.#pieces.push(bytes.slice(from)); // a copy: who reads may use the buffer again
    }
    if (this.#pieces.reduce((sum, piece) => sum + piece.length, 0) > MAX_LINE) {
      throw refusal(`line ${this.#count + 1}: longer than ${MAX_LINE} bytes`);
    }
  }

  /** Throws if the bytes ended in the middle of a line: it may be half a message. */
  end() {
    const rest = this.#take();
    if (rest !== "") {
      const what = "not one JSON object: it ends before the end of the line";
      throw refusal(`line ${this.#count + 1}: ${what}: ${excerpt(rest)}`);
    }
  }

  #take() {
    const text = this.#decoder.decode(concat(this.#pieces));
    this.#pieces = [];
    return text;
  }
}
