import { Refusal } from "./refusal.js";

/** @typedef {"json" | "xml"} Form */

/** @type {Record<string, Form>} */
const FORMS = { "application/json": "json", "application/xml": "xml", "text/xml": "xml" };

/**
 * Returns in which form a request says that its document is, or throws a refusal.
 *
 * @param {Headers} headers
 * @returns {Form}
 */
export function contentForm(headers) {
  const hint = "send application/xml or application/json, in UTF-8 and not compressed";
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity") {
    throw new Refusal(415, { code: "content_type", message: "the document is compressed", hint });
  }
  const [type = "", ...parameters] = (headers.get("content-type") ?? "").split(";").map((part) => part.trim());
  const form = FORMS[type.toLowerCase()];
  if (form === undefined || !Object.hasOwn(FORMS, type.toLowerCase())) {
    const message = type === "" ? "the request has no Content-Type" : "the Content-Type is none that is taken here";
    throw new Refusal(415, { code: "content_type", message, hint });
  }
  for (const parameter of parameters) {
    if (/^charset=/i.test(parameter) && !/^charset="?utf-8"?$/i.test(parameter)) {
      throw new Refusal(415, { code: "content_type", message: "the charset is not UTF-8", hint });
    }
  }
  return form;
}

/**
 * Refuses a document of another form than its Content-Type says. Like the module, it goes by the first byte that is no
 * white space.
 *
 * @param {Uint8Array} document
 * @param {Form} form
 */
export function checkForm(document, form) {
  const start = document[0] === 0xef && document[1] === 0xbb && document[2] === 0xbf ? 3 : 0;
  const first = document.subarray(start).find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte));
  const other = form === "json" ? 0x3c : 0x7b; // < and {
  if (first === other) {
    const [is, says] = form === "json" ? ["XML", "JSON"] : ["JSON", "XML"];
    const hint = "send the Content-Type of what the document is";
    throw new Refusal(415, {
      code: "content_type",
      message: `the document is ${is}, its Content-Type says ${says}`,
      hint,
    });
  }
}

/**
 * Returns the form in which an answer is wanted: JSON, unless XML is preferred.
 *
 * @param {Headers} headers
 * @returns {Form}
 */
export function acceptedForm(headers) {
  const accept = headers.get("accept") ?? "*/*";
  const ranges = accept.split(",").map(readRange);
  const json = quality(ranges, ["application/json", "application/*", "*/*"]);
  const xml = Math.max(
    quality(ranges, ["application/xml", "application/*", "*/*"]),
    quality(ranges, ["text/xml", "text/*", "*/*"]),
  );
  if (json === 0 && xml === 0 && accept.trim() !== "") {
    const message = "no form of the answer is acceptable";
    throw new Refusal(406, { code: "accept", message, hint: "accept application/json or application/xml" });
  }
  return xml > json ? "xml" : "json";
}

/** @param {string} text */
function readRange(text) {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  const q = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, q: q >= 0 && q <= 1 ? q : 0 };
}

/**
 * Returns how much a type is wanted: the most specific range that matches it decides.
 *
 * @param {{ type: string, q: number }[]} ranges
 * @param {string[]} matches the ranges that match the type, the most specific first
 */
function quality(ranges, matches) {
  for (const match of matches) {
    const range = ranges.find(({ type }) => type === match);
    if (range !== undefined) {
      return range.q;
    }
  }
  return 0;
}

/**
 * @typedef {object} Condition
 * @property {"any" | string[]} [match] the ETags one of which the stored document has to have
 * @property {true} [none] that there is no stored document
 */

/**
 * Returns what a PUT depends on, or undefined if it is sent whatever is stored.
 *
 * @param {Headers} headers
 * @returns {Condition | undefined}
 */
export function readCondition(headers) {
  const match = headers.get("if-match");
  const none = headers.get("if-none-match");
  if (match === null && none === null) {
    return undefined;
  }
  const bad = (/** @type {string} */ message) =>
    new Refusal(400, { code: "condition", message, hint: "send the ETag of a GET as If-Match, or If-None-Match: *" });
  if (match !== null && none !== null) {
    throw bad("If-Match and If-None-Match exclude each other");
  }
  if (none !== null) {
    if (none.trim() !== "*") {
      throw bad("If-None-Match of a PUT can only be *");
    }
    return { none: true };
  }
  const value = (match ?? "").trim();
  if (value === "*") {
    return { match: "any" };
  }
  const tags = value.split(",").map((tag) => tag.trim());
  if (!tags.every((tag) => /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(tag))) {
    throw bad("If-Match is no list of ETags in quotes");
  }
  return { match: tags };
}

/**
 * Reports whether the stored document is as a PUT wants it. ETags are compared strongly: a weak one matches nothing.
 *
 * @param {Condition} condition
 * @param {string | undefined} etag undefined if nothing is stored
 */
export function holds({ match, none }, etag) {
  if (none) {
    return etag === undefined;
  }
  return etag !== undefined && (match === "any" || (match ?? []).includes(etag));
}
