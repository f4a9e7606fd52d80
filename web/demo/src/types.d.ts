/** What the parts of the page share. The answers of the module have the names of docs/abi.md. */

import type { Catalog, Config, Fix, Report } from "ossconf";

export type Outcome = "connects" | "fails" | "unknown";

export interface ClientOutcome {
  outcome: Outcome;
  evidence: string;
  tls_version?: string;
  cipher_suite?: string;
  certificates?: string[];
  candidates?: string[];
  rests_on?: string[];
  rule?: string;
  reason?: string;
}

export interface Basis {
  element?: string;
  evidence: string;
  text: string;
  source: string;
}

export interface Simulation {
  valid: boolean;
  certificates: string[];
  accepts: { tls_versions: string[]; cipher_suites: string[]; tls13_cipher_suites: string[]; basis: Basis[] };
  suite_preference: Basis;
  connects: number;
  fails: number;
  unknown: number;
  clients: (ClientOutcome & { name: string })[];
}

export interface ListChange {
  path: string;
  added: string[];
  removed: string[];
  reordered: boolean;
}

export interface ClientChange {
  name: string;
  before: ClientOutcome;
  after: ClientOutcome;
}

export interface Diff {
  same: boolean;
  document: { switches: { path: string; before: string; after: string }[]; lists: ListChange[]; unknown: ListChange[] };
  clients: Record<"lost" | "gained" | "unknown" | "changed", ClientChange[]>;
}

export interface Difference {
  check: string;
  kind: "missing" | "too_much";
  names: string[];
  evidence: string;
  source: string;
  path: string;
  line: number;
  column: number;
  message: string;
  hint?: string;
  fix?: Fix;
}

export interface Assessment {
  name: string;
  result: "passes" | "fails" | "unknown";
  evidence?: string;
  distance?: number;
  differences?: Difference[];
  passing?: Config | null;
}

export interface Profile {
  name: string;
  title: string;
  source: string;
  beyond: string;
  checks: { name: string; evidence: string; summary: string; source: string }[];
}

export interface Preset {
  name: string;
  title: string;
  source: string;
  lost: string[];
  config: Config;
}

/** The catalog, with what a module has that simulates. */
export interface FullCatalog extends Catalog {
  profiles?: Profile[];
  presets?: Preset[];
  clients?: { name: string; imitated: boolean; source: string; tls_versions: string[]; cipher_suites: string[] }[];
}

export type Certificates = "both" | "rsa" | "ecdsa";

/** What a configuration is compared with: text null is a bucket that was never configured. */
export interface Baseline {
  kind: "never" | "imported" | "bucket" | "kept";
  text: string | null;
}

/** What the address holds. */
export interface State {
  text: string;
  baseline: Baseline;
  certificates: Certificates;
  bucket: string;
  region: string;
  tab: string;
  lang: "en" | "zh";
  theme: "auto" | "light" | "dark";
}

/** What the module makes of the document. */
export interface Understanding {
  report: Report;
  /** Absent if the document cannot be read. */
  config: Config | undefined;
  /** The document as it would be sent; absent likewise. */
  xml: string | undefined;
}

/** What takes longer and follows. */
export interface Analysis {
  simulation?: Simulation;
  before?: Simulation;
  diff?: Diff;
  profiles: Assessment[];
  presets: { preset: Preset; distance: number }[];
}
