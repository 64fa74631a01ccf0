import type { EventFault } from "../model/script-fault.ts";
import type { RawEvent } from "../model/raw-event.ts";
import type { RunnableTemplate } from "../sandbox/port.ts";

/** An org as intake needs it. */
export interface CatalogOrg {
  readonly orgId: string;
}

/** One device of an org, as intake needs it. */
export interface CatalogAsset {
  readonly assetId: string;
  /** The template that the asset is bound to; absent where it is unbound. */
  readonly templateId?: string;
  /** Whether console lines and stacks of this asset's events are kept. */
  readonly debug: "off" | "on";
  /** JSON text of the asset's attributes object; `{}` where it has none. */
  readonly attributesJson: string;
}

/**
 * The version of a template that runs now. A `broken` one (a syntax error, a missing stage file) costs only its own
 * events: each gets `fault`, and the rest of the catalog stays in use.
 */
export type CatalogTemplate =
  | {
      readonly kind: "runnable";
      readonly runnable: RunnableTemplate;
      /** Media type of events that name none. */
      readonly contentType?: string;
      /** Largest payload that org and template allow, bytes; absent where neither narrows the configuration's. */
      readonly payloadBytes?: number;
    }
  | {
      readonly kind: "broken";
      readonly templateId: string;
      readonly templateVersion: string;
      readonly fault: EventFault;
    };

/**
 * One position of the catalog, read without waiting. All answers of one view belong together and never change, so
 * that a slice of events runs against a single state. Ids are compared by case. An org's lookups never see another
 * org's entries.
 */
export interface CatalogView {
  /** The org, or `undefined` where the catalog has no such org. */
  org(orgId: string): CatalogOrg | undefined;
  /** The asset, or `undefined` where the org has no such asset. */
  asset(orgId: string, assetId: string): CatalogAsset | undefined;
  /** The template's running version, or `undefined` where the org has no such template. */
  template(orgId: string, templateId: string): CatalogTemplate | undefined;
}

/** What an event runs with. */
export interface Resolved {
  readonly kind: "resolved";
  readonly template: RunnableTemplate;
  /** The template's media type, for events that name none. */
  readonly contentType: string | undefined;
  /** Absent where the catalog does not know the asset and the event named its template. */
  readonly asset: CatalogAsset | undefined;
}

/** Why an event cannot run, with as much of its identity as a rejection may state. */
export interface Unresolved {
  readonly kind: "fault";
  readonly fault: EventFault;
  /** `null` where the catalog has no such org: nobody is to answer for an org that does not exist. */
  readonly orgId: string | null;
  readonly templateId?: string;
  readonly templateVersion?: string;
}

export type Resolution = Resolved | Unresolved;

/**
 * Finds the template that an event runs through. The asset's binding decides; what the event names counts only where
 * the asset is unknown or unbound.
 */
export function resolveEvent(event: RawEvent, catalog: CatalogView): Resolution {
  const { orgId, assetId } = event;
  if (catalog.org(orgId) === undefined) {
    return { kind: "fault", fault: unknownOrg(orgId), orgId: null };
  }
  const asset = catalog.asset(orgId, assetId);
  const templateId = asset?.templateId ?? event.templateId;
  if (templateId === undefined) {
    return { kind: "fault", fault: unknownAsset(orgId, assetId, asset), orgId };
  }
  const found = catalog.template(orgId, templateId);
  if (found === undefined) {
    return { kind: "fault", fault: unknownTemplate(orgId, templateId), orgId, templateId };
  }
  switch (found.kind) {
    case "runnable":
      if (found.payloadBytes !== undefined) {
        const { byteLength } = event.payload ?? event.record.payload;
        if (byteLength > found.payloadBytes) {
          const fault = payloadTooLarge(byteLength, found.payloadBytes);
          return { kind: "fault", fault, orgId, templateId, templateVersion: found.runnable.templateVersion };
        }
      }
      return { kind: "resolved", template: found.runnable, contentType: found.contentType, asset };
    case "broken":
      return {
        kind: "fault",
        fault: found.fault,
        orgId,
        templateId: found.templateId,
        templateVersion: found.templateVersion,
      };
  }
}

function unknownOrg(orgId: string): EventFault {
  return {
    stage: "intake",
    type: "envelope",
    code: "UNKNOWN_ORG",
    message: `org ${JSON.stringify(orgId)} is not in the catalog`,
  };
}

function unknownAsset(orgId: string, assetId: string, asset: CatalogAsset | undefined): EventFault {
  const why =
    asset === undefined ? `is not in the catalog of org ${JSON.stringify(orgId)}` : "is bound to no template";
  return {
    stage: "intake",
    type: "envelope",
    code: "UNKNOWN_ASSET",
    message: `asset ${JSON.stringify(assetId)} ${why}, and the event names no template`,
  };
}

function unknownTemplate(orgId: string, templateId: string): EventFault {
  return {
    stage: "intake",
    type: "envelope",
    code: "UNKNOWN_TEMPLATE",
    message: `org ${JSON.stringify(orgId)} has no template ${JSON.stringify(templateId)}`,
  };
}

function payloadTooLarge(payloadBytes: number, limitBytes: number): EventFault {
  return {
    stage: "intake",
    type: "envelope",
    code: "PAYLOAD_TOO_LARGE",
    message: `the payload has ${payloadBytes} bytes and its template takes at most ${limitBytes}`,
  };
}
