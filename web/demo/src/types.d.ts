/** What the parts of the page share. The answers of the module have the names of docs/abi.md. */

import type { Assessment, Config, Diff, Preset, Report, Simulation } from "ossconf";

/** What a language other than English says where the module's sentences are in English. */
export interface Sentences {
  /** By the reason of a suite in the catalog. */
  suiteReasons: Record<string, string>;
  /** Which of several suites is taken to be picked. */
  preference: string;
  /** By the name of a check of a profile. */
  checks: Record<string, string>;
  fix: {
    remove(what: string): string;
    add(what: string): string;
    replace(from: string, to: string): string;
    space(around: string): string;
    other: string;
  };
  reasons: {
    version(offered: string, element: string, accepted: string): string;
    downgrade(version: string): string;
    suite(version: string, offered: number, element: string): string;
    certificate(version: string, certificates: string): string;
    unknown(element: string): string;
  };
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
  simulation?: Simulation | undefined;
  before?: Simulation | undefined;
  diff?: Diff | undefined;
  profiles: Assessment[];
  presets: { preset: Preset; distance: number }[];
}
