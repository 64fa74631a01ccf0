import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { durableRecords, openIntake, openSocket, send } from "./intake-server.ts";

const bare = "/v1/orgs/acme/assets/a1/events";

describe("listening", () => {
  test("a port that is taken is one line that says so", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(openIntake({ listen: { host: "127.0.0.1", port } })).rejects.toMatchObject({
      code: "CONFIG",
      message: `http.listen: cannot listen on 127.0.0.1:${port}: another program has this port; name another port, or end that program`,
    });
  });

  test("an address that this machine does not have is one line that says so", async () => {
    const listen = { host: "192.0.2.1", port: 0 };
    await expect(openIntake({ listen, token: "0123456789abcdef" })).rejects.toMatchObject({
      code: "CONFIG",
      message: "http.listen: cannot listen on 192.0.2.1:0: this machine has no such address",
    });
  });

  test.each(["0.0.0.0", "::", "192.0.2.1"])("%s is refused without a token", async (host) => {
    await expect(openIntake({ listen: { host, port: 0 } })).rejects.toMatchObject({
      code: "CONFIG",
      message: expect.stringMatching(/can be reached from elsewhere; set http\.token or/) as string,
    });
  });

  test("0.0.0.0 is taken with one", async () => {
    const { port } = await openIntake({ listen: { host: "0.0.0.0", port: 0 }, token: "0123456789abcdef" });
    expect((await send(`http://127.0.0.1:${port}/healthz`, { method: "GET" })).status).toBe(200);
  });
});

describe("readiness", () => {
  test("says why not, as often as it is asked", async () => {
    let reasons: readonly string[] = ["the catalog is not read yet"];
    const { url } = await openIntake({ ready: async () => reasons });
    const first = await send(`${url}/readyz`, { method: "GET" });
    expect([first.status, first.body]).toEqual([503, { status: "not ready", reasons }]);
    reasons = [];
    const second = await send(`${url}/readyz`, { method: "GET" });
    expect([second.status, second.body]).toEqual([200, { status: "ready" }]);
  });

  test("a check that breaks is 500, told here and not to whoever asked", async () => {
    const { url, faults } = await openIntake({
      ready: () => {
        throw new Error("secret path");
      },
    });
    const answer = await send(`${url}/readyz`, { method: "GET" });
    expect([answer.status, answer.body["code"]]).toEqual([500, "INTERNAL"]);
    expect(JSON.stringify(answer.body)).not.toContain("secret");
    expect(faults).toMatchObject([{ code: "INTERNAL", message: "HTTP: Error: secret path" }]);
  });
});

test("a log that cannot take it is 503 with Retry-After; what it says stays here", async () => {
  const { url, log, faults, path } = await openIntake();
  await log.close();
  const answer = await send(url + bare, { body: "x" });
  expect([answer.status, answer.headers.get("retry-after"), answer.body["code"]]).toEqual([
    503,
    "1",
    "LOG_UNAVAILABLE",
  ]);
  expect(JSON.stringify(answer.body)).not.toContain(path);
  expect(faults).toMatchObject([{ code: "CLOSED" }]);
});

describe("closing", () => {
  /** A request whose body is half there. */
  const begin = (port: number, headers = "") => {
    const open = openSocket(port);
    open.socket.write(`POST ${bare} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: 4\r\n\r\nha`);
    return open;
  };

  test("finishes what has begun and then ends its connection, takes nothing new, and idle connections end at once", async () => {
    const { url, port, intake, path } = await openIntake();
    const begun = begin(port);
    const silent = openSocket(port);
    const idle = openSocket(port);
    idle.socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await delay(100);
    let isClosed = false;
    const closed = intake.close().then(() => (isClosed = true));
    expect(await idle.answer).toMatch(/^HTTP\/1\.1 200 /);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    await delay(100);
    expect(isClosed).toBe(false);
    begun.socket.write("lf");
    const answer = await begun.answer;
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
    expect(answer.toLowerCase()).toContain("connection: close");
    await closed;
    expect(await silent.answer).toBe("");
    expect((await durableRecords(path)).map(({ value }) => Buffer.from(value!).toString())).toEqual(["half"]);
  });

  test("a connection that is still busy hears 503 for what it sends on", async () => {
    const { port, intake } = await openIntake();
    const begun = begin(port);
    const other = begin(port);
    await delay(100);
    const closed = intake.close();
    begun.socket.write(`lfPOST ${bare} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx`);
    const answer = await begun.answer;
    expect(answer.match(/HTTP\/1\.1 \d+/g)?.[0]).toBe("HTTP/1.1 202");
    expect(answer).not.toMatch(/HTTP\/1\.1 202[^]*HTTP\/1\.1 202/);
    other.socket.write("lf");
    await closed;
  });

  test("a body that stalls holds it up no longer than a request may take", async () => {
    const { port, intake } = await openIntake({ limits: { requestTimeoutMs: 300 } });
    const begun = begin(port);
    await delay(50);
    const startedMs = performance.now();
    await intake.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await begun.answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("may be asked for twice", async () => {
    const { intake } = await openIntake();
    await Promise.all([intake.close(), intake.close()]);
  });
});
