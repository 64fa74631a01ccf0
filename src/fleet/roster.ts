import farmAssets from "../../examples/catalog/meadowbank-farms/assets.json" with { type: "json" };
import logisticsAssets from "../../examples/catalog/northline-logistics/assets.json" with { type: "json" };
import utilityAssets from "../../examples/catalog/rivermouth-utility/assets.json" with { type: "json" };
import type { FleetDevice } from "./device.ts";

/** Every asset of the example catalog, as the devices of a fleet. */
export const exampleDevices: readonly FleetDevice[] = [
  ...farmAssets.map((asset) => ({ orgId: "meadowbank-farms", ...asset })),
  ...utilityAssets.map((asset) => ({ orgId: "rivermouth-utility", ...asset })),
  ...logisticsAssets.map((asset) => ({ orgId: "northline-logistics", ...asset })),
];

/**
 * The same devices in `copies` sets of orgs: the first keeps its names, those of set n have `-n` after the org's id.
 * A catalog for it needs each org's directory under each of its names.
 */
export function replicateOrgs(devices: readonly FleetDevice[], copies: number): FleetDevice[] {
  return Array.from({ length: copies }, (_, copy) =>
    copy === 0 ? devices : devices.map((device) => ({ ...device, orgId: `${device.orgId}-${copy}` })),
  ).flat();
}
