import type { PayloadOmitted } from "../model/contract.ts";
import type { InputRecord } from "../model/raw-event.ts";
import type { EventFault } from "../model/script-fault.ts";

/** A record of the input that is no raw event: why, and as much of its identity as could be read. */
export interface IntakeFault {
  readonly fault: EventFault;
  /** Ids are `null` where they are not there or outside their grammar. */
  readonly orgId: string | null;
  readonly assetId: string | null;
  /** The producer's where it is good, else the derived one. */
  readonly eventId: string;
  /** The event's own time where it can be read, else the record's timestamp. */
  readonly timeMs: number;
  /** The record whole; of a line of NDJSON the payload is the line itself. */
  readonly record: InputRecord;
  /** Given where the record was too large to be kept; then its payload is empty. */
  readonly payloadOmitted?: PayloadOmitted;
}
