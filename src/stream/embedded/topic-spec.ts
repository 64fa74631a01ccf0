import { MillraceError } from "../../model/error.ts";
import type { TopicLimits, TopicSpec } from "../port.ts";

/** Kafka's own rule for names, so that every topic can move there. */
const topicName = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;
/** It protects retention and lag figures, which look at each one; raising it makes both slower. */
const mostPartitions = 4_096;
/** SQLite takes no value over 1 GB, and a record is held whole in memory several times. */
const largestRecordBytes = 256 * 2 ** 20;

/** Throws `TOPIC`, saying what cannot be. */
export function checkTopicSpec(spec: TopicSpec): void {
  if (!topicName.test(spec.name))
    refuse(spec.name, "its name is not 1 to 249 letters, digits, `.`, `_` or `-`");
  if (!inRange(spec.partitions, 1, mostPartitions)) {
    refuse(spec.name, `it must have 1 to ${mostPartitions} partitions, not ${spec.partitions}`);
  }
  checkTopicLimits(spec);
}

/** Throws `TOPIC`, saying which limit cannot be. */
export function checkTopicLimits(topic: TopicLimits & { readonly name: string }): void {
  const { name, retentionMs, retentionBytes, maxRecordBytes } = topic;
  for (const [what, value] of Object.entries({ retentionMs, retentionBytes })) {
    if (value !== null && !inRange(value, 1, Number.MAX_SAFE_INTEGER)) {
      refuse(name, `${what} must be a whole number from 1 on, or null, not ${value}`);
    }
  }
  if (!inRange(maxRecordBytes, 1, largestRecordBytes)) {
    refuse(name, `maxRecordBytes must be 1 to ${largestRecordBytes}, not ${maxRecordBytes}`);
  }
}

function inRange(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function refuse(name: string, reason: string): never {
  throw new MillraceError("TOPIC", `topic ${JSON.stringify(name)}: ${reason}`);
}
