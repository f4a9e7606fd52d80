/** Why a body was not read to its end: "too_large", "late", or "broken". */
export class BodyError extends Error {
  /**
   * @param {"too_large" | "late" | "broken"} code
   * @param {ErrorOptions} [options]
   */
  constructor(code, options) {
    super(code, options);
    this.name = "BodyError";
    this.code = code;
  }
}

/**
 * Reads a body, and no more of it than the limit: what is longer is given up as soon as it is.
 *
 * @param {ReadableStream<Uint8Array> | null} body
 * @param {number} limit in bytes
 * @param {number} [milliseconds] how long the whole of it may take
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function readBody(body, limit, milliseconds) {
  if (body === null) {
    return new Uint8Array(0);
  }
  const reader = body.getReader();
  let timer;
  /** @type {Promise<never>} */
  const late = new Promise((_, reject) => {
    if (milliseconds !== undefined) {
      timer = setTimeout(() => reject(new BodyError("late")), milliseconds);
    }
  });
  try {
    return await collect(() => Promise.race([reader.read(), late]), limit);
  } catch (error) {
    reader.cancel().catch(() => {}); // it may be broken already
    throw error instanceof BodyError ? error : new BodyError("broken", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {() => Promise<ReadableStreamReadResult<Uint8Array>>} read
 * @param {number} limit
 */
async function collect(read, limit) {
  const chunks = [];
  let size = 0;
  for (let next = await read(); !next.done; next = await read()) {
    size += next.value.length;
    if (size > limit) {
      throw new BodyError("too_large");
    }
    chunks.push(next.value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
