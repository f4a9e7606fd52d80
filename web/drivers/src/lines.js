import { exit, Failure } from "./failure.js";
import { excerpt, refusal } from "./question.js";

/** The longest line in characters, with room to spare for an input of 1 MiB in base64. */
const MAX_LINE = 32 << 20;

/** Cuts bytes that arrive in pieces into lines of text. */
export class Lines {
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #rest = "";
  #count = 0;

  /**
   * Yields the lines that end in these bytes, without their ends.
   *
   * @param {Uint8Array} bytes
   */
  *push(bytes) {
    const text = this.#decoder.decode(bytes, { stream: true });
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      const line = this.#rest + text.slice(from, end);
      this.#rest = "";
      this.#count++;
      from = end + 1;
      yield line;
    }
    this.#rest += text.slice(from);
    if (this.#rest.length > MAX_LINE) {
      throw refusal(`line ${this.#count + 1}: longer than ${MAX_LINE} characters`);
    }
  }

  /** Throws if the bytes ended in the middle of a line: it may be half a message. */
  end() {
    if (this.#rest !== "") {
      const what = "not one JSON object: it ends before the end of the line";
      throw new Failure(exit.protocol, `line ${this.#count + 1}: ${what}: ${excerpt(this.#rest)}`);
    }
  }
}
