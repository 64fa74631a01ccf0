import { describe, expect, test } from "vitest";
import { durableRecords, headerTexts, openIntake, send, sendLines, topic } from "./intake-server.ts";

const line = (n: number, more: object = {}): string =>
  `${JSON.stringify({ orgId: "acme", assetId: "a1", payload: { n }, ...more })}\n`;

describe("a bare payload", () => {
  test("is durable, byte by byte, when 202 comes, with its place", async () => {
    const { url, path, intake, log } = await openIntake();
    const bytes = Buffer.from([0x00, 0xff, 0x0a, 0x0d, 0x01]);
    const before = Date.now();
    const answer = await send(`${url}/v1/orgs/acme/assets/70B3D57ED0051234/events`, {
      body: bytes,
      headers: { "content-type": "application/octet-stream" },
    });
    expect([answer.status, answer.body]).toEqual([
      202,
      { count: 1, place: { topic, partition: expect.any(Number) as number, offset: 0 } },
    ]);
    await intake.close();
    await log.close();
    const [record, ...others] = await durableRecords(path);
    expect(others).toEqual([]);
    expect(Buffer.from(record!.value!)).toEqual(bytes);
    expect(Buffer.from(record!.key!).toString()).toBe("acme/70B3D57ED0051234");
    expect(headerTexts(record!)).toEqual([
      ["org", "acme"],
      ["asset", "70B3D57ED0051234"],
      ["time", new Date(record!.timestampMs).toISOString()],
      ["content-type", "application/octet-stream"],
    ]);
    expect(record!.timestampMs).toBeGreaterThanOrEqual(before);
    expect(record!.timestampMs).toBeLessThanOrEqual(Date.now());
  });

  test("has its envelope in headers, of which only those that are named reach the record", async () => {
    const { url, path } = await openIntake();
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const answer = await send(`${url}/v1/orgs/acme/assets/caf%C3%A9%2F1/events?event=up`, {
      body: "21.5",
      headers: {
        "Content-Type": "text/plain; charset=utf-8",
        "Millrace-Event-Id": "e-1",
        "Millrace-Time": "2025-03-01T09:15:00+01:00",
        "Millrace-Template": "thermo",
        "Millrace-Attributes": Buffer.from('{"room":"Küche"}').toString("latin1"),
        "Millrace-Header-Gateway": "gw-7",
        traceparent,
        "x-api-key": "secret",
        cookie: "secret=1",
      },
    });
    expect(answer.status).toBe(202);
    const [record] = await durableRecords(path);
    expect(headerTexts(record!)).toEqual([
      ["org", "acme"],
      ["asset", "café/1"],
      ["time", "2025-03-01T08:15:00.000Z"],
      ["event-id", "e-1"],
      ["template", "thermo"],
      ["content-type", "text/plain; charset=utf-8"],
      ["attributes", '{"room":"Küche"}'],
      ["traceparent", traceparent],
      ["gateway", "gw-7"],
    ]);
  });

  test("may be empty and without a media type", async () => {
    const { url, path } = await openIntake();
    expect((await send(`${url}/v1/orgs/acme/assets/a1/events`)).status).toBe(202);
    const [record] = await durableRecords(path);
    expect(record!.value).toHaveLength(0);
    expect(headerTexts(record!).map(([name]) => name)).toEqual(["org", "asset", "time"]);
  });

  test("has an asset of 256 bytes, each of them written as %XX", async () => {
    const { url, path } = await openIntake();
    expect((await send(`${url}/v1/orgs/acme/assets/${"%41".repeat(256)}/events`)).status).toBe(202);
    expect(Buffer.from((await durableRecords(path))[0]!.key!).toString()).toBe(`acme/${"A".repeat(256)}`);
  });

  test.each([
    ["/v1/orgs/no%20body/assets/a1/events", {}, "BAD_ID", /the org in the path may hold only/],
    ["/v1/orgs/acme/assets/%20a/events", {}, "BAD_ID", /the asset in the path begins or ends/],
    ["/v1/orgs/acme/assets/a%00b/events", {}, "BAD_ID", /control character/],
    ["/v1/orgs/acme/assets/%/events", {}, "BAD_REQUEST", /not a valid url/],
    ["/v1/orgs/acme/assets/a1/events", { "millrace-time": "noon" }, "BAD_TIME", /Millrace-Time/],
    ["/v1/orgs/acme/assets/a1/events", { "millrace-template": "a b" }, "BAD_ID", /Millrace-Template/],
    ["/v1/orgs/acme/assets/a1/events", { "millrace-event-id": "" }, "BAD_ID", /Millrace-Event-Id is empty/],
    ["/v1/orgs/acme/assets/a1/events", { "millrace-attributes": "[1]" }, "BAD_ATTRIBUTES", /one JSON object/],
    ["/v1/orgs/acme/assets/a1/events", { "millrace-attributes": "{" }, "BAD_ATTRIBUTES", /one JSON object/],
    [
      "/v1/orgs/acme/assets/a1/events",
      { "millrace-eventid": "e" },
      "BAD_HEADER",
      /millrace-eventid is not one of/,
    ],
    ["/v1/orgs/acme/assets/a1/events", { "millrace-header-org": "e" }, "BAD_HEADER", /not one of/],
    ["/v1/orgs/acme/assets/a1/events", { "millrace-header-x": "\u00ff" }, "BAD_HEADER", /UTF-8/],
  ])("%s with %j is 400 %s", async (path, headers, code, message) => {
    const server = await openIntake();
    const answer = await send(server.url + path, { body: "x", headers: headers as Record<string, string> });
    expect([answer.status, answer.body["code"]]).toEqual([400, code]);
    expect(answer.body["message"]).toMatch(message);
    expect(await durableRecords(server.path)).toEqual([]);
  });
});

describe("NDJSON", () => {
  test("is durable as a whole when 202 comes; events without an id get none", async () => {
    const { url, path } = await openIntake();
    const answer = await sendLines(
      url,
      `${line(1)}\r\n${line(2, { eventId: "line-3", headers: { X: "y" } })}`,
    );
    expect([answer.status, answer.body]).toEqual([202, { count: 2 }]);
    const records = await durableRecords(path);
    expect(records.map((record) => Buffer.from(record.value!).toString())).toEqual(['{"n":1}', '{"n":2}']);
    const common = [
      ["org", "acme"],
      ["asset", "a1"],
      ["time", new Date(records[0]!.timestampMs).toISOString()],
    ];
    expect(records.map(headerTexts)).toEqual([
      [...common, ["content-type", "application/json"]],
      [...common, ["event-id", "line-3"], ["content-type", "application/json"], ["x", "y"]],
    ]);
  });

  test("that is bad in its 700th line is refused with that line, and nothing of it is taken", async () => {
    const { url, path } = await openIntake();
    const lines = Array.from({ length: 999 }, (_, n) => (n === 699 ? '{"orgId":"acme"\n' : line(n)));
    const answer = await sendLines(url, lines.join(""));
    expect([answer.status, answer.body["code"], answer.body["line"]]).toEqual([400, "NOT_JSON", 700]);
    expect(answer.body["message"]).toMatch(/^line 700: it is not JSON/);
    expect(await durableRecords(path)).toEqual([]);
  });

  test.each([
    ['{"assetId":"a1","payload":1}', 400, "BAD_LINE"],
    ['{"orgId":"acme","assetId":"a1"}', 400, "NO_PAYLOAD"],
    ['{"orgId":"acme","assetId":"a1","payload":1,"payloadHex":"00"}', 400, "TWO_PAYLOADS"],
    ['{"orgId":"a b","assetId":"a1","payload":1}', 400, "BAD_ID"],
    [`{"orgId":"acme","assetId":"a1","payload":"${"x".repeat(100_000)}"}`, 413, "PAYLOAD_TOO_LARGE"],
    [`{"orgId":"acme","assetId":"a1","payload":"${"x".repeat(200_000)}"}`, 413, "LINE_TOO_LARGE"],
  ])("%# a second line that is no event is refused with its code", async (bad, status, code) => {
    const { url, path } = await openIntake();
    const answer = await sendLines(url, `${line(1)}${bad}\n${line(3)}`);
    expect([answer.status, answer.body["code"], answer.body["line"]]).toEqual([status, code, 2]);
    expect(await durableRecords(path)).toEqual([]);
  });

  test("without an event is refused", async () => {
    const { url } = await openIntake();
    expect((await sendLines(url, "\n \n")).body).toMatchObject({ code: "NO_EVENTS" });
    expect((await sendLines(url, " ", "application/json")).body).toMatchObject({ code: "NO_EVENTS" });
  });

  test("may be one object over several lines as application/json, and no array", async () => {
    const { url, path } = await openIntake();
    const object = JSON.stringify({ orgId: "acme", assetId: "a1", payload: 1 }, null, 2);
    expect((await sendLines(url, object, "Application/JSON; charset=utf-8")).status).toBe(202);
    expect((await sendLines(url, `[${object}]`, "application/json")).status).toBe(400);
    expect(await durableRecords(path)).toHaveLength(1);
  });

  test.each(["", "text/plain", "application/x-www-form-urlencoded", "nonsense", "constructor"])(
    "as %j is 415",
    async (type) => {
      const { url, path } = await openIntake();
      const answer = await send(`${url}/v1/events`, {
        body: Buffer.from(line(1)),
        headers: type === "" ? {} : { "content-type": type },
      });
      expect([answer.status, answer.body["code"]]).toEqual([415, "BAD_MEDIA_TYPE"]);
      expect(await durableRecords(path)).toEqual([]);
    },
  );
});

test("a path that is not there is 404, and a method that a path does not take is 405 with those that it takes", async () => {
  const { url } = await openIntake();
  expect((await send(`${url}/v1/event`)).status).toBe(404);
  expect((await send(`${url}/v1/orgs/acme/assets/a/b/events`)).status).toBe(404);
  for (const method of ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
    const answer = await send(`${url}/v1/events`, { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  }
  expect((await send(`${url}/v1/orgs/acme/assets/a/events`, { method: "GET" })).status).toBe(405);
  expect((await send(`${url}/healthz`)).headers.get("allow")).toBe("GET, HEAD");
});

test("a hundred clients at once: each event is there once, and each asset's in the order of its posts", async () => {
  const { url, path } = await openIntake();
  const client = async (n: number): Promise<void> => {
    for (let i = 0; i < 20; i += 1) {
      const answer = await send(`${url}/v1/orgs/acme/assets/a${n}/events`, { body: `${n}:${i}` });
      expect(answer.status).toBe(202);
    }
  };
  await Promise.all(Array.from({ length: 100 }, (_, n) => client(n)));
  const byAsset = Map.groupBy(await durableRecords(path), ({ key }) => Buffer.from(key!).toString());
  expect(byAsset.size).toBe(100);
  for (const [key, records] of byAsset) {
    const n = key.slice("acme/a".length);
    expect(records.map(({ value }) => Buffer.from(value!).toString())).toEqual(
      Array.from({ length: 20 }, (_, i) => `${n}:${i}`),
    );
  }
});
