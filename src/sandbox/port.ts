import type { EvaField } from "../model/contract.ts";
import type { ConsoleLine, EventFault } from "../model/script-fault.ts";
import type { ScriptStage } from "../model/stage.ts";

/** Limits on what one template's scripts may use for one event. */
export interface ScriptLimits {
  /** CPU time one stage may take for one event, milliseconds. */
  readonly stageCpuMs: number;
  /** Memory that one event may add to its isolate, bytes. */
  readonly memoryBytes: number;
  /** Largest finished standard event, bytes of UTF-8. */
  readonly outputBytes: number;
}

/** One compiled-from source file: a classic script as it will stand in the isolate. */
export interface RunnableFile {
  /** The author's file name, as locations show it. */
  readonly file: string;
  /** A script that parses alone; the same lines as the author's file unless `sourceMap` is there. */
  readonly code: string;
  /** JSON of a source map from `code` to the author's file. */
  readonly sourceMap?: string;
  /** Which stages this file is asked for. */
  readonly stages: readonly ScriptStage[];
  /** Said of a file whose top level only makes functions and plain values: nothing in it needs a trial run. */
  readonly topLevel?: "inert";
}

/** A template version as executors take it: plain data, nothing to resolve or read. */
export interface RunnableTemplate {
  readonly orgId: string;
  readonly templateId: string;
  readonly templateVersion: string;
  /** Identity of everything that decides an outcome: ids, version, code, limits, EVA fields. */
  readonly fingerprint: string;
  readonly files: readonly RunnableFile[];
  /** `sealed`: one frozen realm for many events; `fresh`: a new context for each. */
  readonly realm: "sealed" | "fresh";
  readonly dialect: "auto" | "millrace" | "lorawan";
  readonly eva: readonly EvaField[];
  readonly limits: ScriptLimits;
}

/** One event as it crosses into an executor. */
export interface SandboxEvent {
  readonly eventId: string;
  readonly assetId: string;
  readonly timeMs: number;
  readonly ingestedMs: number;
  /** `json`: decode gets the parsed document; `bytes`: decode gets a Buffer. */
  readonly payloadKind: "json" | "bytes";
  /** JSON text of the headers object. */
  readonly headersJson: string;
  /** JSON text of the merged attributes object. */
  readonly attributesJson: string;
  readonly payload: Uint8Array;
  /** Whether console lines and stacks are kept. */
  readonly debug: "off" | "on";
}

/** What became of one event inside the sandbox. `values` are finished standard events, UTF-8 JSON. */
export type SandboxResult =
  | {
      readonly kind: "standard";
      readonly shape: "one" | "many";
      readonly values: readonly Uint8Array[];
      readonly console?: readonly ConsoleLine[];
    }
  | { readonly kind: "filtered"; readonly console?: readonly ConsoleLine[] }
  | { readonly kind: "fault"; readonly fault: EventFault; readonly console?: readonly ConsoleLine[] };

/** Counts since the sandbox was opened, and states as they are now. */
export interface SandboxStats {
  readonly executors: readonly {
    readonly pid: number | null;
    readonly state: string;
    readonly crossings: number;
    readonly events: number;
    readonly residentBytes: number;
  }[];
  /** Executor ends by reason. */
  readonly kills: Readonly<Record<string, number>>;
  /** Isolates by state, over all executors. */
  readonly isolates: Readonly<Record<string, number>>;
  /** Isolates thrown away, by reason. */
  readonly recycled: Readonly<Record<string, number>>;
}

export interface RunOptions {
  /** In whose name the events run: lanes take turns by the CPU time that they have used. Without it, one for all. */
  readonly lane?: string;
}

/** The engine that runs templates over events; what happens to an event never depends on its neighbours. */
export interface Sandbox {
  /**
   * Runs a group of events of one template; the result at an index is that of the event at the index.
   * Rejects only with a platform fault (`EXECUTOR`, `CLOSED`).
   */
  run(
    template: RunnableTemplate,
    events: readonly SandboxEvent[],
    options?: RunOptions,
  ): Promise<SandboxResult[]>;
  /** Probable CPU time of one event of a template, milliseconds, from what its events have cost so far. */
  expectedEventMs(template: RunnableTemplate): number;
  stats(): Promise<SandboxStats>;
  close(): Promise<void>;
}
