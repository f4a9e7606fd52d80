/**
 * Requests to sign and to check, and their signatures.
 */

/** An access key and, for temporary credentials, the token of STS. */
export interface Credentials {
  readonly access_key_id: string;
  readonly access_key_secret: string;
  /** Of temporary credentials. */
  readonly security_token?: string | undefined;
}

/** What a signature is for. */
export interface Scope {
  /** Such as cn-hangzhou, without the oss- of endpoints. */
  readonly region: string;
  /** `oss` if absent. For `oss-cloudbox`, the region is the ID of the cloud box. */
  readonly product?: "oss" | "oss-cloudbox" | (string & {}) | undefined;
}

/** Names and values. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** A request, without its signature. */
export interface RequestInput {
  /** In capitals. */
  readonly method: string;
  /** Absent for a request to the service. */
  readonly bucket?: string | undefined;
  /** The key of the object, not encoded. Absent for a request to a bucket. */
  readonly key?: string | undefined;
  /** Decoded. An empty value means that the parameter has none. */
  readonly query?: Fields | undefined;
  readonly headers?: Fields | undefined;
  /** Ignored: OSS V4 signs no payload. */
  readonly body?: string | undefined;
}

/** What `sign` takes. */
export interface SignInput extends Credentials, Scope, RequestInput {
  /** In UTC, such as 20250417T131318Z. */
  readonly time: string;
  /** Names of headers to sign beside Content-Type, Content-MD5 and x-oss-*. */
  readonly additional_headers?: readonly string[] | undefined;
  /** Leaves x-oss-date out, as some signers do, to test a verifier. */
  readonly omit_x_oss_date_header?: boolean | undefined;
  /** What the second line of the string to sign says instead of the time, as some signers do, to test a verifier. */
  readonly string_to_sign_time?: string | undefined;
}

/** What `sign` returns. */
export interface Signed {
  canonical_request: string;
  string_to_sign: string;
  /** 64 hexadecimal digits. */
  signature: string;
  /** The value of the header. */
  authorization: string;
  /** All headers to send: those of the request, those that were missing, and Authorization. */
  headers: [name: string, value: string][];
}

/** What `presign` takes. */
export interface PresignInput extends Credentials, Scope, RequestInput {
  /** In UTC, such as 20250417T131318Z: when the life of the URL begins. */
  readonly time: string;
  /** 1 to 604800, which is seven days. */
  readonly expires_seconds: number;
  /** Names of headers to sign beside Content-Type, Content-MD5 and x-oss-*. */
  readonly additional_headers?: readonly string[] | undefined;
  /** Where the URL leads: a host, with http:// or a port if wanted. The public endpoint of the region if absent. */
  readonly endpoint?: string | undefined;
  /** Whether the bucket stands in the path, as it always does for IP addresses and localhost. */
  readonly path_style?: boolean | undefined;
}

/** What `presign` returns. */
export interface Presigned {
  canonical_request: string;
  string_to_sign: string;
  /** 64 hexadecimal digits. */
  signature: string;
  /** The query, encoded, with the signature. */
  signed_query: string;
  /** Absent where the endpoint is not known. Whoever uses it has to send the headers that are signed. */
  url?: string;
}

/** What `postPolicy` takes. */
export interface PostPolicyInput extends Credentials, Scope {
  /** In UTC, such as 20250417T131318Z. */
  readonly time: string;
  /** The exact text of the policy: a JSON object with expiration and conditions. */
  readonly policy_json: string;
}

/** What `postPolicy` returns. */
export interface PostPolicy {
  /** In base64. */
  policy: string;
  string_to_sign: string;
  /** 64 hexadecimal digits. */
  signature: string;
  /** Fields of the form, in their order. `key` stands before them, `file` behind. */
  fields: [name: string, value: string][];
}

/** A request as a server received it. */
export interface ReceivedRequest extends RequestInput, Pick<Scope, "product"> {
  readonly form?: undefined;
  /** The region of the server; any if absent. */
  readonly region?: string | undefined;
  /** The access keys that the server knows. */
  readonly credentials: readonly Credentials[];
  /** The server's time in UTC, such as 20250417T131318Z. */
  readonly now: string;
}

/** The HTML form of an upload as a server received it. */
export interface ReceivedForm extends Pick<Scope, "product"> {
  /** The fields, without the file. */
  readonly form: Fields;
  /** The region of the server; any if absent. */
  readonly region?: string | undefined;
  /** The access keys that the server knows. */
  readonly credentials: readonly Credentials[];
  /** The server's time in UTC, such as 20250417T131318Z. */
  readonly now: string;
  readonly method?: undefined;
  readonly bucket?: undefined;
  readonly key?: undefined;
  readonly query?: undefined;
  readonly headers?: undefined;
}

/** What `verify` returns. */
export type Verified = RightSignature | WrongSignature;

/** What was seen on the server's side. */
export interface Seen {
  /** Whether the signature stood in the query. */
  presigned: boolean;
  /** As the server computes it; of a request. */
  canonical_request?: string;
  /** As the server computes it. */
  string_to_sign?: string;
  /** The policy of a form, decoded. */
  policy_json?: string;
}

/** The signature is right. */
export interface RightSignature extends Seen {
  ok: true;
  service_error?: undefined;
  access_key_id: string;
  string_to_sign: string;
}

/** The signature is wrong, missing, or out of time. */
export interface WrongSignature extends Seen {
  ok: false;
  /** What OSS would answer. */
  service_error: ServiceError;
  access_key_id?: string;
}

/** An error answer of OSS. */
export interface ServiceError {
  /** Of HTTP. */
  status: number;
  /** Such as SignatureDoesNotMatch. */
  code: string;
  message: string;
  /** Such as 0002-00000201, where it is known. */
  ec?: string;
  /** Of a skewed clock. */
  request_time?: string;
  server_time?: string;
  max_allowed_skew_milliseconds?: number;
  /** Of a presigned URL whose life is over. */
  expires?: string;
}

/** What `signRequest` takes. */
export interface SignRequestOptions extends Credentials, Scope {
  /** In UTC, such as 20250417T131318Z; the present if absent. */
  readonly time?: string | undefined;
  /** Names of headers to sign beside Content-Type, Content-MD5 and x-oss-*. Host is known, Content-Length and the like are not. */
  readonly additional_headers?: readonly string[] | undefined;
  /**
   * The host that buckets stand in front of, with or without a port. Requests to other hosts are refused. If absent, the
   * public endpoints of OSS are known, and the path has the bucket on IP addresses and localhost.
   */
  readonly endpoint?: string | undefined;
  /** The bucket, for a host that does not name it, such as a custom domain. */
  readonly bucket?: string | undefined;
  /** Whether the first segment of the path is the bucket. */
  readonly path_style?: boolean | undefined;
}
