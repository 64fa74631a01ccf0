import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { durableRecords, openIntake, openSocket, send, sendLines } from "./intake-server.ts";

const bare = "/v1/orgs/acme/assets/a1/events";

/** A body that comes in parts and has no length ahead. */
function chunked(...parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

describe("too large", () => {
  test("a bare payload of just the limit is taken, one byte more is 413, whether its length is told or not", async () => {
    const { url, path } = await openIntake({ limits: { payloadBytes: 70_000 } });
    const [fits, over] = [Buffer.alloc(70_000), Buffer.alloc(70_001)];
    expect((await send(url + bare, { body: fits })).status).toBe(202);
    expect((await send(url + bare, { body: chunked(fits), duplex: "half" })).status).toBe(202);
    for (const init of [{ body: over }, { body: chunked(over), duplex: "half" as const }]) {
      const answer = await send(url + bare, init);
      expect([answer.status, answer.body["code"]]).toEqual([413, "BODY_TOO_LARGE"]);
    }
    expect(await durableRecords(path)).toHaveLength(2);
  });

  test("a sender of 50 MB comes to read its 413, and its connection goes on", async () => {
    const { url } = await openIntake();
    for (let i = 0; i < 3; i += 1) {
      expect((await send(url + bare, { body: Buffer.alloc(50_000_000) })).status).toBe(413);
    }
    expect((await send(url + bare, { body: "x" })).status).toBe(202);
  });

  test("a body of more events than are allowed is 413", async () => {
    const { url, path } = await openIntake({ limits: { bodyEvents: 3 } });
    const line = '{"orgId":"acme","assetId":"a1","payload":1}\n';
    expect((await sendLines(url, line.repeat(4))).body).toMatchObject({ code: "TOO_MANY_EVENTS" });
    expect((await sendLines(url, line.repeat(3))).status).toBe(202);
    expect(await durableRecords(path)).toHaveLength(3);
  });

  test("an event that the topic does not take is 413, and those beside it are not taken", async () => {
    const { url, path, faults } = await openIntake({ maxRecordBytes: 1_000 });
    const large = `{"orgId":"acme","assetId":"a1","payload":"${"x".repeat(1_000)}"}\n`;
    const answer = await sendLines(url, `{"orgId":"acme","assetId":"a1","payload":1}\n${large}`);
    expect([answer.status, answer.body["code"]]).toEqual([413, "RECORD_TOO_LARGE"]);
    expect(faults).toEqual([]);
    expect(await durableRecords(path)).toEqual([]);
  });
});

test("a body in an encoding is 415 and says that none is taken", async () => {
  const { url } = await openIntake();
  const answer = await send(url + bare, { body: gzipSync("x"), headers: { "content-encoding": "gzip" } });
  expect([answer.status, answer.headers.get("accept-encoding")]).toEqual([415, "identity"]);
});

describe("too slow", () => {
  test("a body that stalls is 408, its connection is ended, and nothing of it is taken", async () => {
    const { port, path } = await openIntake({ limits: { requestTimeoutMs: 300 } });
    const { socket, answer } = openSocket(port);
    socket.write(`POST ${bare} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf`);
    const text = await answer;
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain('"code":"BODY_TIMEOUT"');
    expect(await durableRecords(path)).toEqual([]);
  });

  test("headers that stall end their connection too", async () => {
    const { port } = await openIntake({ limits: { requestTimeoutMs: 200 } });
    const { socket, answer } = openSocket(port);
    socket.write("POST /v1/events HTTP/1.1\r\nHost:");
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("a sender that goes away in the middle leaves nothing", async () => {
    const { port, path, url } = await openIntake();
    const { socket, answer } = openSocket(port);
    socket.write(`POST ${bare} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf`);
    await delay(50);
    socket.destroy();
    expect(await answer).toBe("");
    expect((await send(url + bare, { body: "whole" })).status).toBe(202);
    expect(await durableRecords(path)).toHaveLength(1);
  });
});

describe("too much waiting", () => {
  test("is 429 with Retry-After for what comes on top, until the first is done", async () => {
    const { url, port, path } = await openIntake({ limits: { waitingBytes: 1_000 } });
    const first = openSocket(port);
    first.socket.write(
      `POST ${bare} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 900\r\n\r\n${"x".repeat(899)}`,
    );
    await delay(100);
    const second = await send(url + bare, { body: "x".repeat(200) });
    expect([second.status, second.headers.get("retry-after"), second.body["code"]]).toEqual([
      429,
      "1",
      "TOO_MUCH_WAITING",
    ]);
    expect((await send(url + bare, { body: "x".repeat(100) })).status).toBe(202);
    first.socket.write("x");
    expect(await first.answer).toMatch(/^HTTP\/1\.1 202 /);
    expect((await send(url + bare, { body: "x".repeat(200) })).status).toBe(202);
    expect(await durableRecords(path)).toHaveLength(3);
  });

  test("a request that goes past the limit alone is taken, or it would never be", async () => {
    const { url } = await openIntake({ limits: { waitingBytes: 1_000 } });
    expect((await send(url + bare, { body: "x".repeat(50_000) })).status).toBe(202);
  });

  test("events count with what they take beside their bytes", async () => {
    const { url, port } = await openIntake({ limits: { waitingBytes: 20_000 } });
    const lines = '{"orgId":"a","assetId":"b","payload":1}\n';
    const { socket, answer } = openSocket(port);
    socket.write(
      `POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 10000\r\n\r\n${lines.repeat(18)}`,
    );
    await delay(100);
    expect((await send(url + bare, { body: "x".repeat(2_000) })).status).toBe(429);
    socket.destroy();
    await answer;
    await delay(100);
    expect((await send(url + bare, { body: "x".repeat(2_000) })).status).toBe(202);
  });
});
