import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import assetsSchema from "../../schemas/assets.schema.json" with { type: "json" };
import caseSchema from "../../schemas/case.schema.json" with { type: "json" };
import configSchema from "../../schemas/config.schema.json" with { type: "json" };
import fieldSchema from "../../schemas/field.schema.json" with { type: "json" };
import orgSchema from "../../schemas/org.schema.json" with { type: "json" };
import outcomeSchema from "../../schemas/outcome.schema.json" with { type: "json" };
import rawEventSchema from "../../schemas/raw-event.schema.json" with { type: "json" };
import rejectionSchema from "../../schemas/rejection.schema.json" with { type: "json" };
import standardEventSchema from "../../schemas/standard-event.schema.json" with { type: "json" };
import templateSchema from "../../schemas/template.schema.json" with { type: "json" };
import type {
  AssetEntry,
  CaseEntry,
  ConfigFile,
  OrgFile,
  OutcomeLine,
  RawEventLine,
  RejectionCode,
  TemplateFile,
} from "./contract.ts";
import { MillraceError } from "./error.ts";
import { describeProblems } from "./schema-problem.ts";

/** A value that follows its schema, or a line for each place where it does not. */
export type Checked<T> =
  | { readonly kind: "valid"; readonly value: T }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

/** A raw event line that follows its schema, or the rejection that it earns. */
export type CheckedLine =
  | { readonly kind: "valid"; readonly value: RawEventLine }
  | { readonly kind: "invalid"; readonly code: RejectionCode; readonly message: string };

/** A document's content after JSON or YAML has been parsed. */
type Check<T> = (value: unknown) => Checked<T>;

/** Without the rule of the one payload, which has codes of its own and is told last. */
const { oneOf: _payloadRule, ...lineSchema } = rawEventSchema;

const schemas = [
  fieldSchema,
  lineSchema,
  standardEventSchema,
  rejectionSchema,
  outcomeSchema,
  templateSchema,
  assetsSchema,
  orgSchema,
  caseSchema,
  configSchema,
];

/** Every problem of a document that a person has written is worth a line. */
const documents = validatorFor("all problems");
/** Of an event's line one problem is enough, and finding the others would cost what the sender decides. */
const lines = validatorFor("first problem");

/** Checks the content of a `template.json`. */
export const checkTemplate: Check<TemplateFile> = checkOf("urn:millrace:schema:template:1");
/** Checks one asset: an item of `assets.json`, or a line of `assets.ndjson`. */
export const checkAssetEntry: Check<AssetEntry> = checkOf("urn:millrace:schema:assets:1#/$defs/assetEntry");
/** Checks the content of an `org.json`. */
export const checkOrg: Check<OrgFile> = checkOf("urn:millrace:schema:org:1");
/** Checks the content of a file of cases, which holds one case or an array of them. */
export const checkCases: Check<CaseEntry | CaseEntry[]> = checkOf("urn:millrace:schema:case:1");
/** Checks the content of a configuration file. */
export const checkConfig: Check<ConfigFile> = checkOf("urn:millrace:schema:config:1");
/** Checks a line that `run` has printed, with the standard events or the rejection in it. */
export const checkOutcomeLine: Check<OutcomeLine> = checkOf("urn:millrace:schema:outcome:1");

/** The keys of which a line has exactly one. */
const payloadKeys = ["payload", "payloadBase64", "payloadHex"] as const;

/**
 * Checks one line of NDJSON input. What the schema cannot say is left to the reader: whether the text in
 * `payloadBase64` or `payloadHex` decodes, and whether the day in `time` exists.
 */
export function checkRawEventLine(value: unknown): CheckedLine {
  const validate = lines("urn:millrace:schema:raw-event:1");
  if (!validate(value)) {
    const errors = validate.errors ?? [];
    return { kind: "invalid", code: codeOf(errors[0]), message: describeProblems(errors).join("; ") };
  }
  const line = value as RawEventLine;
  const payloads = payloadKeys.filter((key) => Object.hasOwn(line, key));
  if (payloads.length === 1) return { kind: "valid", value: line };
  const [code, found] =
    payloads.length === 0
      ? (["NO_PAYLOAD", "none"] as const)
      : (["TWO_PAYLOADS", payloads.join(", ")] as const);
  return {
    kind: "invalid",
    code,
    message: `at /: exactly one of ${payloadKeys.join(", ")} must be there, found: ${found}`,
  };
}

function codeOf(error: ErrorObject | undefined): RejectionCode {
  switch (error?.instancePath.split("/")[1]) {
    case "orgId":
    case "assetId":
    case "templateId":
    case "eventId":
      return error?.keyword === "type" ? "BAD_LINE" : "BAD_ID";
    case "time":
      return "BAD_TIME";
    case "payloadBase64":
      return "BAD_BASE64";
    case "payloadHex":
      return "BAD_HEX";
    case "attributes":
      return "BAD_ATTRIBUTES";
    default:
      return "BAD_LINE";
  }
}

function checkOf<T>(reference: string): Check<T> {
  return (value) => {
    const validate = documents(reference);
    if (validate(value)) return { kind: "valid", value: value as T };
    return { kind: "invalid", problems: describeProblems(validate.errors ?? []) };
  };
}

/** Finds the compiled validator of a schema; each is compiled when it is first asked for. */
function validatorFor(report: "all problems" | "first problem"): (reference: string) => ValidateFunction {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    allErrors: report === "all problems",
    verbose: true,
    // The tests hold the schemas against the meta-schema; doing it here would cost each start some 100 ms.
    validateSchema: false,
  });
  ajv.addVocabulary(["x-type", "x-stages", "x-cure", "x-default"]);
  ajv.addKeyword({
    keyword: "x-max-bytes",
    type: "string",
    schemaType: "number",
    errors: false,
    validate: fitsBytes,
  });
  ajv.addKeyword({
    keyword: "x-unique-by",
    type: "array",
    schemaType: "string",
    errors: false,
    validate: isUniqueBy,
  });
  ajv.addSchema(schemas);
  return (reference) => {
    const validate = ajv.getSchema(reference);
    if (validate === undefined) throw new MillraceError("INTERNAL", `schemas/ hold no ${reference}`);
    return validate;
  };
}

function fitsBytes(limitBytes: number, text: string): boolean {
  return (
    text.isWellFormed() && (text.length * 3 <= limitBytes || Buffer.byteLength(text, "utf8") <= limitBytes)
  );
}

function isUniqueBy(key: string, items: readonly unknown[]): boolean {
  const values = items.flatMap((item) => {
    const isObject = typeof item === "object" && item !== null && Object.hasOwn(item, key);
    return isObject ? [(item as Record<string, unknown>)[key]] : [];
  });
  return new Set(values).size === values.length;
}
