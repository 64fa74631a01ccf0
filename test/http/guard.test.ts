import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { isLocalAuthority, isLoopback } from "../../src/http/loopback.ts";
import { durableRecords, openIntake, openSocket, send } from "./intake-server.ts";

const bare = "/v1/orgs/acme/assets/a1/events";
const token = "0123456789abcdef-XYZ";

/** As `fetch` would, which sets Host and Origin itself. */
function statusWith(port: number, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path: bare, method: "POST", headers }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode));
    });
    sent.once("error", reject).end("x");
  });
}

describe("on a loopback without a token", () => {
  test.each([
    [{ host: "localhost:8080" }, 202],
    [{ host: "127.0.0.1" }, 202],
    [{ host: "[::1]:8080" }, 202],
    [{ host: "LOCALHOST" }, 202],
    [{ host: "localhost", origin: "http://localhost:3000" }, 202],
    [{ host: "localhost", origin: "http://127.0.0.1:3000" }, 202],
    [{ host: "evil.example" }, 403],
    [{ host: "evil.example:8080" }, 403],
    [{ host: "localhost.evil.example" }, 403],
    [{ host: "127.0.0.1.evil.example" }, 403],
    [{ host: "192.168.1.5:8080" }, 403],
    [{ host: "localhost", origin: "https://evil.example" }, 403],
    [{ host: "localhost", origin: "http://localhost.evil.example" }, 403],
    [{ host: "localhost", origin: "null" }, 403],
  ])("a request with %j is %d", async (headers, status) => {
    const { port, path } = await openIntake();
    expect(await statusWith(port, headers as Record<string, string>)).toBe(status);
    expect(await durableRecords(path)).toHaveLength(status === 202 ? 1 : 0);
  });

  test("health too is for nobody else", async () => {
    const { port } = await openIntake();
    const { socket, answer } = openSocket(port);
    socket.write("GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    expect(await answer).toMatch(/^HTTP\/1\.1 403 [^]*FOREIGN_HOST/);
  });
});

describe("with a token", () => {
  test.each([
    ["none", undefined, 401],
    ["another", "Bearer 0123456789abcdef-XYz", 401],
    ["the beginning of it", "Bearer 0123456789abcdef", 401],
    ["it and more", `Bearer ${token}x`, 401],
    ["it in another scheme", `Basic ${token}`, 401],
    ["an empty one", "Bearer ", 401],
    ["it", `Bearer ${token}`, 202],
    ["it, the scheme in lower case", `bearer ${token}`, 202],
  ])("a request with %s", async (_what, authorization, status) => {
    const { url, path } = await openIntake({ token });
    const answer = await send(url + bare, {
      body: "x",
      ...(authorization !== undefined && { headers: { authorization } }),
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("www-authenticate")).toBe(status === 401 ? 'Bearer realm="millrace"' : null);
    expect(await durableRecords(path)).toHaveLength(status === 202 ? 1 : 0);
  });

  test("only health goes without, and nothing says which paths there are", async () => {
    const { url } = await openIntake({ token });
    expect((await send(`${url}/healthz`, { method: "GET" })).status).toBe(200);
    expect((await send(`${url}/readyz`, { method: "GET" })).status).toBe(200);
    for (const path of ["/v1/events", "/nothing", "/healthz/", "/readyz%2f"]) {
      expect((await send(url + path, { method: "GET" })).status).toBe(401);
    }
  });

  test("other names and pages may be, for they do not know it", async () => {
    const { port } = await openIntake({ token });
    const headers = {
      host: "ingest.example",
      origin: "https://app.example",
      authorization: `Bearer ${token}`,
    };
    expect(await statusWith(port, headers)).toBe(202);
  });
});

test("a loopback is told from what only looks like one", () => {
  for (const address of ["127.0.0.1", "127.255.0.9", "::1"]) expect(isLoopback(address)).toBe(true);
  for (const address of ["0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "::2", "localhost", ""])
    expect(isLoopback(address)).toBe(false);
  for (const authority of ["localhost", "localhost:1", "[::1]", "127.9.9.9:80"])
    expect(isLocalAuthority(authority)).toBe(true);
  for (const authority of ["", ":80", "localhost:80:80", "[localhost]:80", "::1", "a@localhost"])
    expect(isLocalAuthority(authority)).toBe(false);
});
