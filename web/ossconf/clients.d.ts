/**
 * Who connects to a bucket: the answers of `simulate` and `diff`, and the clients in the catalog.
 */

import type { TLSVersion } from "./types.js";

/** What `simulate` and `diff` take beside configurations. */
export interface SimulateOptions {
  /** The kinds of certificates that the server has, one at least; both if absent. */
  readonly certificates?: readonly CertificateKind[] | undefined;
}

/** The kind of a certificate. */
export type CertificateKind = "rsa" | "ecdsa";

/** What becomes of a client. It is unknown where neither a document of OSS nor the client's offer tells. */
export type Outcome = "connects" | "fails" | "unknown";

/** What is known of what a bucket accepts: a document of OSS says so, or it is assumed. */
export type PolicyEvidence = "documented" | "assumed";

/** The element of a configuration that decides something. */
export type PolicyElement =
  "TLS" | "TLSVersion" | "CipherSuite" | "StrongCipherSuite" | "CustomCipherSuite" | "TLS13CustomCipherSuite";

/** What refuses a client, or leaves it open whether it connects: an element, or the certificates of the server. */
export type RefusingRule = PolicyElement | "certificate";

/** What `simulate` returns. */
export interface Simulation {
  /** Whether OSS takes the configuration. One that it refuses is simulated all the same. */
  valid: boolean;
  /** The kinds of certificates that the server was taken to have. */
  certificates: CertificateKind[];
  accepts: Accepted;
  /** How one of several acceptable suites is taken to be picked. */
  suite_preference: Preference;
  /** How many clients connect. */
  connects: number;
  /** How many do not. */
  fails: number;
  /** Of how many it is not known. */
  unknown: number;
  /** In the order of the catalog. */
  clients: SimulatedClient[];
}

/** What a bucket accepts. */
export interface Accepted {
  tls_versions: TLSVersion[];
  /** Up to TLS 1.2, by their OpenSSL names: those that one of the versions uses and a certificate goes with. */
  cipher_suites: string[];
  /** The same for TLS 1.3. */
  tls13_cipher_suites: string[];
  /** What the three lists rest on, in their order. */
  basis: [Basis, Basis, Basis];
}

/** What a part of what is accepted rests on. */
export interface Basis {
  /** The element that decides. */
  element: PolicyElement;
  evidence: PolicyEvidence;
  /** What it decides. */
  text: string;
  /** Where that is from, or why it is assumed. */
  source: string;
}

/** What the choice of a suite rests on. */
export type Preference = Omit<Basis, "element">;

/** A client, and what becomes of it. */
export type SimulatedClient = {
  /** As in the catalog. */
  name: string;
} & ClientOutcome;

/** What becomes of a client; `outcome` tells which. */
export type ClientOutcome = ConnectingClient | FailingClient | UndecidedClient;

/** The suite that is picked. */
export interface PickedSuite {
  /** By its OpenSSL name. */
  cipher_suite: string;
  /** Those of the server's certificates that an acceptable suite uses. */
  certificates: CertificateKind[];
  /** All suites that are acceptable, in the order of the client; absent if there is but one. */
  candidates?: string[];
  /**
   * What the pick of one of the candidates rests on: `suite_preference` and, if they do not all go with the same
   * certificates, which of these the server has.
   */
  rests_on?: ("suite_preference" | "certificates")[];
}

/** A client that connects. */
export interface ConnectingClient extends PickedSuite {
  outcome: "connects";
  /** What the outcome rests on. */
  evidence: PolicyEvidence;
  /** The version that is negotiated. */
  tls_version: TLSVersion;
  rule?: undefined;
  reason?: undefined;
}

/** A client that does not connect. */
export interface FailingClient {
  outcome: "fails";
  /** What the outcome rests on. */
  evidence: PolicyEvidence;
  /** The version that is negotiated before it fails; absent if there is none in common. */
  tls_version?: TLSVersion;
  /** What refuses it. */
  rule: RefusingRule;
  /** The same in a sentence. */
  reason: string;
  cipher_suite?: undefined;
  certificates?: undefined;
  candidates?: undefined;
  rests_on?: undefined;
}

/** A client of which it is not known whether it connects. The suite is there if one is acceptable, as it is taken to be. */
export interface UndecidedClient extends Partial<PickedSuite> {
  outcome: "unknown";
  /** What the outcome rests on. */
  evidence: "assumed";
  /** The version that is negotiated. */
  tls_version: TLSVersion;
  /** What leaves it open. */
  rule: RefusingRule;
  /** The same in a sentence. */
  reason: string;
}

/** What `diff` returns. */
export interface Diff {
  /** Whether the documents say the same. Where an element stands that the schema does not know is not compared. */
  same: boolean;
  /** Whether OSS takes them. */
  valid: { before: boolean; after: boolean };
  /** The kinds of certificates that the server was taken to have. */
  certificates: CertificateKind[];
  document: DocumentChanges;
  accepts: AcceptedChanges;
  clients: ClientChanges;
}

/** What differs in the documents. */
export interface DocumentChanges {
  switches: SwitchChange[];
  /** Of the lists of TLS versions and cipher suites. */
  lists: ListChange[];
  /** Of the elements that the schema does not know: the path is that of their container, and they are XML. */
  unknown: ListChange[];
}

/** A boolean that has changed, or a container that came or went. */
export interface SwitchChange {
  /** An XPath, such as /HttpsConfiguration/TLS/Enable. */
  path: string;
  before: SwitchState;
  after: SwitchState;
}

/** A boolean is true, false or absent, a container is present or absent. */
export type SwitchState = "true" | "false" | "absent" | "present";

/** Values that came and went. */
export interface ValueChange<T = string> {
  added: T[];
  removed: T[];
}

/** A list that has changed. A value that stands twice more than before is added twice. */
export interface ListChange extends ValueChange {
  /** An XPath, such as /HttpsConfiguration/TLS/TLSVersion. */
  path: string;
  /** Whether what stands in both is in another order. */
  reordered: boolean;
}

/** What a bucket accepts more and less. The members are those of {@link Accepted}. */
export interface AcceptedChanges {
  tls_versions: ValueChange<TLSVersion>;
  cipher_suites: ValueChange;
  tls13_cipher_suites: ValueChange;
}

/** What becomes of a client from one configuration to the other, if anything does. */
export type ChangeKind = "lost" | "gained" | "unknown" | "changed";

/** The clients for which something changes, each in one of the lists, in the order of the catalog. */
export interface ClientChanges extends Record<ChangeKind, ClientChange[]> {
  /** Connected before, and fail now. */
  lost: ClientChange<ConnectingClient, FailingClient>[];
  /** The other way round. */
  gained: ClientChange<FailingClient, ConnectingClient>[];
  /** Come from or go to an outcome that is not known. */
  unknown: ClientChange[];
  /** Connect before and after, with another version or suite. */
  changed: ClientChange<ConnectingClient, ConnectingClient>[];
}

/** A client for which something changes. */
export interface ClientChange<Before = ClientOutcome, After = ClientOutcome> {
  /** As in the catalog. */
  name: string;
  before: Before;
  after: After;
}

/** A client in the catalog. */
export interface Client {
  /** Such as Firefox 120; unique. */
  name: string;
  /** Whether a library imitates the client; otherwise its offer was captured. */
  imitated: boolean;
  /** Where the offer was found. */
  source: string;
  /** From the oldest. */
  tls_versions: TLSVersion[];
  /** Code points such as 0xC02F, the `id` of a suite in the catalog, in the order of the client. */
  cipher_suites: string[];
}
