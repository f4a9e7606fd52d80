/**
 * The settings of the worker, read from its environment. Nothing that is wrong with them is told with a value: most
 * of them are secrets, and the rest stands next to secrets.
 *
 * @module
 */

/**
 * @typedef {object} Bucket
 * @property {string} name
 * @property {string} region
 * @property {string} product
 * @property {string} scheme https:, or http: on this machine
 * @property {string} host of the endpoint, with a port unless it is that of the scheme
 * @property {boolean} pathStyle whether the bucket stands in the path
 */

/**
 * @typedef {object} Settings
 * @property {{ access_key_id: string, access_key_secret: string, security_token?: string }} credentials
 * @property {Map<string, Bucket>} buckets by name
 * @property {{ name: string, digest: Uint8Array }[]} tokens
 * @property {Set<string>} origins
 * @property {number} timeout in milliseconds, of one call to OSS
 */

/** How long a call to OSS may take, in milliseconds, if OSSCONF_TIMEOUT does not say. */
const DEFAULT_TIMEOUT = 10_000;
const MAX_TIMEOUT = 120_000;

const VARIABLES = [
  "OSS_ACCESS_KEY_ID",
  "OSS_ACCESS_KEY_SECRET",
  "OSS_SESSION_TOKEN",
  "OSSCONF_BUCKETS",
  "OSSCONF_TOKENS",
  "OSSCONF_ORIGINS",
  "OSSCONF_TIMEOUT",
];

/** The members of a bucket in OSSCONF_BUCKETS. */
const MEMBERS = ["region", "endpoint", "product", "path_style"];

/** What is wrong with the settings: one sentence for each fault, with the name of the variable and no value. */
export class SettingsError extends Error {
  /** @param {string[]} problems */
  constructor(problems) {
    super(problems.join("; "));
    this.name = "SettingsError";
    this.problems = problems;
  }
}

/**
 * Reads the settings, or throws a SettingsError that names all faults.
 *
 * @param {Record<string, unknown>} environment
 * @returns {Settings}
 */
export function readSettings(environment) {
  const env = variables(environment);
  /** @type {string[]} */
  const problems = [];
  const settings = {
    credentials: readCredentials(env, problems),
    buckets: readBuckets(env, problems),
    tokens: readTokens(env, problems),
    origins: readOrigins(env, problems),
    timeout: readTimeout(env, problems),
  };
  if (problems.length > 0) {
    throw new SettingsError(problems);
  }
  return settings;
}

/**
 * Takes the variables out of an environment. Those that are not set are empty.
 *
 * @param {Record<string, unknown>} env
 * @returns {Record<string, string>}
 */
function variables(env) {
  const values = VARIABLES.map((name) => [name, env[name] ?? ""]);
  const problems = values.filter(([, value]) => typeof value !== "string").map(([name]) => `${name} is no string`);
  if (problems.length > 0) {
    throw new SettingsError(problems);
  }
  return Object.fromEntries(values);
}

/**
 * @param {Record<string, string>} env
 * @param {string[]} problems
 */
function readCredentials(env, problems) {
  /** @param {string} name */
  const secret = (name, optional = false) => {
    const value = env[name] ?? "";
    if (value === "" && !optional) {
      problems.push(`${name} is not set`);
    } else if (!/^[\x21-\x7e]*$/.test(value)) {
      problems.push(
        `${name} has white space or other characters that no credential has, perhaps a line break at its end`,
      );
    }
    return value;
  };
  const token = secret("OSS_SESSION_TOKEN", true);
  return {
    access_key_id: secret("OSS_ACCESS_KEY_ID"),
    access_key_secret: secret("OSS_ACCESS_KEY_SECRET"),
    ...(token === "" ? {} : { security_token: token }),
  };
}

/**
 * @param {Record<string, string>} env
 * @param {string[]} problems
 */
function readBuckets(env, problems) {
  /** @type {Map<string, Bucket>} */
  const buckets = new Map();
  const form = 'write {"BUCKET":{"region":"cn-hangzhou"}}';
  const source = env.OSSCONF_BUCKETS ?? "";
  let value;
  try {
    value = JSON.parse(source);
  } catch {
    // What JSON.parse says quotes the text.
    problems.push(`OSSCONF_BUCKETS is ${source === "" ? "not set" : "no JSON"}: ${form}`);
    return buckets;
  }
  if (!isObject(value) || Object.keys(value).length === 0) {
    problems.push(`OSSCONF_BUCKETS is no object of at least one bucket: ${form}`);
    return buckets;
  }
  Object.entries(value).forEach(([name, entry], i) => {
    const where = `bucket ${i + 1} of OSSCONF_BUCKETS`;
    const fault = bucketFault(name, entry);
    if (fault !== undefined) {
      problems.push(`${where} ${fault}`);
      return;
    }
    const url = endpointOf(entry);
    if (url === undefined) {
      problems.push(`${where} has an endpoint that is none: write https://HOST, or http:// for this machine alone`);
      return;
    }
    const pathStyle = entry.path_style ?? isAddress(url.hostname);
    const { region, product = "oss" } = entry;
    buckets.set(name, { name, region, product, scheme: url.protocol, host: url.host, pathStyle });
  });
  return buckets;
}

/**
 * @param {string} name
 * @param {any} entry
 */
function bucketFault(name, entry) {
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) {
    return "has a name that no bucket has: 3 to 63 lower-case letters, digits and hyphens, no hyphen at either end";
  }
  if (!isObject(entry)) {
    return 'is no object: write {"region":"cn-hangzhou"}';
  }
  if (Object.keys(entry).some((member) => !MEMBERS.includes(member))) {
    return `has a member that is unknown: it takes ${MEMBERS.join(", ")}`;
  }
  if (typeof entry.region !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(entry.region)) {
    return "has no region: write one such as cn-hangzhou";
  }
  if (entry.region.startsWith("oss-")) {
    return "has a region that begins with oss-, as endpoints do: leave that out";
  }
  if (entry.product !== undefined && entry.product !== "oss" && entry.product !== "oss-cloudbox") {
    return "has a product that is neither oss nor oss-cloudbox";
  }
  if (entry.product === "oss-cloudbox" && entry.endpoint === undefined) {
    return "is of a cloud box and has no endpoint";
  }
  if (entry.path_style !== undefined && typeof entry.path_style !== "boolean") {
    return "has a path_style that is neither true nor false";
  }
  return undefined;
}

/**
 * Returns the endpoint of a bucket, or undefined if it is unusable. What is signed goes over TLS, unless it stays on
 * this machine.
 *
 * @param {{ region: string, endpoint?: unknown }} entry
 */
function endpointOf({ region, endpoint = `https://oss-${region}.aliyuncs.com` }) {
  if (typeof endpoint !== "string" || !/^https?:\/\/[^/?#@\\\s]+\/?$/i.test(endpoint)) {
    return undefined;
  }
  let url;
  try {
    url = new URL(endpoint);
  } catch {
    return undefined;
  }
  return url.protocol === "https:" || isLoopback(url.hostname) ? url : undefined;
}

/** @param {string} host */
const isLoopback = (host) => host === "localhost" || host === "[::1]" || /^127\.[0-9.]+$/.test(host);

/** @param {string} host */
const isAddress = (host) => host === "localhost" || host.startsWith("[") || /^[0-9.]+$/.test(host);

/**
 * @param {Record<string, string>} env
 * @param {string[]} problems
 */
function readTokens(env, problems) {
  const list = words(env.OSSCONF_TOKENS ?? "");
  if (list.length === 0) {
    problems.push(
      "OSSCONF_TOKENS is not set: write NAME:DIGEST, the digest being the SHA-256 of the token in hexadecimal",
    );
  }
  /** @type {{ name: string, digest: Uint8Array }[]} */
  const tokens = [];
  list.forEach((entry, i) => {
    const match = /^([A-Za-z0-9._-]{1,64}):([0-9a-fA-F]{64})$/.exec(entry);
    const [, name = "", digits = ""] = match ?? [];
    if (match === null) {
      problems.push(`token ${i + 1} of OSSCONF_TOKENS is not NAME:DIGEST, with 64 hexadecimal digits`);
    } else if (tokens.some((token) => token.name === name)) {
      problems.push(`token ${i + 1} of OSSCONF_TOKENS has a name that is there before`);
    } else {
      tokens.push({ name, digest: Uint8Array.from(digits.match(/../g) ?? [], (byte) => parseInt(byte, 16)) });
    }
  });
  return tokens;
}

/**
 * @param {Record<string, string>} env
 * @param {string[]} problems
 */
function readOrigins(env, problems) {
  const list = words(env.OSSCONF_ORIGINS ?? "");
  list.forEach((origin, i) => {
    if (!isOrigin(origin)) {
      problems.push(`origin ${i + 1} of OSSCONF_ORIGINS is none: write https://HOST, without a path, and no *`);
    }
  });
  return new Set(list);
}

/** @param {string} text */
function isOrigin(text) {
  try {
    const { origin, protocol } = new URL(text);
    return origin === text && (protocol === "https:" || protocol === "http:");
  } catch {
    return false;
  }
}

/**
 * @param {Record<string, string>} env
 * @param {string[]} problems
 */
function readTimeout(env, problems) {
  const value = env.OSSCONF_TIMEOUT ?? "";
  if (value === "") {
    return DEFAULT_TIMEOUT;
  }
  const timeout = /^[0-9]{1,6}$/.test(value) ? Number(value) : 0;
  if (timeout < 1 || timeout > MAX_TIMEOUT) {
    problems.push(`OSSCONF_TIMEOUT is no number of milliseconds from 1 to ${MAX_TIMEOUT}`);
  }
  return timeout;
}

/**
 * Takes a list apart whose words are separated by commas or white space.
 *
 * @param {string} text
 */
const words = (text) => text.split(/[\s,]+/).filter((word) => word !== "");

/** @param {unknown} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
