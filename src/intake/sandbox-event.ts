import type { RawEvent } from "../model/raw-event.ts";
import type { SandboxEvent } from "../sandbox/port.ts";
import { payloadKind } from "./media-type.ts";
import type { Resolved } from "./resolve.ts";

export interface SandboxEventOptions {
  /** `on` keeps console lines and stacks of every event, `off` only those of assets that ask for it. */
  readonly debug: "off" | "on";
}

/** An event as executors take it. */
export function createSandboxEvent(
  event: RawEvent,
  resolved: Resolved,
  options: SandboxEventOptions,
): SandboxEvent {
  const { record } = event;
  const { asset } = resolved;
  return {
    eventId: event.eventId,
    assetId: event.assetId,
    timeMs: event.timeMs,
    ingestedMs: record.timestampMs,
    payloadKind: payloadKind(event.contentType, resolved.contentType),
    headersJson: isEmpty(event.headers) ? "{}" : JSON.stringify(event.headers),
    attributesJson: mergeAttributes(asset?.attributesJson ?? "{}", event.attributes),
    payload: event.payload ?? record.payload,
    debug: options.debug === "on" || asset?.debug === "on" ? "on" : "off",
  };
}

/** The asset's attributes, overlaid by the event's, name by name; those of the asset keep their places. */
function mergeAttributes(assetJson: string, attributes: RawEvent["attributes"]): string {
  if (isEmpty(attributes)) return assetJson;
  if (assetJson === "{}") return JSON.stringify(attributes);
  return JSON.stringify({ ...(JSON.parse(assetJson) as object), ...attributes });
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
