import type { InputRecord } from "../model/raw-event.ts";
import type { EnvelopeProblem } from "./envelope-problem.ts";
import { isEnvelopeHeader, scriptHeaders } from "./event-headers.ts";
import { lossyText, utf8Text } from "./utf8-text.ts";

/** The headers of a record as texts. */
export interface RecordHeaders {
  /** Those that Millrace does not read itself. */
  readonly forScripts: Readonly<Record<string, string>>;
  /** A header of ours that is not UTF-8; its text is then empty, which no id and no time is. */
  readonly problem: EnvelopeProblem | undefined;
  /** What an envelope header says: `ce_{name}` before `name`. */
  readonly find: (cloudEventName: string, name: string) => string | undefined;
}

/**
 * Reads a record's headers: names in any case, and of two alike the last counts, as a line's do. `traceparent` is not
 * looked at, and in a header that is not ours U+FFFD stands for what is not UTF-8: neither is a reason to refuse an event,
 * for it may come from an agent that nobody in the fleet knows of.
 */
export function readRecordHeaders(headers: InputRecord["headers"]): RecordHeaders {
  const envelope = new Map<string, string>();
  const others: [string, string][] = [];
  let notUtf8: Set<string> | undefined;
  for (const [name, value] of headers) {
    const lowerName = name.toLowerCase();
    if (lowerName === "traceparent") continue;
    if (!isEnvelopeHeader(lowerName)) {
      others.push([lowerName, lossyText(value)]);
      continue;
    }
    const text = utf8Text(value);
    if (text === undefined) (notUtf8 ??= new Set()).add(lowerName);
    else notUtf8?.delete(lowerName);
    envelope.set(lowerName, text ?? "");
  }
  const [bad] = notUtf8 ?? [];
  return {
    forScripts: scriptHeaders(others),
    problem:
      bad === undefined
        ? undefined
        : { code: "BAD_HEADER", message: `the header ${JSON.stringify(bad)} is not UTF-8` },
    find: (cloudEventName, name) => envelope.get(cloudEventName) ?? envelope.get(name),
  };
}
