import type { FastifyInstance, FastifyRequest } from "fastify";
import type { RawEvent } from "../model/raw-event.ts";
import type { RecordPlace } from "../stream/port.ts";
import { appendEvents, type EventSink } from "./append-events.ts";
import { createBareEvent, readBareEnvelope } from "./bare-event.ts";
import { collectLines, collectObject, type CollectorOptions, type EventCollector } from "./event-lines.ts";
import { readBody } from "./read-body.ts";
import { refuse, sendRefusal, type Refusal } from "./refusal.ts";
import { createWaitingBytes, type Hold } from "./waiting-bytes.ts";

/** What bodies may be; each limit is a key of the configuration. */
export interface BodyLimits {
  readonly bodyBytes: number;
  readonly bodyEvents: number;
  readonly waitingBytes: number;
  readonly requestTimeoutMs: number;
  readonly payloadBytes: number;
  readonly lineBytes: number;
}

type ReadEvents = (request: FastifyRequest, hold: Hold) => Promise<readonly RawEvent[] | Refusal>;

/** The routes that take events: a bare payload, and NDJSON. */
export function addEventRoutes(server: FastifyInstance, sink: EventSink, limits: BodyLimits): void {
  const openHold = createWaitingBytes(limits.waitingBytes);
  const take = async (
    request: FastifyRequest,
    read: ReadEvents,
  ): Promise<readonly RecordPlace[] | Refusal> => {
    const hold = openHold();
    try {
      const events = await read(request, hold);
      return "kind" in events ? events : await appendEvents(sink, events);
    } finally {
      hold.release();
    }
  };
  const add = (url: string, read: ReadEvents, body: (places: readonly RecordPlace[]) => object): void => {
    server.post(url, async (request, reply) => {
      const places = await take(request, read);
      return "kind" in places ? sendRefusal(reply, places) : reply.code(202).send(body(places));
    });
  };
  add("/v1/events", readEventLines(limits), (places) => ({ count: places.length }));
  add("/v1/orgs/:org/assets/:asset/events", readBareEvent(limits), ([place]) => ({ count: 1, place }));
}

function readBareEvent({ payloadBytes, bodyBytes, requestTimeoutMs }: BodyLimits): ReadEvents {
  return async (request, hold) => {
    const nowMs = Date.now();
    const envelope = readBareEnvelope(
      request.params as { readonly org: string; readonly asset: string },
      request.raw,
      nowMs,
    );
    if (envelope.kind === "refused") return envelope;
    const chunks: Buffer[] = [];
    const refusal = await readBody(request.raw, {
      limitBytes: Math.min(payloadBytes, bodyBytes),
      timeoutMs: requestTimeoutMs,
      hold,
      onChunk: (chunk) => void chunks.push(chunk),
    });
    return refusal ?? [createBareEvent(envelope, Buffer.concat(chunks), nowMs)];
  };
}

const collectors: Readonly<Record<string, (options: CollectorOptions) => EventCollector>> = {
  "application/x-ndjson": collectLines,
  "application/ndjson": collectLines,
  "application/jsonl": collectLines,
  "application/x-jsonlines": collectLines,
  "application/json": collectObject,
};

function readEventLines(limits: BodyLimits): ReadEvents {
  const { bodyBytes: limitBytes, requestTimeoutMs: timeoutMs } = limits;
  return async (request, hold) => {
    const [essence = ""] = (request.headers["content-type"] ?? "").split(";");
    const mediaType = essence.trim().toLowerCase();
    const collect = Object.hasOwn(collectors, mediaType) ? collectors[mediaType] : undefined;
    if (collect === undefined) return badMediaType(mediaType);
    const collector = collect({ ...limits, nowMs: Date.now(), hold });
    const onChunk = (chunk: Buffer): Refusal | undefined => collector.add(chunk);
    const refusal = await readBody(request.raw, { limitBytes, timeoutMs, hold, onChunk });
    return refusal ?? collector.end();
  };
}

function badMediaType(mediaType: string): Refusal {
  const given = mediaType === "" ? "a body without Content-Type" : JSON.stringify(mediaType);
  return refuse(
    415,
    "BAD_MEDIA_TYPE",
    `${given} is not taken here; send application/x-ndjson, or one object as application/json`,
    { accept: "application/x-ndjson, application/json" },
  );
}
