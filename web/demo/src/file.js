/** How large a document may be, in bytes. */
const MAX = 64 << 10;

/**
 * Reads a file that is to be a document.
 *
 * @param {File} file
 * @returns {Promise<{ text: string, problem?: undefined } | { text?: undefined, problem: "tooLarge" | "notText" | "notRead" }>}
 */
export async function read(file) {
  if (file.size > MAX) {
    return { problem: "tooLarge" };
  }
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return { problem: "notRead" }; // a folder, or gone
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? { problem: "notText" } : { text };
  } catch {
    return { problem: "notText" };
  }
}
