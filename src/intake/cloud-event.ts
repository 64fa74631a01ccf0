import type { EnvelopeProblem } from "./envelope-problem.ts";
import { envelopeLevels, nestsDeeper } from "./json-nesting.ts";
import { readBase64, writePayload } from "./line-payload.ts";
import { isStructuredMode, mediaTypeProblem } from "./media-type.ts";
import { utf8Document } from "./utf8-text.ts";

/**
 * What a CloudEvent in structured mode says, its ids and time not yet checked. They count only where the envelope
 * around it (headers of the record, fields of the line) leaves them out: who wrapped the CloudEvent is nearer than who
 * made it.
 */
export interface CloudEvent {
  readonly orgId: string | undefined;
  readonly assetId: string | undefined;
  readonly templateId: string | undefined;
  readonly eventId: string | undefined;
  readonly time: string | undefined;
  readonly contentType: string | undefined;
  /** All other attributes, with the names that they have as headers in binary mode. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

/** Attributes that do not go to scripts as headers: Millrace reads them itself, as it does in binary mode. */
const ownAttributes: ReadonlySet<string> = new Set([
  "org",
  "asset",
  "template",
  "id",
  "time",
  "datacontenttype",
]);

type Members = Readonly<Record<string, unknown>>;

/** Reads a CloudEvent in its JSON format, version 1. Only what Millrace needs of it must be there, and that is nothing. */
export function readCloudEvent(value: Uint8Array): CloudEvent | EnvelopeProblem {
  const parsed = parse(value);
  if ("code" in parsed) return parsed;
  const { members } = parsed;
  const attributes = readAttributes(members);
  if ("code" in attributes) return attributes;
  const version = attributes.get("specversion");
  if (version !== undefined && !version.startsWith("1.")) {
    return bad(`it is of version ${JSON.stringify(version)}, and 1.0 can be read`);
  }
  const contentType = attributes.get("datacontenttype");
  const problem = contentType === undefined ? undefined : contentTypeProblem(contentType);
  if (problem !== undefined) return bad(`\`datacontenttype\` ${problem}`);
  const payload = readData(members, contentType);
  if (!(payload instanceof Uint8Array)) return payload;
  const headers = [...attributes].filter(([name]) => !ownAttributes.has(name));
  return {
    orgId: attributes.get("org"),
    assetId: attributes.get("asset"),
    templateId: attributes.get("template"),
    eventId: attributes.get("id"),
    time: attributes.get("time"),
    // `data` that is given as JSON is JSON whatever the template says of its payloads.
    contentType: contentType ?? (members["data"] === undefined ? undefined : "application/json"),
    headers: Object.fromEntries(headers.map(([name, text]) => [`ce_${name}`, text])),
    payload,
  };
}

function parse(value: Uint8Array): { readonly members: Members } | EnvelopeProblem {
  const text = utf8Document(value);
  if (text === undefined) return bad("it is not UTF-8");
  let members: unknown;
  try {
    members = JSON.parse(text);
  } catch (error) {
    return bad(`it is not JSON: ${(error as SyntaxError).message}`);
  }
  if (typeof members !== "object" || members === null || Array.isArray(members)) {
    return bad("it is JSON but not an object");
  }
  if (nestsDeeper(value, envelopeLevels)) return bad(`it is nested deeper than ${envelopeLevels} levels`);
  return { members: members as Members };
}

/** The attributes as texts, their names in lower case; null stands for an attribute that is not there. */
function readAttributes(members: Members): ReadonlyMap<string, string> | EnvelopeProblem {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(members)) {
    if (name === "data" || name === "data_base64" || value === null) continue;
    if (typeof value === "object") return bad(`its attribute ${JSON.stringify(name)} is not a text`);
    texts.set(name.toLowerCase(), typeof value === "string" ? value : JSON.stringify(value));
  }
  return texts;
}

function contentTypeProblem(contentType: string): string | undefined {
  // One more level to take off would make a record that Millrace writes of an event another event.
  if (isStructuredMode(contentType)) return "says that the data is a CloudEvent too";
  return mediaTypeProblem(contentType);
}

function readData(members: Members, contentType: string | undefined): Uint8Array | EnvelopeProblem {
  const { data, data_base64: base64 = null } = members;
  if (base64 !== null && data !== undefined) {
    return { code: "TWO_PAYLOADS", message: "the CloudEvent has both `data` and `data_base64`" };
  }
  if (base64 !== null) return readBase64(base64, "data_base64");
  return data === undefined ? new Uint8Array(0) : writePayload(data, contentType);
}

function bad(message: string): EnvelopeProblem {
  return { code: "BAD_CLOUD_EVENT", message: `the CloudEvent cannot be read: ${message}` };
}
