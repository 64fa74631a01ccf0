import { eventName, placeName } from "./names.ts";
import { findOutcomes, holdsRecord, type FoundOutcome } from "./outcomes.ts";
import type { Input, Stream } from "./read-stream.ts";

/** What was found, as it is printed at the end. */
export interface AuditCounts {
  readonly inputs: number;
  readonly standard: number;
  /** Standard events: more than `standard` where one input became several. */
  readonly events: number;
  readonly rejected: number;
  readonly filtered: number;
}

export interface Judgement {
  /** One line each; none where every input has one outcome, in order, and is committed. */
  readonly violations: readonly string[];
  readonly counts: AuditCounts;
}

/** An outcome and the input that it is taken for. */
interface Match {
  readonly outcome: FoundOutcome;
  readonly input: Input;
}

/** Compares what went in with what came out. */
export function judge(stream: Stream): Judgement {
  const { outcomes, violations } = findOutcomes(stream);
  const { matches, invented } = matchOutcomes(stream.inputs, outcomes);
  const byInput = new Map<Input, FoundOutcome[]>(stream.inputs.map((input) => [input, []]));
  for (const { input, outcome } of matches) byInput.get(input)?.push(outcome);
  const found = [...byInput].flatMap(([input, its]) => judgeInput(input, its));
  return {
    violations: [
      ...violations,
      ...invented,
      ...found,
      ...disorder(matches, stream.partitions),
      ...withoutRecord(stream),
      ...uncommitted(stream),
    ],
    counts: {
      inputs: stream.inputs.length,
      standard: outcomes.filter(({ topic }) => topic === "events").length,
      events: stream.events.length,
      rejected: stream.rejections.length,
      filtered: [...byInput].filter(([input, its]) => its.length === 0 && input.expected === "filtered")
        .length,
    },
  };
}

/**
 * A dead letter names its input's place. Of standard events the first goes to the first input of its id that has none
 * yet, and so on: an event that was sent twice is two inputs. What is left over goes to the last of them, as a double.
 */
function matchOutcomes(
  inputs: readonly Input[],
  outcomes: readonly FoundOutcome[],
): { readonly matches: readonly Match[]; readonly invented: readonly string[] } {
  const named = Map.groupBy(inputs, eventName);
  const placed = new Map(inputs.map((input) => [placeName(input), input]));
  const invented: string[] = [];
  const matches: Match[] = [];
  const taken = new Set<Input>();
  for (const outcome of outcomes.toSorted(deadLettersFirst)) {
    const candidates = named.get(eventName(outcome)) ?? [];
    const itself = outcome.input === undefined ? undefined : placed.get(placeName(outcome.input));
    const input =
      outcome.input === undefined
        ? (candidates.find((each) => !taken.has(each)) ?? candidates.at(-1))
        : candidates.find((each) => each === itself);
    if (input === undefined) {
      invented.push(`invented: ${describe(outcome)} is of no input`);
      continue;
    }
    taken.add(input);
    matches.push({ outcome, input });
  }
  return { matches, invented };
}

function deadLettersFirst(one: FoundOutcome, other: FoundOutcome): number {
  return one.topic === other.topic ? 0 : one.topic === "deadLetters" ? -1 : 1;
}

function judgeInput(input: Input, outcomes: readonly FoundOutcome[]): string[] {
  const { eventId, expected } = input;
  const what = `${eventId} at ${placeName(input)} of the ingest topic`;
  const [only, ...more] = outcomes;
  if (only === undefined) {
    return expected === "filtered" ? [] : [`lost: ${what} has no outcome`];
  }
  if (more.length > 0) {
    return [`doubled: ${what} has ${outcomes.length} outcomes: ${outcomes.map(describe).join(", ")}`];
  }
  if (expected !== undefined && expected !== only.words) {
    return [`wrong: ${what} became ${only.words}, and ${expected} is expected`];
  }
  return [];
}

/**
 * Outputs of one partition are in the order of their inputs, and under the same number where their topic has as many
 * partitions as the ingest topic.
 */
function disorder(matches: readonly Match[], partitions: Stream["partitions"]): string[] {
  const found: string[] = [];
  const last = new Map<string, Match>();
  const inTheirOrder = matches.toSorted(
    ({ outcome: one }, { outcome: other }) => one.partition - other.partition || one.offset - other.offset,
  );
  for (const match of inTheirOrder) {
    const { outcome, input } = match;
    const isPinned = partitions[outcome.topic] === partitions.ingest;
    if (isPinned && outcome.partition !== input.partition) {
      found.push(`misplaced: ${describe(outcome)} is of the input at ${placeName(input)}`);
    }
    const lane = `${input.partition} to ${outcome.topic}/${outcome.partition}`;
    const before = last.get(lane);
    if (before !== undefined && before.input.offset > input.offset) {
      found.push(
        `out of order: ${describe(outcome)} comes after ${before.outcome.eventId}, whose input is later`,
      );
    }
    last.set(lane, match);
  }
  return found;
}

/** A dead letter is there to be sent again, so that it has to hold the record as it came. */
function withoutRecord({ inputs, rejections }: Stream): string[] {
  const placed = new Map(inputs.map((input) => [placeName(input), input]));
  return rejections.flatMap((output) => {
    const { partition, offset } = output.rejection.record;
    const input = placed.get(placeName({ partition: partition ?? -1, offset }));
    const isWhole = input === undefined || holdsRecord(output, input);
    return isWhole ? [] : [`not whole: the dead letter of ${input.eventId} holds another payload`];
  });
}

function uncommitted({ lags }: Stream): string[] {
  return lags.flatMap(({ partition, startOffset, endOffset, committedOffset }) => {
    const gone = startOffset > 0 ? [`gone: partition ${partition} begins at ${startOffset}`] : [];
    const open = (committedOffset ?? 0) !== endOffset;
    const left = `partition ${partition} is committed to ${committedOffset ?? "nothing"} of ${endOffset}`;
    return open ? [...gone, `uncommitted: ${left}`] : gone;
  });
}

function describe({ topic, words, eventId, ...place }: FoundOutcome): string {
  return `${words} ${eventId} at ${placeName(place)} of the ${topic === "events" ? "events" : "dead letters"}`;
}
