import type { RejectionCode } from "../model/contract.ts";
import { isContractTime, parseTimestamp } from "../model/timestamp.ts";

/** Why something that came is no raw event. */
export interface EnvelopeProblem {
  readonly code: RejectionCode;
  readonly message: string;
}

/** What is wrong with an id, or `undefined`; `name` begins the sentence. */
export function idProblem(
  name: string,
  id: string,
  grammar: (id: string) => string | undefined,
): EnvelopeProblem | undefined {
  const problem = grammar(id);
  return problem === undefined ? undefined : { code: "BAD_ID", message: `${name} ${problem}` };
}

/** An id that a rejection may state, or `null` where what was given is none. */
export function goodId(id: unknown, grammar: (id: string) => string | undefined): string | null {
  return typeof id === "string" && grammar(id) === undefined ? id : null;
}

/** The event's own time where it can be read, else the input's. */
export function goodTime(time: unknown, inputMs: number): number {
  return (typeof time === "string" ? parseTimestamp(time) : undefined) ?? inputMs;
}

/** A `time` that cannot be read. */
export const badTime: EnvelopeProblem = {
  code: "BAD_TIME",
  message: "`time` is not ISO 8601 with a zone, years 0000 to 9999",
};

/** What is wrong with the moment that the input itself gives, or `undefined`. */
export function inputTimeProblem(inputMs: number): EnvelopeProblem | undefined {
  if (isContractTime(inputMs)) return undefined;
  return {
    code: "BAD_TIME",
    message: `the record's timestamp, ${inputMs} ms, is not within the years 0000 to 9999`,
  };
}

/** What is wrong with a payload's size, or `undefined`. */
export function payloadSizeProblem(payload: Uint8Array, limitBytes: number): EnvelopeProblem | undefined {
  const { byteLength } = payload;
  if (byteLength <= limitBytes) return undefined;
  const message = `the payload has ${byteLength} bytes, at most ${limitBytes} are allowed`;
  return { code: "PAYLOAD_TOO_LARGE", message };
}
