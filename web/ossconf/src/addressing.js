import { OssConfError } from "./error.js";

/**
 * @typedef {object} Addressing how requests name their bucket
 * @property {string} [endpoint] the host that buckets stand in front of, with or without a port
 * @property {string} [bucket] the bucket of every request
 * @property {boolean} [path_style] whether the first segment of the path is the bucket, on every host
 */

/**
 * Returns the bucket and the key of a request, decoded. Both are empty for a request to the service. These are the rules of
 * signhttp.Addressing in Go.
 *
 * @param {URL} url
 * @param {Addressing} addressing
 * @returns {{ bucket: string, key: string }}
 */
export function resource(url, addressing) {
  let path;
  try {
    path = decodeURIComponent(url.pathname).slice(1);
  } catch {
    throw new OssConfError({
      code: "key",
      message: "not an object key",
      hint: "write the path as percent-encoded UTF-8, a percent sign as %25",
      path: "/url",
    });
  }
  const found = bucketOf(url.host, addressing);
  if (found === undefined) {
    throw new OssConfError({
      code: "endpoint",
      message: "the host leaves open which bucket is meant",
      hint: "use a host of the endpoint, or give endpoint, bucket or path_style",
      path: "/url",
    });
  }
  if (!found.inPath) {
    return { bucket: found.bucket, key: path };
  }
  const slash = path.indexOf("/");
  return slash < 0 ? { bucket: path, key: "" } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/**
 * Returns the bucket that a host names, or that it stands in the path, or undefined if neither is known.
 *
 * @param {string} host in lower case, with a port unless it is that of the scheme
 * @param {Addressing} addressing
 * @returns {{ bucket: string, inPath: boolean } | undefined}
 */
function bucketOf(host, addressing) {
  const endpoint = (addressing.endpoint ?? "").toLowerCase();
  const name = endpoint !== "" && !hasPort(endpoint) ? withoutPort(host) : host;
  const front = name.endsWith(`.${endpoint}`) ? name.slice(0, -endpoint.length - 1) : undefined;
  const at = endpoint === "" || name === endpoint;
  if (addressing.bucket) {
    return at || front === addressing.bucket ? { bucket: addressing.bucket, inPath: false } : undefined;
  }
  if (addressing.path_style || needsPathStyle(name)) {
    return at ? { bucket: "", inPath: true } : undefined;
  }
  if (endpoint === "") {
    return publicBucket(withoutPort(name));
  }
  if (at) {
    return { bucket: "", inPath: false };
  }
  return front !== undefined && /^[^.]+$/.test(front) ? { bucket: front, inPath: false } : undefined;
}

/**
 * Takes the hosts of OSS apart: [BUCKET.]oss-REGION.aliyuncs.com, [BUCKET.]REGION.oss.aliyuncs.com.
 *
 * @param {string} host
 */
function publicBucket(host) {
  const match =
    /^(?:([^.]*)\.)?[^.]*\.oss\.aliyuncs\.com$/.exec(host) ?? /^(?:([^.]*)\.)?oss-[^.]*\.aliyuncs\.com$/.exec(host);
  return match === null ? undefined : { bucket: match[1] ?? "", inPath: false };
}

/**
 * Reports whether a host cannot carry a bucket in front of it: an IP address or localhost.
 *
 * @param {string} host
 */
const needsPathStyle = (host) => host.startsWith("[") || /^(?:localhost|[0-9.]+)(?::|$)/.test(host);

/** @param {string} host */
const withoutPort = (host) => host.replace(/:[0-9]*$/, "");

/** @param {string} host */
const hasPort = (host) => withoutPort(host) !== host;
