import type { InputRecord } from "../model/raw-event.ts";

/** W3C Trace Context level 1: version, trace id, parent id, flags; later versions may append fields. */
const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?$/;

/** Longest one that is looked at, bytes. A longer one is no trace's, and copying it would cost each output. */
const longestBytes = 256;

/** The trace that a record belongs to. */
export interface Trace {
  readonly traceId: string;
  /** Whether its sender records it. */
  readonly sampled: "yes" | "no";
  /** The header's own bytes. */
  readonly header: Uint8Array;
}

/** Reads a record's `traceparent`, of several the last; `undefined` where there is none that can be read. */
export function findTrace({ headers }: InputRecord): Trace | undefined {
  const header = headers.findLast(([name]) => isTraceparent(name))?.[1];
  if (header === undefined || header.byteLength > longestBytes) return undefined;
  const text = Buffer.from(header.buffer, header.byteOffset, header.byteLength).toString("latin1");
  const [, traceId, flags] = traceparent.exec(text) ?? [];
  if (traceId === undefined || flags === undefined) return undefined;
  return { traceId, sampled: (Number.parseInt(flags, 16) & 1) === 1 ? "yes" : "no", header };
}

function isTraceparent(name: string): boolean {
  return name.length === 11 && (name === "traceparent" || name.toLowerCase() === "traceparent");
}
