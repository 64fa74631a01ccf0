import type { EventFault } from "../model/script-fault.ts";
import { createRejection } from "../outlet/rejection.ts";
import type { RunnableTemplate, RunOptions, Sandbox, SandboxEvent, SandboxResult } from "../sandbox/port.ts";
import { identityOf } from "./identity-of.ts";
import { inAuthorSource, type FindOriginal } from "./author-position.ts";
import type { Outcome, Processed } from "./outcome.ts";
import type { Admitted } from "./port.ts";

export interface PipelineOptions {
  readonly sandbox: Sandbox;
  readonly findOriginal: FindOriginal;
}

/** Events of one template that cross together, with their places in the slice. */
interface Group {
  readonly template: RunnableTemplate;
  readonly places: number[];
  readonly events: SandboxEvent[];
}

/** Takes one slice through: every event gets exactly one outcome, at its own place. Rejects with a platform fault. */
export type ProcessSlice = (slice: readonly Admitted[], options?: RunOptions) => Promise<Processed[]>;

export function createPipeline({ sandbox, findOriginal }: PipelineOptions): ProcessSlice {
  return async (slice, options) => {
    const startedMs = performance.now();
    const processed: Processed[] = [];
    const groups = new Map<string, Group>();
    for (const [place, item] of slice.entries()) {
      if (item.kind === "refused") processed[place] = { outcome: rejectRefused(item), latencyMs: 0 };
      else addToGroup(groups, item, place);
    }
    const runs = [...groups.values()].map(async ({ template, places, events }) => {
      const results = await sandbox.run(template, events, options);
      const latencyMs = performance.now() - startedMs;
      for (const [index, place] of places.entries()) {
        const result = results[index] as SandboxResult;
        const outcome = readOutcome(slice[place] as Runnable, result, findOriginal);
        const { console } = result;
        processed[place] = console === undefined ? { outcome, latencyMs } : { outcome, latencyMs, console };
      }
    });
    await Promise.all(runs);
    return processed;
  };
}

type Runnable = Extract<Admitted, { kind: "runnable" }>;
type Refused = Extract<Admitted, { kind: "refused" }>;

function addToGroup(groups: Map<string, Group>, { template, event }: Runnable, place: number): void {
  const key = template.fingerprint;
  let group = groups.get(key);
  if (group === undefined) {
    group = { template, places: [], events: [] };
    groups.set(key, group);
  }
  group.places.push(place);
  group.events.push(event);
}

function readOutcome(item: Runnable, result: SandboxResult, findOriginal: FindOriginal): Outcome {
  switch (result.kind) {
    case "standard":
      return { kind: "standard", shape: result.shape, values: result.values };
    case "filtered":
      return { kind: "filtered", eventId: item.event.eventId };
    case "fault":
      return rejectRun(item, inAuthorSource(result.fault, item.template, findOriginal));
  }
}

function rejectRun(item: Runnable, fault: EventFault): Outcome {
  const identity = identityOf(item);
  return { kind: "rejected", rejection: createRejection({ identity, fault, record: item.record }) };
}

function rejectRefused(refused: Refused): Outcome {
  const { fault, record, payloadOmitted } = refused;
  const omitted = payloadOmitted === undefined ? {} : { payloadOmitted };
  return {
    kind: "rejected",
    rejection: createRejection({ identity: identityOf(refused), fault, record, ...omitted }),
  };
}
