/**
 * Decodes, checks, encodes and signs the HTTPS configuration of an Alibaba Cloud OSS bucket, and signs any other request to
 * OSS. Call {@link load} first.
 *
 * Fields have the names of OSS and of the operations, unchanged. All that refuses an input throws an {@link OssConfError}.
 *
 * @module
 */

import type { Client, Diff, SimulateOptions, Simulation } from "./clients.js";
import type { Preset, Profile, ProfileReport, ProfileSelection, ValidateOptions } from "./profiles.js";
import type { Module } from "./raw.js";
import type {
  PostPolicy,
  PostPolicyInput,
  PresignInput,
  Presigned,
  ReceivedForm,
  ReceivedRequest,
  SignInput,
  SignRequestOptions,
  Signed,
  Verified,
} from "./signatures.js";

export type * from "./clients.js";
export type * from "./profiles.js";
export type * from "./signatures.js";

/**
 * Compiles the module, once however often it is called, and makes an instance of it: some 2 MiB of memory, which belongs to
 * the returned object alone.
 *
 * @throws OssConfError (as a rejection) with the code `not_loaded` if the module cannot be read, compiled or used
 */
export function load(options?: LoadOptions): Promise<OssConf>;

/** What {@link load} takes. */
export interface LoadOptions {
  /**
   * The module, if not the one of the package: compiled, as bytes, or where it is to be fetched. A string is no address: pass
   * a URL.
   */
  readonly module?: ModuleSource | PromiseLike<ModuleSource> | undefined;
}

/** Where a module comes from. */
export type ModuleSource = Module | ArrayBuffer | ArrayBufferView | URL | Response;

/**
 * The operations. They run to their end when they are called and read no clock and no environment: the same input has the
 * same answer, in every runtime. None needs its `this`.
 *
 * An instance that failed is replaced by the next call.
 */
export interface OssConf {
  /**
   * Reads a configuration.
   *
   * @param document XML, or JSON in the form of ossutil, of at most 64 KiB
   */
  decode(document: string | Uint8Array): Config;

  /**
   * Writes a configuration as the XML that PutBucketHttpsConfig takes. `decode` gets the same configuration back from it.
   *
   * @param document XML, JSON in the form of ossutil, or what `decode` returns
   */
  encode(document: string | Uint8Array | ConfigInput): string;

  /**
   * Says what is wrong with a document, what is doubtful, and how to mend it. It takes whatever can be passed as text.
   *
   * With `profiles` it also says how the document stands to them.
   */
  validate(document: string | Uint8Array, options: { readonly profiles: ProfileSelection }): ProfileReport;
  validate(document: string | Uint8Array, options?: { readonly profiles?: undefined }): Report;
  validate(document: string | Uint8Array, options?: ValidateOptions): Report & Partial<ProfileReport>;

  /**
   * Says which clients connect to a bucket with a configuration, and why the others do not.
   *
   * @param document what `encode` takes, or null for a bucket that was never configured
   * @throws OssConfError if the configuration cannot be read, with `member`
   */
  simulate(document: string | Uint8Array | ConfigInput | null, options?: SimulateOptions): Simulation;

  /**
   * Says what two configurations differ in, what a bucket then accepts more and less, and which clients that loses and
   * gains.
   *
   * @param before what `encode` takes, or null for a bucket that was never configured
   * @param after likewise
   * @throws OssConfError if a configuration cannot be read; `member` says which
   */
  diff(
    before: string | Uint8Array | ConfigInput | null,
    after: string | Uint8Array | ConfigInput | null,
    options?: SimulateOptions,
  ): Diff;

  /** Signs a request in its headers, with OSS V4. */
  sign(request: SignInput): Signed;

  /** Signs a request in its URL. */
  presign(request: PresignInput): Presigned;

  /** Signs the policy of an HTML form that uploads an object. */
  postPolicy(request: PostPolicyInput): PostPolicy;

  /** Checks the signature of a request or of an HTML form as OSS would. A wrong one is an answer and no error. */
  verify(received: ReceivedRequest | ReceivedForm): Verified;

  /** The TLS versions, cipher suites, rules, profiles, presets and clients, for a page to draw from. */
  catalog(): Catalog;

  /** What this is. */
  version(): Version;

  /**
   * Returns a request like the given one, with a signature in its headers: Authorization, x-oss-date, x-oss-content-sha256
   * and, for temporary credentials, x-oss-security-token.
   *
   * Content-Type and Content-MD5 are signed as the request has them. Host, Date and Content-Length are left to the runtime.
   * The body goes with the new request: the given one counts as read, unless it is refused. A redirect is not followed,
   * because a signature holds for one URL and a security token should go nowhere else.
   *
   * @throws OssConfError (as a rejection); paths of query and headers are those of the request, the others those of the options
   */
  signRequest(request: Request, options: SignRequestOptions): Promise<Request>;

  /**
   * Overwrites the memory of the instance with zeros, derived keys and all, and lets go of it. All calls fail from then on,
   * with the code `not_loaded`.
   */
  close(): void;
}

// Configurations.

/** A TLS version that OSS documents. */
export type TLSVersion = "TLSv1.0" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** The HTTPS configuration of a bucket: an HttpsConfiguration, with the names of its elements. */
export interface Config {
  TLS?: TLS;
  CipherSuite?: CipherSuite;
  "#unknown"?: UnknownElement[];
}

/** The TLS versions of a bucket. */
export interface TLS {
  /** Whether the list of versions is in force. */
  Enable?: boolean;
  /** The versions that a client may use. `decode` returns whatever stands there, `validate` says what OSS refuses. */
  TLSVersion?: (TLSVersion | (string & {}))[];
  "#unknown"?: UnknownElement[];
}

/** The cipher suites of a bucket. */
export interface CipherSuite {
  /** True: only some suites, as the other members say. False, the default: all suites. */
  Enable?: boolean;
  /** True: the suites that OSS calls strong. False: the suites listed below. */
  StrongCipherSuite?: boolean;
  /** Suites for TLS 1.2 and older, by their OpenSSL names. */
  CustomCipherSuite?: string[];
  /** Suites for TLS 1.3, by their names in RFC 8446. */
  TLS13CustomCipherSuite?: string[];
  "#unknown"?: UnknownElement[];
}

/** An element that the schema does not know. It is kept and written back where it stood. */
export interface UnknownElement {
  /** How many known sibling elements, in the order they are written, stand before it. */
  after: number;
  /** The element. */
  xml: string;
}

/** A configuration that need not be changeable. Members that are undefined count as absent. */
export interface ConfigInput {
  readonly TLS?: Input<TLS> | undefined;
  readonly CipherSuite?: Input<CipherSuite> | undefined;
  readonly "#unknown"?: readonly Readonly<UnknownElement>[] | undefined;
}

/** An object to be read only, whose optional members may be undefined. */
export type Input<T> = {
  readonly [Name in keyof T]: (T[Name] extends (infer E)[] | undefined ? readonly Readonly<E>[] : T[Name]) | undefined;
};

// Reports.

/** What `validate` says. */
export interface Report {
  /** Whether there is no error. */
  valid: boolean;
  errors: number;
  warnings: number;
  infos: number;
  /** The first 1000 findings, in the order of the document. All are counted above. */
  findings: Finding[];
}

/** How bad a finding is. OSS refuses a document with errors. */
export type Severity = "error" | "warning" | "info";

/** How a rule is known: seen of the real service, written in a document of OSS, or good practice. */
export type Evidence = "service" | "documented" | "advice";

/** The name of a rule. */
export type RuleName =
  | "document-readable"
  | "document-well-formed"
  | "document-data-only"
  | "root-element"
  | "element-once"
  | "element-content"
  | "boolean-value"
  | "tls-required"
  | "tls-enable-required"
  | "tls-version-required"
  | "tls-version-value"
  | "tls-version-repeated"
  | "tls-version-without-enable"
  | "tls-version-outdated"
  | "tls-version-gap"
  | "tls-version-1.2"
  | "cipher-suite-without-enable"
  | "cipher-suite-strong-and-custom"
  | "cipher-suite-none"
  | "cipher-suite-unknown"
  | "cipher-suite-spelling"
  | "cipher-suite-tls12-in-tls13"
  | "cipher-suite-tls13-in-custom"
  | "cipher-suite-repeated"
  | "cipher-suite-insecure"
  | "cipher-suite-weak"
  | "cipher-suite-without-version"
  | "tls-version-without-suite"
  | "unknown-element"
  | "value-white-space";

/** What a rule found at one place. */
export interface Finding {
  rule: RuleName;
  severity: Severity;
  evidence: Evidence;
  /** An XPath, such as /HttpsConfiguration/TLS/TLSVersion[1]; absent where the document has no such element. */
  path?: string;
  /** From 1. */
  line: number;
  /** From 1, in Unicode code points. */
  column: number;
  /** From 0, in bytes of UTF-8. */
  offset: number;
  message: string;
  /** What to do. */
  hint?: string;
  fix?: Fix;
}

/** Edits that mend a finding. {@link applyFix} carries them out. */
export interface Fix {
  /** What the fix does, in the imperative. */
  description: string;
  /** In the order of the document, without overlaps. */
  edits: Edit[];
}

/** The replacement of a piece of a document. */
export interface Edit {
  /** From 0, in bytes of UTF-8. */
  start: number;
  /** Behind the last byte. */
  end: number;
  text: string;
}

/**
 * Returns a document with the edits of a fix carried out. The offsets of edits count bytes; this function minds it.
 *
 * @param document the text that the fix was made for
 * @throws OssConfError with the code `edits` if they overlap or lie outside the document, and `wrong_type`
 */
export function applyFix(document: string, fix: { readonly edits: readonly Readonly<Edit>[] }): string;

// The catalog.

/** What `catalog` returns. */
export interface Catalog {
  /** From the oldest. */
  tls_versions: { name: TLSVersion; /** Whether OSS offers it unless it is told otherwise. */ default: boolean }[];
  cipher_suites: CatalogSuite[];
  rules: Rule[];
  /** What `validate` can hold a document against. */
  profiles: Profile[];
  /** Configurations to start from. */
  presets: Preset[];
  /** Whom `simulate` and `diff` speak of. */
  clients: Client[];
}

/** A cipher suite. */
export interface CatalogSuite {
  /** The code point, such as 0xC02F. */
  id: string;
  /** The name that IANA gave it. */
  name: string;
  /** The name of OpenSSL, which OSS uses. */
  openssl: string;
  /** The first TLS version that has it. */
  min_version: "TLSv1.0" | "TLSv1.2" | "TLSv1.3";
  key_exchange: "DH" | "DHE" | "ECDH" | "ECDHE" | "KRB5" | "PSK" | "RSA" | "SRP" | "any";
  authentication: "DSS" | "ECDSA" | "KRB5" | "PSK" | "RSA" | "SRP" | "anon" | "any";
  level: "recommended" | "secure" | "weak" | "insecure";
  /** Why it is not better. */
  reasons: string[];
  /** The lists in which OSS documents or SDKs show it. */
  seen: ("CustomCipherSuite" | "TLS13CustomCipherSuite")[];
}

/** A rule of `validate`. */
export interface Rule {
  name: RuleName;
  severity: Severity;
  evidence: Evidence;
  /** What holds in a good document. */
  summary: string;
  /** Where the rule is from. */
  source: string;
}

/** What `version` returns. */
export interface Version {
  /** The number of the module's calling convention. */
  abi: number;
  /** Of the operations. */
  version: string;
  /** Their names in the module. */
  operations: string[];
}

// Errors.

/** The codes of what the module refuses in documents. */
export type DocumentErrorCode =
  | "attribute"
  | "boolean"
  | "character"
  | "comment_in_value"
  | "content"
  | "doctype"
  | "encoding"
  | "entity"
  | "format"
  | "json_syntax"
  | "mismatched_tag"
  | "mixed_content"
  | "namespace"
  | "processing_instruction"
  | "repeated"
  | "root_element"
  | "too_deep"
  | "too_large"
  | "unclosed"
  | "unknown_element"
  | "value"
  | "xml_syntax";

/** The codes of what is refused in requests and their options. */
export type RequestErrorCode =
  | "bucket"
  | "certificates"
  | "credentials"
  | "duplicate_query"
  | "endpoint"
  | "expires"
  | "form"
  | "header"
  | "key"
  | "method"
  | "policy"
  | "product"
  | "profile"
  | "query"
  | "region"
  | "time"
  | "too_large"
  | "type"
  | "unknown_member";

/**
 * The codes of the package itself.
 *
 * - `wrong_type`: an argument is not what the operation takes, or reading it threw an error, which is then the cause
 * - `character`: half of a surrogate pair
 * - `too_large`: more than the operation takes; it was not copied
 * - `edits`: edits that overlap or lie outside the document
 * - `not_loaded`: the module cannot be loaded, or `close` was called
 * - `trap`: the module failed, and the cause is why; `panic`: it failed and noticed it. The next call has a new instance.
 */
export type PackageErrorCode = "wrong_type" | "character" | "too_large" | "edits" | "not_loaded" | "trap" | "panic";

/** Why something was refused. Neither the message nor any other member holds a secret of the input. */
export class OssConfError extends Error {
  constructor(
    fault: {
      code: OssConfErrorCode;
      message: string;
      line?: number;
      column?: number;
      path?: string;
      hint?: string;
      member?: ConfigMember;
    },
    options?: ErrorOptions,
  );
  override readonly name: "OssConfError";
  /** A stable word. */
  readonly code: OssConfErrorCode;
  /** Of a document that was passed as text; from 1. */
  readonly line?: number;
  /** Of a document that was passed as text; from 1, in Unicode code points. */
  readonly column?: number;
  /** An XPath in a document, a JSON pointer in an object. */
  readonly path?: string;
  /** What to do. */
  readonly hint?: string;
  /** Which argument of `simulate` or `diff` is refused; line, column and path are then in that configuration. */
  readonly member?: ConfigMember;
}

/** The configurations that `simulate` and `diff` take, by the names of the arguments. */
export type ConfigMember = "document" | "before" | "after";

/** Any code of an {@link OssConfError}. */
export type OssConfErrorCode = DocumentErrorCode | RequestErrorCode | PackageErrorCode;
