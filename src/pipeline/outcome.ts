import type { Rejection } from "../model/contract.ts";
import type { ConsoleLine } from "../model/script-fault.ts";

/** The one outcome that every raw event gets. `values` are finished standard events, UTF-8 JSON. */
export type Outcome =
  | { readonly kind: "standard"; readonly shape: "one" | "many"; readonly values: readonly Uint8Array[] }
  | { readonly kind: "filtered"; readonly eventId: string }
  | { readonly kind: "rejected"; readonly rejection: Rejection };

/** An outcome with what a person wants to see beside it. */
export interface Processed {
  readonly outcome: Outcome;
  /** Present only where debug is on. */
  readonly console?: readonly ConsoleLine[];
  /** From the moment the event entered the pipeline to its outcome, milliseconds of wall clock. */
  readonly latencyMs: number;
}
