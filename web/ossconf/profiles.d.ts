/**
 * What somebody asks of TLS versions and cipher suites: profiles, how a document stands to them, and presets.
 */

import type { PolicyEvidence } from "./clients.js";
import type { Config, Fix, Report } from "./types.js";

/** What `validate` takes beside a document. */
export interface ValidateOptions {
  /** The profiles to hold the document against, each once, or all of them. */
  readonly profiles?: ProfileSelection | undefined;
}

/** Names of profiles, or all of them. */
export type ProfileSelection = readonly ProfileName[] | "all";

/** The name of a profile, with the version of what it is from. What stands behind a name does not change. */
export type ProfileName =
  | "mozilla-modern-5.8"
  | "mozilla-intermediate-5.8"
  | "mozilla-old-5.8"
  | "mozilla-modern-6.0"
  | "mozilla-intermediate-6.0"
  | "nist-sp-800-52r2"
  | "pci-dss-4.0.1";

/** The name of a check, unique in its profile. */
export type CheckName = "tls-versions" | "tls-1.0" | "tls-1.1" | "tls-1.3" | "cipher-suites" | "tls13-cipher-suites";

/** What a check rests on: its source says so, or it is a reading of the source, which says less. */
export type CheckEvidence = "documented" | "advice";

/** What `validate` says if profiles are asked for. */
export interface ProfileReport extends Report {
  /** In the order in which they were asked for; for all of them that of the catalog. */
  profiles: Assessment[];
  /** Those with a choice of suites, in the order of the catalog; absent for a document that cannot be read. */
  presets?: PresetDistance[];
}

/** How far a document is from a preset. */
export interface PresetDistance {
  name: PresetName;
  /** The number of edits that lead to it: booleans that change, values that are added or removed. */
  distance: number;
}

/** How a document stands to a profile; `result` tells which. */
export type Assessment = PassedProfile | FailedProfile | UnknownProfile;

/** How a document may stand to a profile. */
export type ProfileResult = Assessment["result"];

/** Nothing is too much and nothing is missing. */
export interface PassedProfile {
  name: ProfileName;
  result: "passes";
  /** What is known of what the bucket accepts. */
  evidence: PolicyEvidence;
  distance: 0;
  differences: [];
  passing?: undefined;
}

/** Something is too much or missing. */
export interface FailedProfile {
  name: ProfileName;
  result: "fails";
  /** What is known of what the bucket accepts. */
  evidence: PolicyEvidence;
  /** How many edits lead to `passing`: booleans that change, and values that are added or removed. */
  distance: number;
  differences: Difference[];
  /** A configuration that passes, with as little changed as possible; null if no document has room for it. */
  passing: Config | null;
}

/** The document could not be read. */
export interface UnknownProfile {
  name: ProfileName;
  result: "unknown";
  evidence?: undefined;
  distance?: undefined;
  differences?: undefined;
  passing?: undefined;
}

/** What a bucket accepts and a profile does not, or the other way round. */
export interface Difference {
  check: CheckName;
  /** Accepted, and the profile forbids it; or not accepted, and it asks for it. */
  kind: "too_much" | "missing";
  /** The TLS versions or cipher suites. */
  names: string[];
  evidence: CheckEvidence;
  /** Where the check is from. */
  source: string;
  /** An XPath: of the value that is listed, otherwise of the element that decides. */
  path: string;
  /** From 1. */
  line: number;
  /** From 1, in Unicode code points. */
  column: number;
  /** From 0, in bytes of UTF-8. */
  offset: number;
  /** What the check asks for. */
  message: string;
  /** What to do. */
  hint: string;
  /** Mends this difference by itself: carry one out, and ask again. */
  fix?: Fix;
}

/** A profile in the catalog. */
export interface Profile {
  name: ProfileName;
  /** For people. */
  title: string;
  /** Where it is from. */
  source: string;
  /** What it asks for besides, which a configuration does not say. */
  beyond: string;
  checks: Check[];
}

/** One thing that a profile asks for. */
export interface Check {
  name: CheckName;
  evidence: CheckEvidence;
  /** What it asks for. */
  summary: string;
  /** Where it is from. */
  source: string;
}

/** The name of a preset; that of a profile, if it is the configuration of one. */
export type PresetName =
  | "mozilla-modern-5.8"
  | "mozilla-intermediate-5.8"
  | "mozilla-old-5.8"
  | "mozilla-modern-6.0"
  | "mozilla-intermediate-6.0"
  | "cloudflare-modern"
  | "cloudflare-compatible"
  | "cloudflare-legacy"
  | "alibaba-cdn-strong"
  | "alibaba-alb-1-0"
  | "alibaba-alb-1-1"
  | "alibaba-alb-1-2"
  | "alibaba-alb-1-2-strict"
  | "alibaba-alb-1-2-strict-with-1-3";

/** A configuration to start from. */
export interface Preset {
  name: PresetName;
  /** For people. */
  title: string;
  /** Where it is from. */
  source: string;
  /** What its source asks for and OSS cannot express, or is not known. */
  lost: string[];
  config: Config;
}
