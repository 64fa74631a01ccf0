import { compileEva } from "../src/outlet/eva.ts";
import {
  createStandardEventMaker,
  type LeavingValue,
  type StandardEventMaker,
} from "../src/outlet/standard-event.ts";
import { formatTimestamp } from "../src/model/timestamp.ts";
import type { RunnableFile, RunnableTemplate, SandboxEvent } from "../src/sandbox/port.ts";
import type { Group } from "./workload.ts";

type Stage = (value: unknown, metadata: unknown) => unknown;
type Codec = (input: unknown) => { data: unknown; warnings?: string[] };

/** One template's functions, made once and kept, with nothing between them and this process. */
interface Functions {
  readonly decode: Stage | undefined;
  readonly decodeUplink: Codec | undefined;
  readonly normalizeUplink: Codec | undefined;
  readonly validate: Stage | undefined;
  readonly transform: Stage | undefined;
  readonly maker: StandardEventMaker;
}

const names = ["decode", "decodeUplink", "normalizeUplink", "validate", "transform"] as const;

/** What the sandbox is measured against: the same scripts by `new Function`, trusted, and the same finished events. */
export function createInProcess(): (group: Group) => Uint8Array[][] {
  const known = new Map<string, Functions>();
  return ({ template, events }) => {
    let functions = known.get(template.fingerprint);
    if (functions === undefined) {
      functions = loadFunctions(template);
      known.set(template.fingerprint, functions);
    }
    const loaded = functions;
    return events.map((event) => runOne(template, loaded, event));
  };
}

function loadFunctions(template: RunnableTemplate): Functions {
  const found: Partial<Record<(typeof names)[number], unknown>> = {};
  for (const file of template.files) Object.assign(found, definitionsOf(file));
  const { orgId, templateId, templateVersion, limits } = template;
  const eva = compileEva(template.eva);
  const maker = createStandardEventMaker({
    orgId,
    templateId,
    templateVersion,
    eva,
    outputBytes: limits.outputBytes,
  });
  return { ...(found as Omit<Functions, "maker">), maker };
}

function definitionsOf({ code }: RunnableFile): object {
  const returned = names.map((name) => `${name}:typeof ${name}==="function"?${name}:undefined`).join(",");
  // The yardstick is what a host does that trusts its scripts.
  // oxlint-disable-next-line no-new-func, no-implied-eval, typescript/no-implied-eval
  const load = new Function("module", "exports", `${code}\n;return {${returned}}`) as (
    module: object,
    exports: object,
  ) => Record<string, unknown>;
  const module = { exports: {} };
  const local = load(module, module.exports);
  const defined = Object.entries(local).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(defined), ...module.exports };
}

function runOne(template: RunnableTemplate, functions: Functions, event: SandboxEvent): Uint8Array[] {
  const metadata: Record<string, unknown> = {
    orgId: template.orgId,
    assetId: event.assetId,
    templateId: template.templateId,
    templateVersion: template.templateVersion,
    eventId: event.eventId,
    time: formatTimestamp(event.timeMs),
    headers: JSON.parse(event.headersJson),
    attributes: JSON.parse(event.attributesJson),
    secrets: {},
  };
  const warnings: string[] = [];
  const payload: unknown =
    event.payloadKind === "json"
      ? JSON.parse(Buffer.from(event.payload).toString("utf8"))
      : Buffer.from(event.payload.buffer, event.payload.byteOffset, event.payload.byteLength);
  let value = decode(functions, payload, metadata, warnings);
  if (functions.validate !== undefined) value = accepted(functions.validate(value, metadata), value);
  const result = functions.transform === undefined ? value : functions.transform(value, metadata);
  const shape = Array.isArray(result) ? "many" : "one";
  const leaving = ((shape === "many" ? result : [result]) as LeavingValue[]).map(withPlainDates);
  const made = functions.maker.make(event, { shape, events: leaving, warnings });
  if (made.kind === "fault") throw new Error(`${event.eventId}: ${made.fault.message}`);
  return made.kind === "filtered" ? [] : made.values.map((json) => Buffer.from(json, "utf8"));
}

/** Dates as JSON has them; a host that trusts its scripts takes everything else as it is. */
function withPlainDates({ created, data, ...rest }: LeavingValue): LeavingValue {
  const plain = data as Record<string, unknown>;
  for (const name in plain) {
    const value = plain[name];
    if (value instanceof Date) plain[name] = value.toISOString();
  }
  return { ...rest, data: plain, created: created instanceof Date ? created.getTime() : created };
}

function decode(
  functions: Functions,
  payload: unknown,
  metadata: Record<string, unknown>,
  warnings: string[],
): unknown {
  if (functions.decodeUplink === undefined)
    return functions.decode === undefined ? payload : functions.decode(payload, metadata);
  const { bytes, fPort, time } = uplinkOf(payload, metadata);
  const variables = metadata["attributes"];
  const decoded = functions.decodeUplink({ bytes: [...bytes], fPort, recvTime: new Date(time), variables });
  if (decoded.warnings !== undefined) warnings.push(...decoded.warnings);
  if (functions.normalizeUplink !== undefined)
    metadata["normalized"] = functions.normalizeUplink({ ...decoded, errors: [] }).data;
  return decoded.data;
}

interface Uplink {
  readonly bytes: Uint8Array;
  readonly fPort: unknown;
  readonly time: string;
}

interface Envelope {
  readonly uplink_message?: {
    readonly frm_payload: string;
    readonly f_port: number;
    readonly received_at?: string;
  };
  readonly received_at?: string;
  readonly deviceInfo?: object;
  readonly data?: string;
  readonly fPort?: number;
  readonly time?: string;
}

function uplinkOf(payload: unknown, metadata: Record<string, unknown>): Uplink {
  const own = metadata["time"] as string;
  if (payload instanceof Uint8Array) {
    const attributes = metadata["attributes"] as Record<string, unknown>;
    const headers = metadata["headers"] as Record<string, string>;
    const given = attributes["fPort"] ?? headers["fport"] ?? headers["f-port"];
    return { bytes: payload, fPort: given === undefined ? undefined : Number(given), time: own };
  }
  const envelope = payload as Envelope;
  const message = envelope.uplink_message;
  if (message !== undefined) {
    const time = message.received_at ?? envelope.received_at ?? own;
    return { bytes: Buffer.from(message.frm_payload, "base64"), fPort: message.f_port, time };
  }
  return {
    bytes: Buffer.from(envelope.data ?? "", "base64"),
    fPort: envelope.fPort,
    time: envelope.time ?? own,
  };
}

/** What `validate` let pass; the workload holds nothing that it refuses. */
function accepted(verdict: unknown, decoded: unknown): unknown {
  if (verdict === undefined || verdict === true) return decoded;
  if (typeof verdict !== "object" || verdict === null)
    throw new Error("the workload holds an event that is refused");
  const { valid } = verdict as { valid?: unknown };
  if (valid === undefined) return verdict;
  if (valid !== true) throw new Error("the workload holds an event that is refused");
  return decoded;
}
