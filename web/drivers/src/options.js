import { exit, Failure, text } from "./failure.js";

/**
 * Reads the arguments of a driver, `--module FILE`, and returns the name of the file.
 *
 * @param {readonly string[]} args
 */
export function moduleFile(args) {
  const [name, file, ...more] = args;
  if (name !== "--module" || file === undefined || more.length > 0) {
    throw new Failure(exit.usage, "a driver takes --module FILE, a module that make wasm built, and nothing else");
  }
  return file;
}

/**
 * Reads the file.
 *
 * @template T
 * @param {string} file
 * @param {(file: string) => T | Promise<T>} read
 */
export async function readModule(file, read) {
  try {
    return await read(file);
  } catch (error) {
    throw new Failure(exit.usage, `--module ${file} cannot be read: ${text(error)}`, error);
  }
}
