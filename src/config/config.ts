import type { HttpConfig, LimitsConfig, SandboxConfig, TopicsConfig } from "../model/contract.ts";
import type { DirectoryAddress, ListenAddress, LogAddress } from "./address.ts";

/** The configuration as the parts of Millrace take it: checked, every default filled in, frozen. */
export interface Config {
  /** Where the catalog is; absent where nothing names one. */
  readonly catalog?: DirectoryAddress;
  readonly log: LogAddress;
  readonly topics: Readonly<Required<TopicsConfig>>;
  readonly http: HttpSettings;
  readonly workers: number;
  readonly sandbox: Readonly<Required<SandboxConfig>>;
  readonly limits: Readonly<Required<LimitsConfig>>;
}

/** The section `http`. At most one of the keys of the token is there; `readHttpToken` gives what they stand for. */
export interface HttpSettings extends Readonly<Required<Omit<HttpConfig, "listen" | "token" | "tokenFile">>> {
  readonly listen: ListenAddress;
  readonly token?: string;
  /** An absolute path. */
  readonly tokenFile?: string;
}

/** Who had the last word on a setting. */
export type Origin =
  | { readonly kind: "default"; readonly reason?: string }
  | { readonly kind: "file"; readonly file: string; readonly line?: number }
  | { readonly kind: "environment"; readonly variable: string }
  | { readonly kind: "flag"; readonly flag: string };

/** One setting as a person is shown it. */
export interface SettingValue {
  /** Dotted, as in `limits.stageCpuMs`. */
  readonly key: string;
  /** The value in force; absent where nothing sets it and it has no default. Masked where it is a secret. */
  readonly value?: unknown;
  readonly origin: Origin;
}

/** A configuration with the story of each value. */
export interface LoadedConfig {
  readonly config: Config;
  readonly settings: readonly SettingValue[];
  /** One line each: what was looked at and has no effect. */
  readonly warnings: readonly string[];
}

/** Words for an origin. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "default":
      return origin.reason === undefined ? "default" : `default: ${origin.reason}`;
    case "file":
      return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
    case "environment":
      return origin.variable;
    case "flag":
      return origin.flag;
  }
}
