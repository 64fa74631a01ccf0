import type { EvaField } from "../model/contract.ts";
import { MillraceError } from "../model/error.ts";
import { kindOf } from "./json-shape.ts";
import { parseSingularPath } from "./singular-path.ts";
import type { PathGetter } from "./singular-path.ts";
import { createTimestampNormalizer } from "./timestamp-text.ts";

/** What a template's EVA fields found in one event. */
export interface EvaResult {
  /** JSON text of the `eva` object; absent where no field has a value. */
  readonly evaJson?: string;
  /** Why values were left out; holds names and types, never values. */
  readonly warnings: readonly string[];
  /** Why the first required field without a value has none; then the event must not leave. */
  readonly missing?: string;
}

export interface EvaExtractor {
  /** Takes the fields out of a standard event, given as parsed JSON. */
  extract(event: object): EvaResult;
}

/** What is wrong with the declaration of a template's EVA fields. */
export interface EvaFinding {
  /** The field's place in template.json, counted from 0. */
  readonly index: number;
  readonly key: "name" | "path" | "latPath" | "lonPath" | "altPath";
  /** Within the value of `key`, UTF-16 code units, counted from 1; absent where the whole value is meant. */
  readonly position?: number;
  readonly message: string;
}

/** Paths that are no singular queries and names that stand twice, in the order of the fields. */
export function findEvaProblems(fields: readonly EvaField[]): readonly EvaFinding[] {
  const findings: EvaFinding[] = [];
  const names = new Set<string>();
  for (const [index, field] of fields.entries()) {
    if (names.has(field.name)) {
      findings.push({ index, key: "name", message: `the name ${JSON.stringify(field.name)} stands twice` });
    }
    names.add(field.name);
    for (const [key, text] of pathsOf(field)) {
      const parsed = parseSingularPath(text);
      if (parsed.kind === "finding")
        findings.push({ index, key, position: parsed.position, message: parsed.message });
    }
  }
  return findings;
}

/**
 * Compiles a template's EVA fields. The result holds a small cache, so that it belongs to one thread; it keeps nothing
 * that decides an outcome. Throws `INTERNAL` for fields that `findEvaProblems` has something against: a catalog lets no
 * such template run.
 */
export function compileEva(fields: readonly EvaField[]): EvaExtractor {
  const [problem] = findEvaProblems(fields);
  if (problem !== undefined) {
    throw new MillraceError("INTERNAL", `EVA field ${problem.index}, ${problem.key}: ${problem.message}`);
  }
  const takeDate = createDateTaker();
  const compiled = fields.map((field) => compileField(field, takeDate));
  const groups = evaTypes
    .map((type) => compiled.filter((field) => field.type === type))
    .filter((group) => group.length > 0);
  return { extract: (event) => extractGroups(groups, event) };
}

const evaTypes = ["number", "string", "bool", "date", "geo"] as const satisfies readonly EvaField["type"][];

/** The fields of one type, in the template's order. */
type Group = readonly CompiledField[];

interface CompiledField {
  readonly type: EvaField["type"];
  readonly name: string;
  /** `"number":{"name":`, for the first member of its group, and `,"name":` for the others. */
  readonly openingKey: string;
  readonly followingKey: string;
  readonly required: boolean;
  /** JSON text of the value; `undefined` where it is missing, null, or unfit (then a warning is added). */
  readonly take: (event: object, warnings: string[]) => string | undefined;
}

function extractGroups(groups: readonly Group[], event: object): EvaResult {
  const warnings: string[] = [];
  let evaJson = "";
  for (const group of groups) {
    let isOpen = false;
    for (const field of group) {
      const known = warnings.length;
      const json = field.take(event, warnings);
      if (json !== undefined) {
        if (isOpen) evaJson += field.followingKey + json;
        else evaJson += (evaJson === "" ? "{" : ",") + field.openingKey + json;
        isOpen = true;
      } else if (field.required) {
        const why = warnings[known] ?? `EVA field "${field.name}": missing`;
        return { warnings, missing: `${why}; the field is required` };
      } else if (warnings.length > known) {
        warnings[known] += "; left out";
      }
    }
    if (isOpen) evaJson += "}";
  }
  return evaJson === "" ? { warnings } : { evaJson: `${evaJson}}`, warnings };
}

function compileField(field: EvaField, takeDate: TakeValue): CompiledField {
  const take = field.type === "geo" ? compileGeo(field) : compileValue(field, takeDate);
  const { type, name } = field;
  const key = `${JSON.stringify(name)}:`;
  return {
    type,
    name,
    openingKey: `"${type}":{${key}`,
    followingKey: `,${key}`,
    required: field.required === true,
    take,
  };
}

/** JSON text of a value of the right type, or what stands there instead, in words. */
type TakeValue = (value: NonNullable<unknown>) => string | { readonly unfit: string };

function compileValue(
  field: Extract<EvaField, { path: string }>,
  takeDate: TakeValue,
): CompiledField["take"] {
  const get = getterOf(field.path);
  const prefix = `EVA field "${field.name}": `;
  switch (field.type) {
    case "number":
      // What is not finite leaves as null, and null is left out.
      return (event, warnings) => {
        const value = get(event);
        if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
        return leaveOut(value, "a number", prefix, warnings);
      };
    case "string":
      return (event, warnings) => {
        const value = get(event);
        return typeof value === "string"
          ? JSON.stringify(value)
          : leaveOut(value, "a string", prefix, warnings);
      };
    case "bool":
      return (event, warnings) => {
        const value = get(event);
        return typeof value === "boolean" ? String(value) : leaveOut(value, "a boolean", prefix, warnings);
      };
    case "date":
      return (event, warnings) => {
        const value = get(event);
        if (value === undefined || value === null) return undefined;
        const taken = takeDate(value);
        if (typeof taken === "string") return taken;
        warnings.push(`${prefix}${taken.unfit}`);
        return undefined;
      };
  }
}

function leaveOut(value: unknown, wanted: string, prefix: string, warnings: string[]): undefined {
  if (value !== undefined && value !== null)
    warnings.push(`${prefix}expected ${wanted}, found ${kindOf(value)}`);
  return undefined;
}

function createDateTaker(): TakeValue {
  const normalize = createTimestampNormalizer();
  return (value) => {
    if (typeof value !== "string")
      return { unfit: `expected an ISO 8601 string with a zone, found ${kindOf(value)}` };
    const text = normalize(value);
    return text === undefined ? { unfit: "the string is not ISO 8601 with a zone" } : `"${text}"`;
  };
}

type GeoField = Extract<EvaField, { latPath: string }>;

/**
 * A position needs both of its coordinates: with neither it is missing, with one it is incomplete, which is worth a
 * warning. An altitude that is unfit is left out alone.
 */
function compileGeo(field: GeoField): CompiledField["take"] {
  const prefix = `EVA field "${field.name}": `;
  const getLat = getterOf(field.latPath);
  const getLon = getterOf(field.lonPath);
  const getAlt = field.altPath === undefined ? undefined : getterOf(field.altPath);
  return (event, warnings) => {
    const lat = getLat(event) ?? undefined;
    const lon = getLon(event) ?? undefined;
    if (lat === undefined && lon === undefined) return undefined;
    if (!isCoordinate(lat, 90)) {
      warnings.push(prefix + coordinateProblem("latitude", lat, 90));
      return undefined;
    }
    if (!isCoordinate(lon, 180)) {
      warnings.push(prefix + coordinateProblem("longitude", lon, 180));
      return undefined;
    }
    const alt = getAlt?.(event) ?? undefined;
    if (typeof alt === "number" && Number.isFinite(alt)) return `{"lat":${lat},"lon":${lon},"alt":${alt}}`;
    if (alt !== undefined && typeof alt !== "number") {
      warnings.push(`${prefix}expected a number as altitude, found ${kindOf(alt)}; altitude left out`);
    }
    return `{"lat":${lat},"lon":${lon}}`;
  };
}

function isCoordinate(value: unknown, limit: number): value is number {
  return typeof value === "number" && value >= -limit && value <= limit;
}

function coordinateProblem(word: string, value: unknown, limit: number): string {
  if (value === undefined) return `${word} missing`;
  if (typeof value === "number") return `${word} outside -${limit} to ${limit}`;
  return `expected a number as ${word}, found ${kindOf(value)}`;
}

function getterOf(path: string): PathGetter {
  const parsed = parseSingularPath(path);
  if (parsed.kind === "finding") throw new MillraceError("INTERNAL", `EVA path ${path}: ${parsed.message}`);
  return parsed.get;
}

function pathsOf(field: EvaField): readonly (readonly [EvaFinding["key"], string])[] {
  if (field.type !== "geo") return [["path", field.path]];
  const paths: [EvaFinding["key"], string][] = [
    ["latPath", field.latPath],
    ["lonPath", field.lonPath],
  ];
  if (field.altPath !== undefined) paths.push(["altPath", field.altPath]);
  return paths;
}
