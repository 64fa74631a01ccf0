import { appendFileSync, writeFileSync } from "node:fs";
import type { AttemptLine } from "../../../scripts/audit/accepted.ts";
import type { SentEvent } from "./fault-catalog.ts";

/** Where those who send keep what they were told, for the audit. */
export interface AttemptsFile {
  readonly path: string;
  note(what: AttemptLine["what"], events: readonly SentEvent[]): void;
  accepted(): number;
}

export function openAttemptsFile(path: string): AttemptsFile {
  let accepted = 0;
  writeFileSync(path, "");
  return {
    path,
    note: (what, events) => {
      if (what === "accepted") accepted += events.length;
      const line: AttemptLine = { what, ids: events.map(({ eventId }) => eventId) };
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    },
    accepted: () => accepted,
  };
}
