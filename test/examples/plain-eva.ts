import type { EvaField } from "../../src/model/contract.ts";

/** Follows the dots and indexes that the example templates use; the engine reads all of RFC 9535's singular queries. */
function valueAt(event: unknown, path: string): unknown {
  return path
    .split(/[.[\]]/)
    .slice(1)
    .filter((name) => name !== "")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], event);
}

const typeNames = { number: "number", string: "string", bool: "boolean", date: "string" } as const;

/** The event's EVA values by type, or `undefined` where a required one is missing. A value of a wrong type is an error in an example. */
export function evaOf(
  event: unknown,
  fields: readonly EvaField[],
): Record<string, Record<string, unknown>> | undefined {
  const eva: Record<string, Record<string, unknown>> = {};
  for (const field of fields) {
    const value = field.type === "geo" ? geoAt(event, field) : valueAt(event, field.path);
    if (value === undefined || value === null) {
      if (field.required === true) return undefined;
      continue;
    }
    if (field.type !== "geo" && typeof value !== typeNames[field.type]) {
      throw new TypeError(`${field.name} is ${JSON.stringify(value)} instead of a ${field.type}`);
    }
    (eva[field.type] ??= {})[field.name] = value;
  }
  return eva;
}

function geoAt(event: unknown, field: { latPath: string; lonPath: string; altPath?: string }): unknown {
  const lat = valueAt(event, field.latPath);
  const lon = valueAt(event, field.lonPath);
  if (typeof lat !== "number" || typeof lon !== "number") return undefined;
  const alt = field.altPath === undefined ? undefined : valueAt(event, field.altPath);
  return alt === undefined ? { lat, lon } : { lat, lon, alt };
}
