import type { ErrorObject } from "ajv";
import {
  assetIdProblem,
  eventIdProblem,
  orgIdProblem,
  templateIdProblem,
  templateVersionProblem,
} from "./identity.ts";

/** Longest value that a line shows, characters: a line must stay one that can be read. */
const shownCharacters = 60;

/** The parts of a schema that a line may speak of. */
interface SchemaPart {
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Ids have sentences of their own; the key is the title of their definition in `field.schema.json`. */
const idProblems: Readonly<Record<string, (id: string) => string | undefined>> = {
  "Org id": orgIdProblem,
  "Template id": templateIdProblem,
  "Template version": templateVersionProblem,
  "Asset id": assetIdProblem,
  "Event id": eventIdProblem,
};

/** What each keyword's error says; those that are not here speak of a text's form. */
const sentences: Readonly<Record<string, (error: ErrorObject) => string>> = {
  required: ({ params }) => `the key ${show(params["missingProperty"])} is missing`,
  additionalProperties: (error) =>
    `unknown key ${show(error.params["additionalProperty"])}, allowed: ${knownKeys(error).join(", ")}`,
  type: ({ data, params }) =>
    `${show(data)} is not ${typeNames(params["type"] as string | readonly string[])}`,
  enum: ({ data, params }) =>
    `${show(data)} is not allowed, allowed: ${showAll(params["allowedValues"] as unknown[])}`,
  const: ({ data, params }) => `${show(data)} is not allowed, allowed: ${show(params["allowedValue"])}`,
  minimum: (error) => `${show(error.data)} is too small, allowed: ${range(error)}`,
  maximum: (error) => `${show(error.data)} is too large, allowed: ${range(error)}`,
  minItems: ({ data, params }) => `${length(data)} items, allowed: at least ${Number(params["limit"])}`,
  maxItems: ({ data, params }) => `${length(data)} items, allowed: at most ${Number(params["limit"])}`,
  minProperties: (error) => exactlyOne(knownKeys(error)),
  maxProperties: (error) => exactlyOne(knownKeys(error)),
  oneOf: alternativesProblem,
  "x-unique-by": ({ schema }) => `two items have the same ${show(schema)}`,
  "false schema": ({ schemaPath }) =>
    `not allowed beside ${show(/dependentSchemas\/([^/]+)\//.exec(schemaPath)?.[1])}`,
};

/**
 * One line for each thing that is wrong with a document: where (a JSON pointer), what, and what would be allowed. The
 * validator must have been verbose.
 */
export function describeProblems(errors: readonly ErrorObject[]): readonly string[] {
  const lines = errors
    .filter((error) => !isEcho(error))
    .map((error) => {
      const sentence = sentences[error.keyword] ?? formProblem;
      return `at ${error.instancePath === "" ? "/" : error.instancePath}: ${sentence(error)}`;
    });
  // One text may fail several rules of its grammar, for which there is one sentence.
  return [...new Set(lines)];
}

/** Errors that only say that others are there, or that belong to an alternative: the error above them says it all. */
function isEcho({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword === "if" || /\/(oneOf|anyOf)\/\d+\//.test(schemaPath);
}

/** A text of the wrong form: an id's own sentence, or what the schema says of the text. */
function formProblem({ data, parentSchema, message }: ErrorObject): string {
  const { title = "", description = "" } = (parentSchema ?? {}) as SchemaPart;
  const idProblem = idProblems[title]?.(String(data));
  if (idProblem !== undefined) return `${show(data)} ${idProblem}`;
  const [expected = ""] = description.split(/\.(?:\s|$)/);
  if (expected === "") return `${show(data)} ${message ?? "is not allowed"}`;
  return `${show(data)} is not allowed, expected: ${expected.charAt(0).toLowerCase()}${expected.slice(1)}`;
}

/** No alternative fits, or more than one: a choice of keys, or a table of constants. */
function alternativesProblem({ schema, parentSchema, data }: ErrorObject): string {
  const keys = (schema as readonly SchemaPart[]).flatMap(({ required = [] }) => required);
  if (keys.length > 0) return exactlyOne(keys);
  return `${show(data)} is none of the alternatives of ${show((parentSchema as SchemaPart | undefined)?.title)}`;
}

function exactlyOne(keys: readonly string[]): string {
  return `exactly one of these keys must be there: ${keys.join(", ")}`;
}

function knownKeys({ parentSchema }: ErrorObject): string[] {
  return Object.keys((parentSchema as SchemaPart | undefined)?.properties ?? {});
}

function range({ parentSchema }: ErrorObject): string {
  const { minimum, maximum } = (parentSchema ?? {}) as SchemaPart;
  if (minimum === undefined) return `at most ${maximum}`;
  return maximum === undefined ? `at least ${minimum}` : `${minimum} to ${maximum}`;
}

function length(data: unknown): number {
  return (data as readonly unknown[]).length;
}

function typeNames(types: string | readonly string[]): string {
  const withArticle = [types].flat().map((type) => (/^[aio]/.test(type) ? `an ${type}` : `a ${type}`));
  return withArticle.join(" or ");
}

function showAll(values: readonly unknown[]): string {
  return values.map((value) => show(value)).join(", ");
}

/** A value as a line shows it: as JSON, cut where it is long. A container only says what it is. */
function show(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters)}…`;
}
