import { base64Bytes } from "./base64.ts";
import { errorText } from "./guest-fault.ts";
import { dateGetTime, floor, isArray, NativeDate, numberIsFinite, stringTrim } from "./primordials.ts";
import { isThenable } from "./thenable.ts";
import { utf8Bytes } from "./utf8.ts";
import type { EntryPoints, EventMetadata } from "./entry-points.ts";

/** What a codec is asked with, taken from the event or from the network server's envelope around it. */
interface Uplink {
  readonly bytes: number[];
  readonly fPort: number | undefined;
  /** Epoch milliseconds. */
  readonly timeMs: number;
}

/** What a codec made of an uplink. */
export interface CodecResult {
  readonly data: unknown;
  readonly warnings: readonly string[];
  /** Non-empty: the event is refused. */
  readonly errors: readonly string[];
}

type Bag = Record<string, unknown>;

/** Which of the dialect's entry points a file has, in the order in which they are recognised. */
export function codecEntry(entry: EntryPoints): "decodeUplink" | "Decoder" | "Decode" | undefined {
  if (entry.decodeUplink !== undefined) return "decodeUplink";
  if (entry.Decoder !== undefined) return "Decoder";
  if (entry.Decode !== undefined) return "Decode";
  return undefined;
}

/** Calls a codec in its own manner. Throws what the codec throws. */
export function runCodec(
  entry: EntryPoints,
  payload: unknown,
  text: string | undefined,
  metadata: EventMetadata,
): CodecResult {
  const uplink = readUplink(payload, text, metadata);
  const variables = metadata.attributes;
  switch (codecEntry(entry)) {
    case "decodeUplink": {
      const input = {
        bytes: uplink.bytes,
        fPort: uplink.fPort,
        recvTime: new NativeDate(uplink.timeMs),
        variables,
      };
      return readResult(entry.decodeUplink?.(input));
    }
    case "Decoder":
      return plain(entry.Decoder?.(uplink.bytes, uplink.fPort));
    case "Decode":
      return plain(entry.Decode?.(uplink.fPort, uplink.bytes, variables));
    case undefined:
      return plain(entry.decode?.(uplink.bytes, metadata));
  }
}

/** `normalizeUplink` sees what `decodeUplink` returned as `data`. */
export function runNormalize(entry: EntryPoints, decoded: CodecResult): CodecResult | undefined {
  if (entry.normalizeUplink === undefined) return undefined;
  return readResult(
    entry.normalizeUplink({ data: decoded.data, warnings: decoded.warnings, errors: decoded.errors }),
  );
}

function plain(data: unknown): CodecResult {
  return { data, warnings: [], errors: [] };
}

/** What is no result stands for its data: so does a thenable, which is then refused. */
function readResult(value: unknown): CodecResult {
  if (typeof value !== "object" || value === null || isThenable(value)) return plain(value);
  const { data, warnings, errors } = value as Bag;
  return { data, warnings: texts(warnings), errors: texts(errors) };
}

function texts(value: unknown): string[] {
  const list: string[] = [];
  if (value === undefined || value === null) return list;
  const from = isArray(value) ? (value as unknown[]) : [value];
  for (let index = 0; index < from.length && index < 100; index += 1) {
    const item = from[index];
    list[index] = typeof item === "string" ? item : errorText(item);
  }
  return list;
}

function readUplink(payload: unknown, text: string | undefined, metadata: EventMetadata): Uplink {
  const enveloped =
    text === undefined
      ? undefined
      : (readThingsStack(payload, metadata) ?? readChirpStack(payload, metadata));
  if (enveloped !== undefined) return enveloped;
  const from = text === undefined ? (payload as Uint8Array) : utf8Bytes(text);
  return { bytes: plainBytes(from), fPort: portOf(metadata), timeMs: timeOf(metadata) };
}

/**
 * The Things Stack v3: `uplink_message.frm_payload` in base64, `f_port`, `received_at`. An empty frame is left out of
 * the document, as is port 0.
 */
function readThingsStack(payload: unknown, metadata: EventMetadata): Uplink | undefined {
  const message = field(payload, "uplink_message");
  if (!isBag(message)) return undefined;
  const encoded = field(message, "frm_payload") ?? (isBag(field(payload, "end_device_ids")) ? "" : undefined);
  if (typeof encoded !== "string") return undefined;
  const received = field(message, "received_at") ?? field(payload, "received_at");
  return envelope(encoded, field(message, "f_port"), received, metadata);
}

/**
 * ChirpStack v4: `deviceInfo` beside `data` in base64, `fPort`, `time`. An empty frame is left out of the document, as is
 * port 0; of its events only uplinks have `rxInfo`.
 */
function readChirpStack(payload: unknown, metadata: EventMetadata): Uplink | undefined {
  if (!isBag(field(payload, "deviceInfo"))) return undefined;
  const encoded = field(payload, "data") ?? (isArray(field(payload, "rxInfo")) ? "" : undefined);
  if (typeof encoded !== "string") return undefined;
  return envelope(encoded, field(payload, "fPort"), field(payload, "time"), metadata);
}

function envelope(encoded: string, port: unknown, time: unknown, metadata: EventMetadata): Uplink {
  const receivedMs = typeof time === "string" ? dateGetTime(new NativeDate(time)) : undefined;
  return {
    bytes: plainBytes(base64Bytes(encoded)),
    fPort: typeof port === "number" ? port : portOf(metadata),
    timeMs: numberIsFinite(receivedMs) ? (receivedMs as number) : timeOf(metadata),
  };
}

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !isArray(value);
}

function field(value: unknown, name: string): unknown {
  return isBag(value) ? value[name] : undefined;
}

function timeOf(metadata: EventMetadata): number {
  return dateGetTime(new NativeDate(metadata.time));
}

/** The first of the names under which a port may stand that holds one. */
function portOf(metadata: EventMetadata): number | undefined {
  const attributes = metadata.attributes as Bag;
  const { headers } = metadata;
  return (
    readPort(attributes["fPort"]) ??
    readPort(attributes["f_port"]) ??
    readPort(headers["fport"]) ??
    readPort(headers["f-port"]) ??
    readPort(headers["f_port"])
  );
}

/** A LoRaWAN port is one byte. */
function readPort(given: unknown): number | undefined {
  if (typeof given !== "number" && (typeof given !== "string" || stringTrim(given) === "")) return undefined;
  const port = +given;
  return port >= 0 && port <= 255 && floor(port) === port ? port : undefined;
}

function plainBytes(bytes: Uint8Array): number[] {
  const list: number[] = [];
  for (let index = 0; index < bytes.length; index += 1) list[index] = bytes[index] as number;
  return list;
}
