import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { line, smallCatalog } from "./small-catalog.ts";
import { directoryWith, finished, millrace, startMillrace } from "./spawn-millrace.ts";

const free = ["--set", "http.listen=127.0.0.1:0"];

/** A stream processor over the small catalog, once it takes events. */
async function startDev(
  verb: readonly string[] = ["dev", "catalog"],
  files: Readonly<Record<string, string>> = {},
) {
  const catalog = Object.fromEntries(
    Object.entries(smallCatalog).map(([path, text]) => [`catalog/${path}`, text]),
  );
  const cwd = directoryWith({ ...catalog, ...files });
  const child = startMillrace([...verb, ...free], { cwd });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  const end = finished(child);
  await expect.poll(() => stderr, { timeout: 15_000 }).toMatch(/events are taken at (\S+)/);
  const address = /events are taken at (\S+)/.exec(stderr)?.[1] ?? "";
  const post = (lines: string): Promise<Response> =>
    fetch(`${address}/v1/events`, {
      method: "POST",
      body: lines,
      headers: { "content-type": "application/x-ndjson" },
    });
  return { child, cwd, end, address, post, stdout: () => stdout, stderr: () => stderr };
}

describe("dev", { timeout: 60_000 }, () => {
  test("takes events over HTTP and shows events, console lines, stack and snippet as they happen", async () => {
    const dev = await startDev();
    const lines = [line({ n: 1 }), line({ fail: true }), line({ n: 2 })].join("");
    expect((await dev.post(lines)).status).toBe(202);
    await expect.poll(dev.stdout).toMatch(/"n":2/);
    expect(dev.stdout().trim().split("\n")).toHaveLength(2);
    await expect.poll(dev.stderr).toMatch(/decode runtime\/UNCAUGHT \(acme\/echo 1\)/);
    expect(dev.stderr()).toMatch(/decode\.js:\d+:\d+\n +\d+ \|.*\n +\| +\^\n +at decode/);
    await expect.poll(dev.stderr).toMatch(/console\.log: /);
    dev.child.kill("SIGINT");
    expect((await dev.end).code).toBe(130);
  });

  test("takes a changed script into use within a second, with a label of its own, and drops no event", async () => {
    const dev = await startDev();
    const version = /"templateVersion":"([^"]*)"/g;
    const versions = (): string[] => [...dev.stdout().matchAll(version)].map(([, label]) => label ?? "");
    let sent = 0;
    const send = async (): Promise<void> => {
      expect((await dev.post(line({ n: sent }))).status).toBe(202);
      sent += 1;
    };
    await send();
    await expect.poll(versions).toEqual(["1"]);
    const file = join(dev.cwd, "catalog/acme/templates/echo/decode.js");
    writeFileSync(file, `${smallCatalog["acme/templates/echo/decode.js"]}\n// changed\n`);
    const changedMs = performance.now();
    while (!versions().some((label) => label !== "1") && performance.now() - changedMs < 5_000) {
      await send();
      await delay(20);
    }
    expect(performance.now() - changedMs).toBeLessThan(1_000);
    await expect.poll(() => versions().length).toBe(sent);
    expect(new Set(versions())).toEqual(new Set(["1", expect.stringMatching(/^1\+[0-9a-f]{8}$/)]));
    dev.child.kill("SIGTERM");
    await dev.end;
  });

  test("goes on with the last catalog while the directory cannot be read, and says what is wrong with a template", async () => {
    const dev = await startDev();
    writeFileSync(join(dev.cwd, "catalog/acme/templates/echo/decode.js"), "function decode( {");
    await expect.poll(dev.stderr, { timeout: 5_000 }).toMatch(/echo\/decode\.js:1: /);
    await dev.post(line({ n: 1 }));
    await expect.poll(dev.stderr).toMatch(/syntax\/SYNTAX_ERROR/);
    dev.child.kill("SIGINT");
    await dev.end;
  });

  test("a second one on the same log is refused in one line, and the first goes on", async () => {
    const dev = await startDev();
    const second = await millrace(["dev", "catalog", ...free], { cwd: dev.cwd });
    expect(second.code).toBe(3);
    expect(second.stderr).toMatch(new RegExp(`process ${dev.child.pid}\\b`));
    await dev.post(line({ n: 7 }));
    await expect.poll(dev.stdout).toMatch(/"n":7/);
    dev.child.kill("SIGINT");
    expect((await dev.end).code).toBe(130);
  });

  test("a reader that goes away ends it", async () => {
    const dev = await startDev();
    dev.child.stdout?.destroy();
    await dev.post(line({ n: 1 }));
    expect((await dev.end).code).toBe(0);
  });
});

describe("serve", { timeout: 60_000 }, () => {
  const config = { "millrace.yaml": "catalog: dir:./catalog\nlog: sqlite:./state/log.db\n" };

  test("reads its configuration, is healthy and ready, and drains on SIGTERM", async () => {
    const serve = await startDev(["serve", "--config", "millrace.yaml"], config);
    expect((await fetch(`${serve.address}/healthz`)).status).toBe(200);
    await expect.poll(async () => (await fetch(`${serve.address}/readyz`)).status).toBe(200);
    await serve.post(line({ n: 1 }).repeat(50));
    const tail = ["tail", "events", "--from", "beginning", "--count", "50", "--config", "millrace.yaml"];
    const tailed = await millrace(tail, { cwd: serve.cwd });
    expect(tailed.stdout.trim().split("\n")).toHaveLength(50);
    serve.child.kill("SIGTERM");
    expect(await serve.end).toMatchObject({ code: 130, stdout: "" });
  });

  test("goes on where the one before was stopped", async () => {
    const serve = await startDev(["serve", "--config", "millrace.yaml"], config);
    serve.child.kill("SIGTERM");
    await serve.end;
    const produced = await millrace(["produce", "--input", "-", "--config", "millrace.yaml"], {
      cwd: serve.cwd,
      input: line({ n: 1 }).repeat(20),
    });
    expect(produced.code).toBe(0);
    const again = startMillrace(["serve", "--config", "millrace.yaml", ...free], { cwd: serve.cwd });
    const tail = await millrace(
      ["tail", "events", "--from", "beginning", "--count", "20", "--config", "millrace.yaml"],
      { cwd: serve.cwd },
    );
    expect(tail.stdout.trim().split("\n")).toHaveLength(20);
    again.kill("SIGTERM");
    await once(again, "exit");
  });

  test.each([
    ["no catalog", "log: sqlite:./x.db\n", /no catalog is named/],
    ["an unknown key", "catalogue: dir:./catalog\n", /unknown key "catalogue"; did you mean "catalog"\?/],
    ["a wrong address", "catalog: dir:./catalog\nlog: kafkaa://x\n", /log/],
    ["a catalog that is not there", "catalog: dir:./nowhere\n", /nowhere does not exist/],
    [
      "an address that strangers reach",
      "catalog: dir:./catalog\nhttp: { listen: '0.0.0.0:0' }\n",
      /http\.token/,
    ],
  ])("%s is one clear line and exit code 2", async (_name, text, message) => {
    const catalog = Object.fromEntries(
      Object.entries(smallCatalog).map(([path, file]) => [`catalog/${path}`, file]),
    );
    const cwd = directoryWith({ ...catalog, "c.yaml": text });
    const { code, stdout, stderr } = await millrace(["serve", "--config", "c.yaml"], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.trim().split("\n").at(-1)).toMatch(message);
  });

  test("a port that is taken is one clear line and exit code 2", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const catalog = Object.fromEntries(
      Object.entries(smallCatalog).map(([path, file]) => [`catalog/${path}`, file]),
    );
    const cwd = directoryWith({
      ...catalog,
      "c.yaml": `catalog: dir:./catalog\nhttp: { listen: '127.0.0.1:${port}' }\n`,
    });
    const { code, stderr } = await millrace(["serve", "--config", "c.yaml"], { cwd });
    taken.close();
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot listen on 127\.0\.0\.1:\d+: another program has this port/);
  });
});
