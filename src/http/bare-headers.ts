import { isEnvelopeHeader } from "../intake/event-headers.ts";
import { refuse, type Refusal } from "./refusal.ts";

/** What the headers of a bare payload say; those that are not there are absent. */
export interface BareHeaders {
  readonly kind: "headers";
  readonly contentType?: string;
  readonly eventId?: string;
  readonly time?: string;
  readonly template?: string;
  readonly attributes?: string;
  readonly traceparent?: string;
  /** Those that scripts see, without their prefix. */
  readonly own: Readonly<Record<string, string>>;
}

const fields: Readonly<Record<string, keyof Omit<BareHeaders, "kind" | "own">>> = {
  "content-type": "contentType",
  "millrace-event-id": "eventId",
  "millrace-time": "time",
  "millrace-template": "template",
  "millrace-attributes": "attributes",
  traceparent: "traceparent",
};

/** Other headers of a request are between sender and server, secrets among them; no script sees one. */
const ownPrefix = "millrace-header-";

/** As long as a line's `contentType` may be. */
const contentTypeCharacters = 256;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads the headers that mean something here, each of which may stand once; a `Millrace-` one that does not is refused. */
export function readBareHeaders(
  headers: Readonly<Record<string, readonly string[] | undefined>>,
): BareHeaders | Refusal {
  const known: Record<string, string> = {};
  const own: [string, string][] = [];
  for (const [name, [value = "", ...more] = []] of Object.entries(headers)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const isOurs = field !== undefined || name.startsWith("millrace-");
    if (!isOurs) continue;
    const text = more.length === 0 ? asText(value) : undefined;
    if (text === undefined) return badHeader(name, "must stand once and be UTF-8");
    const ownName = name.startsWith(ownPrefix) ? name.slice(ownPrefix.length) : "";
    if (field !== undefined) known[field] = text;
    else if (ownName === "" || isEnvelopeHeader(ownName)) return badHeader(name, `is not one of ${allowed}`);
    else own.push([ownName, text]);
  }
  const contentType = known["contentType"] ?? "";
  if (contentType.length > contentTypeCharacters) {
    return badHeader("content-type", `has more than ${contentTypeCharacters} characters`);
  }
  return { kind: "headers", ...known, own: Object.fromEntries(own) };
}

const allowed = `Millrace-Event-Id, -Time, -Template, -Attributes and -Header-NAME`;

function badHeader(name: string, problem: string): Refusal {
  return refuse(400, "BAD_HEADER", `the header ${name} ${problem}`);
}

/** Node gives a header's bytes as Latin-1. */
function asText(value: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(value, "latin1"));
  } catch {
    return undefined;
  }
}
