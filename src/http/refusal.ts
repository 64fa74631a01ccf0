import type { FastifyReply } from "fastify";
import type { IntakeFault } from "../intake/intake-fault.ts";
import type { RejectionCode } from "../model/contract.ts";

/** What HTTP adds to the codes that a refused event has anyway. */
export type HttpCode =
  | "UNAUTHORIZED"
  | "FOREIGN_HOST"
  | "FOREIGN_ORIGIN"
  | "NO_ROUTE"
  | "METHOD_NOT_ALLOWED"
  | "BODY_TIMEOUT"
  | "BODY_TOO_LARGE"
  | "BODY_CUT_OFF"
  | "TOO_MANY_EVENTS"
  | "NO_EVENTS"
  | "RECORD_TOO_LARGE"
  | "BAD_MEDIA_TYPE"
  | "BAD_ENCODING"
  | "BAD_HEADER"
  | "BAD_REQUEST"
  | "TOO_MUCH_WAITING"
  | "LOG_UNAVAILABLE"
  | "CLOSING"
  | "INTERNAL";

/** Why a request is not carried out. A value and no error: it is what the sender did, or should do later. */
export interface Refusal {
  readonly kind: "refused";
  readonly status: number;
  readonly code: HttpCode | RejectionCode;
  readonly message: string;
  /** Which line of the body it was, counted from 1. */
  readonly line?: number;
  /** Headers that the status wants. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** When a sender may try again, seconds: what waits is written within far less, and many would come back at once. */
const retryAfterSeconds = 1;

/** A refusal with this status. */
export function refuse(
  status: number,
  code: Refusal["code"],
  message: string,
  headers?: Readonly<Record<string, string>>,
): Refusal {
  return { kind: "refused", status, code, message, ...(headers !== undefined && { headers }) };
}

/** A refusal that lasts only for a while. */
export function refuseForNow(status: 429 | 503, code: Refusal["code"], message: string): Refusal {
  return refuse(status, code, message, { "retry-after": String(retryAfterSeconds) });
}

/** The refusal of an event that intake has found faulty. */
export function refuseFault({ fault, record }: IntakeFault): Refusal {
  const isTooLarge = fault.code === "PAYLOAD_TOO_LARGE" || fault.code === "LINE_TOO_LARGE";
  return { ...refuse(isTooLarge ? 413 : 400, fault.code, fault.message), line: record.offset };
}

/** Answers with a refusal. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status, code, message, line, headers = {} } = refusal;
  return reply
    .code(status)
    .headers(headers)
    .send({ code, message, ...(line !== undefined && { line }) });
}
