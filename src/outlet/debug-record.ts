import type { InputRecord } from "../model/raw-event.ts";
import type { ConsoleLine } from "../model/script-fault.ts";
import { formatTimestamp } from "../model/timestamp.ts";
import type { OutgoingRecord, RecordSizes } from "./outgoing-record.ts";
import type { RejectedIdentity } from "./rejection.ts";

export interface DebugOptions {
  readonly topic: string;
  readonly sizes: RecordSizes;
}

/** A raw event whose scripts wrote to their console. */
export interface DebuggedEvent {
  readonly record: InputRecord;
  readonly identity: RejectedIdentity;
  readonly console: readonly ConsoleLine[];
}

/** The debug record of one raw event; `undefined` where it has no lines, or not even one fits. */
export type WriteDebug = (event: DebuggedEvent) => OutgoingRecord | undefined;

/**
 * What scripts wrote to their console, as one record for each raw event. Where it is too large for its topic, as many
 * of the first lines are kept as fit, and `linesOmitted` says how many are not there.
 */
export function createDebugWriter({ topic, sizes }: DebugOptions): WriteDebug {
  return ({ record, identity, console: lines }) => {
    if (lines.length === 0) return undefined;
    const { orgId } = identity;
    const headers: OutgoingRecord["headers"] = orgId === null ? [] : [["org", Buffer.from(orgId, "utf8")]];
    const limitBytes = sizes.maxRecordBytes(topic);
    const withLines = (count: number): OutgoingRecord => {
      const value = writeLines(identity, lines, count);
      return { topic, key: record.key, value, headers, timestampMs: record.timestampMs };
    };
    const fits = (count: number): boolean => sizes.sizeBytes(withLines(count)) <= limitBytes;
    const count = fits(lines.length) ? lines.length : mostThatFit(lines.length - 1, fits);
    return count === 0 ? undefined : withLines(count);
  };
}

/** The largest count up to `most` that fits, 0 where none does; what fits, fits with fewer lines too. */
function mostThatFit(most: number, fits: (count: number) => boolean): number {
  let [least, beyond] = [0, most + 1];
  while (beyond - least > 1) {
    const middle = (least + beyond) >>> 1;
    if (fits(middle)) least = middle;
    else beyond = middle;
  }
  return least;
}

function writeLines(identity: RejectedIdentity, lines: readonly ConsoleLine[], count: number): Uint8Array {
  const { eventId, orgId, assetId, templateId, templateVersion, timeMs } = identity;
  const kept = lines.slice(0, count).map(({ stage, level, text }) => ({ stage, level, text }));
  const omitted = lines.length - kept.length;
  const value = {
    eventId,
    orgId,
    assetId,
    templateId,
    templateVersion,
    time: formatTimestamp(timeMs),
    lines: kept,
    ...(omitted > 0 && { linesOmitted: omitted }),
  };
  return Buffer.from(JSON.stringify(value), "utf8");
}
