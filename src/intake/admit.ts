import type { RawEvent } from "../model/raw-event.ts";
import type { Admitted } from "../pipeline/port.ts";
import type { IntakeFault } from "./intake-fault.ts";
import { resolveEvent, type CatalogView } from "./resolve.ts";
import { createSandboxEvent, type SandboxEventOptions } from "./sandbox-event.ts";

/** Finds out what runs a raw event, or why nothing can; a record that is no raw event is refused as it is. */
export function admit(
  item: RawEvent | IntakeFault,
  catalog: CatalogView,
  options: SandboxEventOptions,
): Admitted {
  if ("fault" in item) {
    // Nobody is to answer for an org that does not exist, whatever else is wrong with the record.
    const orgId = item.orgId !== null && catalog.org(item.orgId) !== undefined ? item.orgId : null;
    return { ...item, kind: "refused", orgId, templateId: null, templateVersion: null };
  }
  const resolution = resolveEvent(item, catalog);
  if (resolution.kind === "resolved") {
    const event = createSandboxEvent(item, resolution, options);
    return { kind: "runnable", record: item.record, template: resolution.template, event };
  }
  const { fault, orgId, templateId = null, templateVersion = null } = resolution;
  const { record, eventId, assetId, timeMs } = item;
  return { kind: "refused", record, fault, eventId, orgId, assetId, templateId, templateVersion, timeMs };
}
