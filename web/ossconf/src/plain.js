import { OssConfError } from "./error.js";

const MAX_DEPTH = 64; // more than any operation takes; an object that contains itself ends here

/**
 * @param {string} message
 * @param {string} path
 * @param {string} hint
 */
export function wrongType(message, path, hint) {
  return new OssConfError({ code: "wrong_type", message, hint, ...(path !== "" && { path }) });
}

/** @param {number} limit */
export function tooLarge(limit) {
  return new OssConfError({
    code: "too_large",
    message: `the input is larger than ${limit} bytes`,
    hint: "pass a smaller one",
  });
}

/**
 * Whether there is no half of a surrogate pair in a text. Where the language has a word for it, it takes a tenth of the
 * time.
 *
 * @type {(text: string) => boolean}
 */
const wellFormed =
  "isWellFormed" in String.prototype
    ? (text) => /** @type {any} */ (text).isWellFormed()
    : (text) => !/\p{Surrogate}/u.test(text);

/**
 * Refuses half surrogate pairs, which have no form in UTF-8 and would silently become U+FFFD.
 *
 * @param {string} text
 * @param {string} [path] without one, the text is a document with lines and columns
 */
export function checkText(text, path) {
  if (wellFormed(text)) {
    return;
  }
  const at = text.search(/\p{Surrogate}/u);
  const fault = { code: "character", message: "half of a surrogate pair", hint: "remove it, or add the other half" };
  if (path !== undefined) {
    throw new OssConfError({ ...fault, path });
  }
  const lines = text
    .slice(0, at)
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/);
  const last = /** @type {string} */ (lines.at(-1));
  throw new OssConfError({ ...fault, line: lines.length, column: Array.from(last).length + 1 });
}

/**
 * Writes a value as JSON. It calls nothing of the value but what reading it takes (no toJSON), stops as soon as the
 * text is certain to be longer than limit, and refuses what JSON would change or leave out: numbers that are not
 * finite, functions, instances of classes. A member that is undefined counts as absent.
 *
 * @param {unknown} value
 * @param {number} limit
 * @returns {string}
 */
export function toJSON(value, limit) {
  return reading(() => new Writer(limit).value(value));
}

class Writer {
  /** @type {(string | number)[]} the names and indices that lead to what is being written */
  path = [];

  /** @param {number} limit */
  constructor(limit) {
    this.limit = limit;
    this.left = limit;
  }

  /** The path as a JSON pointer, which only an error needs: making one for every value would take as long as the rest. */
  get pointer() {
    return this.path.reduce(pointer, "");
  }

  /** @param {number} size */
  charge(size) {
    this.left -= size;
    if (this.left < 0) {
      throw tooLarge(this.limit);
    }
  }

  /**
   * @param {unknown} value
   * @returns {string}
   */
  value(value) {
    switch (typeof value) {
      case "string":
        return this.text(value);
      case "boolean":
        this.charge(4);
        return String(value);
      case "number":
        if (!Number.isFinite(value)) {
          throw wrongType(`${value} is no number of JSON`, this.pointer, "give a finite number");
        }
        this.charge(1);
        return String(value);
      case "object":
        return value === null ? "null" : this.container(value);
      default:
        throw wrongType(
          `a value of type ${typeof value}`,
          this.pointer,
          "give text, numbers, booleans, arrays and plain objects",
        );
    }
  }

  /** @param {string} text */
  text(text) {
    this.charge(text.length + 2);
    if (!wellFormed(text)) {
      checkText(text, this.pointer);
    }
    return JSON.stringify(text);
  }

  /** @param {object} value */
  container(value) {
    if (this.path.length === MAX_DEPTH) {
      throw wrongType("objects nested too deeply, or one that contains itself", "", "give a flat object");
    }
    this.charge(2);
    return Array.isArray(value) ? this.array(value) : this.object(value);
  }

  /** @param {unknown[]} array */
  array(array) {
    let json = "[";
    for (let i = 0; i < array.length; i++) {
      this.charge(1);
      this.path.push(i);
      json += `${i === 0 ? "" : ","}${this.value(array[i])}`;
      this.path.pop();
    }
    return `${json}]`;
  }

  /** @param {object} object */
  object(object) {
    const prototype = Object.getPrototypeOf(object);
    // Every realm has an Object.prototype of its own.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      throw wrongType("an instance of a class", this.pointer, "give a plain object");
    }
    let json = "";
    for (const name of Object.keys(object)) {
      const value = /** @type {Record<string, unknown>} */ (object)[name];
      if (value === undefined) {
        continue;
      }
      this.path.push(name);
      json += `${json === "" ? "" : ","}${this.text(name)}:${this.value(value)}`;
      this.path.pop();
    }
    return `{${json}}`;
  }
}

/**
 * Reads members of an object of options once. Others are refused: a misspelled one would be ignored otherwise.
 *
 * @param {unknown} options
 * @param {readonly string[]} names
 * @returns {Record<string, unknown>}
 */
export function members(options, names) {
  if (typeof options !== "object" || options === null) {
    throw wrongType(`the options are ${options === null ? "null" : typeof options}`, "", "pass a plain object");
  }
  return reading(() => {
    for (const name of Object.keys(options)) {
      if (!names.includes(name)) {
        const fault = { code: "unknown_member", message: "there is no option of this name", path: pointer("", name) };
        throw new OssConfError({ ...fault, hint: `the options are ${names.join(", ")}` });
      }
    }
    return Object.fromEntries(names.map((name) => [name, /** @type {Record<string, unknown>} */ (options)[name]]));
  });
}

/**
 * Runs code that reads what the caller passed: a getter or the trap of a proxy may throw anything.
 *
 * @template T
 * @param {() => T} read
 * @returns {T}
 */
export function reading(read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof OssConfError) {
      throw error;
    }
    const fault = { code: "wrong_type", message: "reading the input threw an error", hint: "its cause is that error" };
    throw new OssConfError(fault, { cause: error });
  }
}

/**
 * @param {string} path
 * @param {string | number} name
 */
const pointer = (path, name) => `${path}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** The most entries that an operation takes in an array. */
const MAX_ENTRIES = 1000;

/**
 * Reads an array of strings once.
 *
 * @param {unknown} array
 * @param {string} path
 * @param {string} [hint]
 * @returns {string[]}
 */
export function strings(array, path, hint = "give an array of strings") {
  return reading(() => {
    if (!Array.isArray(array)) {
      throw wrongType("the option is no array", path, hint);
    }
    const { length } = array;
    if (length > MAX_ENTRIES) {
      const fault = {
        code: "too_large",
        message: `the array has more than ${MAX_ENTRIES} entries`,
        hint: "pass fewer",
      };
      throw new OssConfError({ ...fault, path });
    }
    const list = [];
    for (let i = 0; i < length; i++) {
      const entry = array[i];
      if (typeof entry !== "string") {
        throw wrongType("the entry is no string", pointer(path, i), "give a string");
      }
      list.push(entry);
    }
    return list;
  });
}
