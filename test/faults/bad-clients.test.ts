import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createRandom } from "../../src/fleet/random.ts";
import { effort } from "./effort.ts";
import { runAudit } from "./run-audit.ts";
import { createEvents, lineOf, type SentEvent } from "./stream/fault-catalog.ts";
import { startInflow } from "./stream/inflow.ts";
import { drained, startStream, streamPlace } from "./stream/stream-program.ts";

const seed = 20_250_620;

/** Begins a post of all lines and breaks off within the last one: none of them may count. */
function breakOff(port: number, events: readonly SentEvent[]): Promise<void> {
  const body = events.map(lineOf).join("");
  return new Promise((resolve) => {
    const headers = { "content-type": "application/x-ndjson", "content-length": Buffer.byteLength(body) };
    const sent = request({ port, host: "127.0.0.1", path: "/v1/events", method: "POST", headers });
    sent.on("error", () => resolve());
    sent.write(body.slice(0, -10), () => sent.destroy(new Error("broken off")));
  });
}

/** Sends all lines whole and is gone before the answer: they may count or not. */
function hangUp(port: number, events: readonly SentEvent[], afterMs: number): Promise<void> {
  const body = events.map(lineOf).join("");
  return new Promise((resolve) => {
    const headers = { "content-type": "application/x-ndjson", "content-length": Buffer.byteLength(body) };
    const sent = request({ port, host: "127.0.0.1", path: "/v1/events", method: "POST", headers });
    sent.on("error", () => resolve());
    sent.on("response", () => sent.destroy());
    sent.on("close", () => resolve());
    sent.end(body, () => setTimeout(() => sent.destroy(), afterMs));
  });
}

/** Opens a connection and sends a byte now and then; the answer comes, or the connection ends. */
function dawdle(port: number): { readonly ended: Promise<string> } {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
  socket.on("error", () => undefined);
  socket.write("POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\n");
  socket.write('content-length: 1000\r\n\r\n{"orgId"');
  const timer = setInterval(() => socket.write(" "), 100);
  onTestFinished(() => void socket.destroy());
  const ended = new Promise<string>((resolve) => {
    socket.once("close", () => {
      clearInterval(timer);
      resolve(answer);
    });
  });
  return { ended };
}

test(
  "clients that are slow, break off or hang up cost the others nothing, and leave nothing half done",
  { timeout: effort.timeoutMs },
  async () => {
    const place = await streamPlace();
    const stream = startStream(place, "serve", { MILLRACE_HTTP_REQUEST_TIMEOUT_MS: "1500" });
    await stream.listening();
    const inflow = startInflow(place, { seed, senders: 2, produced: 0, pauseMs: 2 });
    const random = createRandom(seed);
    const next = createEvents(random, "bad");
    const { attempts } = inflow;
    const slow = Array.from({ length: 20 }, () => dawdle(place.port));
    for (let round = 0; round < effort.badClients; round += 1) {
      const events = Array.from({ length: random.integer(2, 50) }, next);
      attempts.note("sent", events);
      if (random.chance(0.5)) {
        await breakOff(place.port, events);
        // What was not whole was not taken.
        attempts.note("refused", events);
      } else await hangUp(place.port, events, random.between(0, 5));
    }
    const answers = await Promise.all(slow.map(({ ended }) => ended));
    expect(answers.filter((answer) => !answer.startsWith("HTTP/1.1 408 "))).toEqual([]);
    await delay(200);
    await inflow.finish();
    await drained(place.log);
    expect(await stream.terminate()).toBe(130);
    const { violations, counts } = await runAudit(place.log, attempts.path);
    console.log(JSON.stringify({ slow: slow.length, bad: effort.badClients, ...counts }));
    expect(violations).toEqual([]);
    for (const { answers: got } of inflow.senders) expect(Object.keys(got)).toEqual(["202"]);
    expect(stream.stderr()).not.toContain("internal error");
  },
);
