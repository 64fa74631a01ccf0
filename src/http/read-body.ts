import type { IncomingMessage } from "node:http";
import { refuse, refuseForNow, type Refusal } from "./refusal.ts";
import type { Hold } from "./waiting-bytes.ts";

export interface BodyOptions {
  readonly limitBytes: number;
  /** How long it may take to arrive, from now on. */
  readonly timeoutMs: number;
  readonly hold: Hold;
  /** Takes a part; what it refuses ends the reading. */
  readonly onChunk: (chunk: Buffer) => Refusal | undefined;
}

/**
 * Reads a request's body part by part. Of one that is refused the rest is read and dropped, so that the sender, who may
 * still be writing, comes to read the answer; the server's own timeout bounds for how long.
 */
export function readBody(request: IncomingMessage, options: BodyOptions): Promise<Refusal | undefined> {
  const { limitBytes, timeoutMs, hold, onChunk } = options;
  const early = checkHead(request, limitBytes);
  if (early !== undefined) return Promise.resolve(early);
  return new Promise((resolve) => {
    let bytes = 0;
    const settle = (refusal: Refusal | undefined): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onCutOff).off("error", onCutOff);
      // A connection that breaks while the rest is dropped is nobody's business.
      request.on("error", () => undefined);
      request.resume();
      resolve(refusal);
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      const refusal =
        bytes > limitBytes ? tooLarge(limitBytes) : (held(hold, chunk.length) ?? onChunk(chunk));
      if (refusal !== undefined) settle(refusal);
    };
    const onEnd = (): void => settle(undefined);
    const onCutOff = (): void => settle(refuse(400, "BODY_CUT_OFF", "the body ended before it was whole"));
    const timer = setTimeout(() => settle(tooSlow(timeoutMs)), timeoutMs);
    request.on("data", onData).once("end", onEnd).once("close", onCutOff).once("error", onCutOff);
  });
}

/** Adds to what a request holds, or says that the sender has to wait. */
export function held(hold: Hold, bytes: number): Refusal | undefined {
  if (hold.take(bytes) === "held") return undefined;
  return refuseForNow(
    429,
    "TOO_MUCH_WAITING",
    "more is waiting to become durable than may wait; send it again later",
  );
}

/** What can be said before a byte of the body has come. */
function checkHead({ headers }: IncomingMessage, limitBytes: number): Refusal | undefined {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    return refuse(
      415,
      "BAD_ENCODING",
      `a body in ${JSON.stringify(encoding)} is not taken; send it as it is`,
      {
        "accept-encoding": "identity",
      },
    );
  }
  return Number(headers["content-length"] ?? 0) > limitBytes ? tooLarge(limitBytes) : undefined;
}

function tooLarge(limitBytes: number): Refusal {
  return refuse(413, "BODY_TOO_LARGE", `the body has more than the ${limitBytes} bytes that are allowed`);
}

function tooSlow(timeoutMs: number): Refusal {
  return refuse(408, "BODY_TIMEOUT", `the body was not whole after ${timeoutMs} ms`, { connection: "close" });
}
