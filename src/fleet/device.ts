import type { AssetEntry, RawEventLine } from "../model/contract.ts";

/** One device of a simulated fleet: an asset, its org, and the template whose frames it sends. */
export interface FleetDevice extends AssetEntry {
  readonly orgId: string;
  readonly templateId: string;
}

/** What a device hands to its network: bytes, or the document of a device that speaks JSON. */
export type Frame = Buffer | Readonly<Record<string, unknown>>;

/** The fields of a raw event line that the payload and its carrier decide. */
export type LineBody = Pick<
  RawEventLine,
  "contentType" | "payload" | "payloadBase64" | "payloadHex" | "attributes"
>;
