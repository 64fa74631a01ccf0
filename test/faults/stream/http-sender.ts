import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { Random } from "../../../src/fleet/random.ts";
import type { AttemptsFile } from "./attempts-file.ts";
import { lineOf, type SentEvent } from "./fault-catalog.ts";

export interface HttpSenderOptions {
  readonly port: number;
  readonly random: Random;
  readonly next: () => SentEvent;
  readonly attempts: AttemptsFile;
  /** Between two posts, milliseconds. */
  readonly pauseMs: number;
}

export interface HttpSender {
  /** Answers by status, and `refused` or `cut off` where there was none. */
  readonly answers: Readonly<Record<string, number>>;
  /** Sends nothing new, and goes on until what it has begun is accepted. */
  finish(): Promise<void>;
}

/** How long a sender waits before it sends the same again. */
const retryMs = 20;
const mostEvents = 40;

/** Posts events, one or many at once, each again under the same id until it is accepted. */
export function startHttpSender({ port, random, next, attempts, pauseMs }: HttpSenderOptions): HttpSender {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers: Record<string, number> = {};
  const finishing = new AbortController();
  const givenUp = new AbortController();
  const attempt = async (events: readonly SentEvent[]): Promise<"accepted" | "again"> => {
    attempts.note("sent", events);
    const answer = await post(agent, port, events);
    answers[answer] = (answers[answer] ?? 0) + 1;
    if (answer === "202") attempts.note("accepted", events);
    // Anything else, an answer of 503 too, leaves it open whether the log has them.
    if (answer === "refused") attempts.note("refused", events);
    return answer === "202" ? "accepted" : "again";
  };
  const sending = (async () => {
    while (!finishing.signal.aborted) {
      const count = random.chance(0.3) ? 1 : random.integer(1, mostEvents);
      const events = Array.from({ length: count }, next);
      while (!givenUp.signal.aborted && (await attempt(events)) === "again") await delay(retryMs);
      await delay(pauseMs);
    }
  })();
  // Where the test has failed it may go on for ever otherwise.
  onTestFinished(async () => {
    finishing.abort();
    givenUp.abort();
    agent.destroy();
    await sending;
  });
  return {
    answers,
    finish: async () => {
      finishing.abort();
      await sending;
      agent.destroy();
    },
  };
}

function post(agent: Agent, port: number, events: readonly SentEvent[]): Promise<string> {
  const [first] = events;
  const isBare = events.length === 1 && first !== undefined;
  const path = isBare ? `/v1/orgs/acme/assets/${first.assetId}/events` : "/v1/events";
  const headers: Record<string, string> = isBare
    ? {
        "content-type": "application/json",
        "millrace-event-id": first.eventId,
        "millrace-header-expect": first.expect,
      }
    : { "content-type": "application/x-ndjson" };
  const body = isBare ? JSON.stringify(first.payload) : events.map(lineOf).join("");
  return new Promise((resolve) => {
    const sent = request({ agent, port, host: "127.0.0.1", path, method: "POST", headers }, (answer) => {
      answer.resume();
      answer.on("error", () => resolve("cut off"));
      answer.on("end", () => resolve(String(answer.statusCode)));
    });
    sent.on("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "ECONNREFUSED" ? "refused" : "cut off"),
    );
    sent.end(body);
  });
}
