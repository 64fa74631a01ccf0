import { eventName, placeName } from "./names.ts";
import type { EventOutput, Input, Place, RejectionOutput, Stream } from "./read-stream.ts";

/** One outcome as it stands in an output topic, which input it is of aside. */
export interface FoundOutcome extends Place {
  readonly topic: "events" | "deadLetters";
  readonly key: string;
  readonly eventId: string;
  /** In the words of the header `expect`. */
  readonly words: string;
  /** Events that it left. */
  readonly events: number;
  /** The input that it names itself. */
  readonly input?: Place;
}

export interface FoundOutcomes {
  readonly outcomes: readonly FoundOutcome[];
  readonly violations: readonly string[];
}

/** Puts the parts of each outcome together, and checks what each record says of itself. */
export function findOutcomes({ inputs, events, rejections }: Stream): FoundOutcomes {
  const violations: string[] = [];
  const ids = new Set(inputs.map(eventName));
  const outcomes = [
    ...joinParts(events, ids, violations),
    ...rejections.map((output) => rejectionOutcome(output, violations)),
  ];
  return { outcomes, violations };
}

/** Events `{id}.0`, `{id}.1`, … are one outcome: one transaction wrote them, so that they stand side by side. */
function joinParts(
  events: readonly EventOutput[],
  ids: ReadonlySet<string>,
  violations: string[],
): FoundOutcome[] {
  const outcomes: FoundOutcome[] = [];
  let last: { -readonly [K in keyof FoundOutcome]: FoundOutcome[K] } | undefined;
  for (const output of events) {
    const { partition, offset, key } = output;
    const { eventId, part } = identify(output, ids);
    checkEvent(output, eventId, violations);
    const goesOn =
      last !== undefined && part === last.events && last.eventId === eventId && last.partition === partition;
    if (goesOn && last?.key === key && last.words !== "standard") {
      last.events += 1;
      last.words = `many ${last.events}`;
      continue;
    }
    if (part !== undefined && part > 0) {
      violations.push(`out of turn: part ${part} of ${eventId} at ${placeName(output)} of the events`);
      last = undefined;
      continue;
    }
    const words = part === undefined ? "standard" : "many 1";
    last = { topic: "events", partition, offset, key, eventId, words, events: 1 };
    outcomes.push(last);
  }
  return outcomes;
}

/** An id that an input has is that input's; else the number after its last dot may say which part of one it is. */
function identify(
  { key, event }: EventOutput,
  ids: ReadonlySet<string>,
): { readonly eventId: string; readonly part?: number } {
  const { eventId } = event;
  const match = /^(.+)\.(\d+)$/.exec(eventId);
  if (ids.has(eventName({ key, eventId })) || match === null) return { eventId };
  return { eventId: match[1] ?? "", part: Number(match[2]) };
}

/** Whose event it is stands in its key too; scripts that repeat what was sent with it show that it is its own. */
function checkEvent(output: EventOutput, eventId: string, violations: string[]): void {
  const { orgId, assetId, data } = output.event;
  const at = `${eventId} at ${placeName(output)} of the events`;
  if (output.key !== `${orgId}/${assetId}`) {
    violations.push(`mixed up: ${at} is of ${orgId}/${assetId} and has the key ${output.key}`);
  }
  const { sentAs } = data;
  if (sentAs !== undefined && sentAs !== eventId) {
    violations.push(`mixed up: ${at} was made of what was sent as ${JSON.stringify(sentAs)}`);
  }
}

function rejectionOutcome(output: RejectionOutput, violations: string[]): FoundOutcome {
  const { partition, offset, key, rejection } = output;
  const { eventId, type, record } = rejection;
  const input = { partition: record.partition ?? -1, offset: record.offset };
  if (input.partition !== partition) {
    violations.push(
      `misplaced: the dead letter of ${eventId} at ${placeName(output)}, its input at ${placeName(input)}`,
    );
  }
  return {
    topic: "deadLetters",
    partition,
    offset,
    key,
    eventId,
    words: `rejected ${type}`,
    events: 0,
    input,
  };
}

/** Whether a dead letter holds the raw record that it is about. */
export function holdsRecord({ rejection }: RejectionOutput, { payload }: Input): boolean {
  const { record } = rejection;
  return record.payloadOmitted !== undefined || record.payloadBase64 === payload;
}
