import type { PayloadOmitted } from "../model/contract.ts";
import type { InputRecord } from "../model/raw-event.ts";
import type { EventFault } from "../model/script-fault.ts";
import type { RunnableTemplate, SandboxEvent } from "../sandbox/port.ts";

/** One record of the input as the pipeline takes it: intake has found out what runs it, or why nothing can. */
export type Admitted =
  | {
      readonly kind: "runnable";
      readonly record: InputRecord;
      readonly template: RunnableTemplate;
      readonly event: SandboxEvent;
    }
  | {
      readonly kind: "refused";
      readonly record: InputRecord;
      readonly fault: EventFault;
      /** Ids are `null` where they are not known; there is always an event id, the producer's or a derived one. */
      readonly eventId: string;
      readonly orgId: string | null;
      readonly assetId: string | null;
      readonly templateId: string | null;
      readonly templateVersion: string | null;
      readonly timeMs: number;
      /** Given where the record was too large to be kept; then its payload is empty. */
      readonly payloadOmitted?: PayloadOmitted;
    };
