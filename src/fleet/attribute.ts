import type { FleetDevice } from "./device.ts";

/** A number from the asset's attributes, as the template's scripts read it; the fallback where there is none. */
export function numberAttribute(device: FleetDevice, name: string, fallback: number): number {
  const value = device.attributes?.[name];
  return typeof value === "number" ? value : fallback;
}

/** A text from the asset's attributes; the fallback where there is none. */
export function textAttribute(device: FleetDevice, name: string, fallback: string): string {
  const value = device.attributes?.[name];
  return typeof value === "string" ? value : fallback;
}
