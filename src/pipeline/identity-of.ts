import type { RejectedIdentity } from "../outlet/rejection.ts";
import type { Admitted } from "./port.ts";

/** Who and when, as a rejection states it, of an event that is about to run or is refused. */
export function identityOf(item: Admitted): RejectedIdentity {
  if (item.kind === "refused") {
    const { eventId, orgId, assetId, templateId, templateVersion, timeMs } = item;
    return { eventId, orgId, assetId, templateId, templateVersion, timeMs };
  }
  const { orgId, templateId, templateVersion } = item.template;
  const { eventId, assetId, timeMs } = item.event;
  return { eventId, orgId, assetId, templateId, templateVersion, timeMs };
}
