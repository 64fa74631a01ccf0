import { createHash } from "node:crypto";
import { once } from "node:events";
import { openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { checkOutcomeLine } from "../../src/model/validators.ts";
import { line, smallCatalog } from "./small-catalog.ts";
import { directoryWith, finished, millrace, startMillrace, type Finished } from "./spawn-millrace.ts";

const now = "2025-03-01T08:15:00.412Z";

/** An outcome line, as far as these tests look into it. */
interface Line {
  readonly outcome: string;
  readonly event?: { readonly data: { readonly n: number } };
  readonly rejection?: Readonly<Record<string, unknown>>;
}

function outcomes({ stdout }: Finished): readonly Line[] {
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((text) => JSON.parse(text) as Line);
}

function runOf(catalog: string, input: string | Uint8Array, ...flags: string[]): Promise<Finished> {
  return millrace(["run", "--catalog", catalog, "--input", "-", "--now", now, ...flags], { input });
}

describe("outcomes", () => {
  test("each raw event is one line, in the order of the input, as the contract has it", async () => {
    const input =
      line({ n: 1 }) +
      line({ skip: true }) +
      line({ twice: true, n: 2 }) +
      line({ fail: true }) +
      line({ n: 3 }, { eventId: "e5", time: "2025-01-01T01:00:00+01:00" });
    const result = await runOf(directoryWith(smallCatalog), input);
    expect(result.code).toBe(0);
    for (const outcome of outcomes(result))
      expect(checkOutcomeLine(outcome)).toMatchObject({ kind: "valid" });
    expect(outcomes(result)).toMatchObject([
      {
        outcome: "standard",
        event: { eventId: "line-1", data: { n: 1, room: "101" }, created: now, ingested: now },
      },
      { outcome: "filtered", eventId: "line-2" },
      { outcome: "standard", events: [{ eventId: "line-3.0" }, { eventId: "line-3.1" }] },
      {
        outcome: "rejected",
        rejection: {
          eventId: "line-4",
          stage: "decode",
          type: "runtime",
          message: "RangeError: asked to fail",
        },
      },
      { outcome: "standard", event: { eventId: "e5", created: "2025-01-01T00:00:00.000Z", ingested: now } },
    ]);
    expect(result.stderr).toMatch(
      /^millrace: 5 raw events: 3 standard \(4 events\), 1 filtered, 1 rejected \(runtime 1\), in [\d.]+ m?s\n$/,
    );
  });

  test("an input from a file gives the same bytes as one from the standard input", async () => {
    const dir = directoryWith({ ...smallCatalog, "events.ndjson": line({ n: 1 }) + line({ fail: true }) });
    const fromFile = await millrace(["run", "--catalog", dir, "--input", "events.ndjson", "--now", now], {
      cwd: dir,
    });
    const fromStdin = await runOf(dir, line({ n: 1 }) + line({ fail: true }));
    expect(fromFile.stdout).toBe(fromStdin.stdout);
    expect(fromFile.code).toBe(0);
  });

  test("a hundred thousand lines come out in order and complete", { timeout: 60_000 }, async () => {
    const dir = directoryWith(smallCatalog);
    const input = Array.from({ length: 100_000 }, (_, n) => line({ n })).join("");
    const result = await runOf(dir, input);
    expect(outcomes(result).map((outcome) => outcome.event?.data.n)).toEqual(
      Array.from({ length: 100_000 }, (_, n) => n),
    );
  });

  test("no input is no line", async () => {
    const result = await runOf(directoryWith(smallCatalog), "");
    expect([result.code, result.stdout]).toEqual([0, ""]);
    expect(result.stderr).toMatch(/^millrace: 0 raw events/);
  });

  test("--fail-on-rejected exits with 1 only if something was rejected", async () => {
    const dir = directoryWith(smallCatalog);
    expect((await runOf(dir, line({ n: 1 }), "--fail-on-rejected")).code).toBe(0);
    expect((await runOf(dir, line({ fail: true }), "--fail-on-rejected")).code).toBe(1);
  });

  test("--debug shows console lines, the failing line with a caret, and the stack", async () => {
    const result = await runOf(directoryWith(smallCatalog), line({ n: 7 }) + line({ fail: true }), "--debug");
    expect(outcomes(result)).toMatchObject([
      { outcome: "standard" },
      { outcome: "rejected", rejection: { stack: expect.stringContaining("decode.js:2") as string } },
    ]);
    expect(result.stderr).toContain("decode console.log: decoding 7");
    expect(result.stderr).toMatch(
      /2 \|   if \(payload\.fail\) throw new RangeError\("asked to fail"\);\n +\| +\^/,
    );
  });
});

describe("bad lines cost their neighbours nothing", () => {
  const bad: readonly (readonly [text: string | Uint8Array, expected: Readonly<Record<string, unknown>>])[] =
    [
      ["{nope\n", { code: "NOT_JSON", orgId: null }],
      ['{"assetId":"a1","payload":1}\n', { code: "BAD_LINE", orgId: null, assetId: "a1" }],
      [
        '{"orgId":"acme","assetId":"ghost","payload":1}\n',
        { code: "UNKNOWN_ASSET", orgId: "acme", assetId: "ghost" },
      ],
      ['{"orgId":"nobody","assetId":"a1","payload":1}\n', { code: "UNKNOWN_ORG", orgId: null }],
      ['{"orgId":"no body","assetId":"a1","payload":1}\n', { code: "BAD_ID", orgId: null }],
      ['{"orgId":"acme","assetId":"a1","payloadBase64":"*"}\n', { code: "BAD_BASE64" }],
      ['{"orgId":"acme","assetId":"a1","payload":1,"payloadHex":"00"}\n', { code: "TWO_PAYLOADS" }],
      ['{"orgId":"acme","assetId":"a1"}\n', { code: "NO_PAYLOAD" }],
      ['{"orgId":"acme","assetId":"a1","payload":1,"colour":1}\n', { code: "BAD_LINE" }],
      ['{"orgId":"acme","assetId":"a1","payload":1,"time":"noon"}\n', { code: "BAD_TIME" }],
      [Buffer.from([0x22, 0xff, 0x22, 0x0a]), { code: "NOT_JSON" }],
    ];

  test("each is a rejection with its line number, between neighbours that come through", async () => {
    const input = Buffer.concat(bad.flatMap(([text], n) => [Buffer.from(line({ n })), Buffer.from(text)]));
    const result = await runOf(directoryWith(smallCatalog), input);
    expect(result.code).toBe(0);
    const lines = outcomes(result);
    expect(lines.length).toBe(2 * bad.length);
    for (const [n, [, expected]] of bad.entries()) {
      const [good, rejected] = lines.slice(2 * n, 2 * n + 2);
      const number = 2 * n + 2;
      expect(good?.event?.data.n).toBe(n);
      expect(checkOutcomeLine(rejected)).toMatchObject({ kind: "valid" });
      expect(rejected?.rejection).toMatchObject({
        stage: "intake",
        type: "envelope",
        eventId: `line-${number}`,
        record: { offset: number },
        ...expected,
      });
    }
  });

  test(
    "a line of 50 MB is rejected with its size and hash, and its bytes are not kept",
    { timeout: 30_000 },
    async () => {
      const huge = Buffer.alloc(50_000_000, "x");
      const input = Buffer.concat([Buffer.from(line({ n: 1 })), huge, Buffer.from(`\n${line({ n: 3 })}`)]);
      const result = await runOf(directoryWith(smallCatalog), input);
      const sha256 = createHash("sha256").update(huge).digest("hex");
      expect(outcomes(result)).toMatchObject([
        { outcome: "standard" },
        {
          outcome: "rejected",
          rejection: {
            code: "LINE_TOO_LARGE",
            orgId: null,
            record: { offset: 2, payloadOmitted: { bytes: 50_000_000, sha256 } },
          },
        },
        { outcome: "standard" },
      ]);
      expect(result.stdout.length).toBeLessThan(5000);
    },
  );
});

describe("a broken catalog costs its neighbours nothing", () => {
  const neighbour = Object.fromEntries(
    Object.entries(smallCatalog).map(([path, text]) => [path.replace("acme/", "other/"), text]),
  );
  const throughBoth = line({ n: 1 }) + line({ n: 2 }, { orgId: "other" });

  test.each([
    ["a syntax error", { "acme/templates/echo/decode.js": "function decode( {\n" }, /decode\.js:\d+/],
    [
      "a stage file that is missing",
      { "acme/templates/echo/template.json": '{ "version": "1", "decode": "gone.js" }' },
      /gone\.js/,
    ],
    [
      "an unknown key",
      { "acme/templates/echo/template.json": '{ "version": "1", "decod": "decode.js" }' },
      /decod/,
    ],
  ])("%s", async (_name, change, said) => {
    const dir = directoryWith({ ...smallCatalog, ...neighbour, ...change });
    const result = await runOf(dir, throughBoth);
    expect(result.code).toBe(0);
    expect(outcomes(result)).toMatchObject([
      { outcome: "rejected", rejection: { type: "syntax", orgId: "acme", templateId: "echo" } },
      { outcome: "standard" },
    ]);
    expect(result.stderr.split("\n")[0]).toMatch(said);
  });
});

describe("usage", () => {
  test.each([
    [["run", "--input", "-"], "no catalog is named; give --catalog DIR, or set catalog in the configuration"],
    [["run", "--catalog", "x"], "required option '--input <file>' not specified"],
    [["run", "--catalog", "x", "--input", "/no/such"], "cannot read /no/such: no such file"],
    [["run", "--catalog", "x", "--input", "/tmp"], "cannot read /tmp: it is a directory"],
    [
      ["run", "--catalog", "x", "--input", "-", "--now", "today"],
      '--now "today" is not ISO 8601 with a zone, as in 2025-01-31T12:00:00Z',
    ],
    [
      ["run", "--catalog", "x", "--input", "-", "--progress", "always"],
      "option '--progress <when>' argument 'always' is invalid. Allowed choices are auto, never.",
    ],
  ])("%j is one clear line and exit code 2", async (args, message) => {
    expect(await millrace(args)).toEqual({
      code: 2,
      signal: null,
      stdout: "",
      stderr: `millrace: ${message}\n`,
    });
  });

  test("a catalog that is not there is one clear line and exit code 2", async () => {
    const { code, stderr } = await runOf(join(directoryWith(), "nowhere"), "");
    expect(code).toBe(2);
    expect(stderr).toMatch(/^millrace: the catalog .*nowhere does not exist\n$/);
  });

  test("the catalog may come from the configuration file, relative to it", async () => {
    const files = Object.entries(smallCatalog).map(([path, text]) => [`conf/cat/${path}`, text] as const);
    const root = directoryWith({ ...Object.fromEntries(files), "conf/m.yaml": "catalog: dir:./cat\n" });
    const args = ["run", "--config", "conf/m.yaml", "--input", "-"];
    const result = await millrace(args, { cwd: root, input: line({ n: 1 }) });
    expect(outcomes(result)).toMatchObject([{ outcome: "standard" }]);
  });
});

describe("where the output goes", () => {
  test("a full disk is one clear line and exit code 3", async () => {
    const dir = directoryWith({ ...smallCatalog, "events.ndjson": line({ n: 1 }).repeat(5000) });
    const child = startMillrace(["run", "--catalog", dir, "--input", join(dir, "events.ndjson")], {
      stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
    });
    const result = await finished(child);
    expect([result.code, result.stderr]).toEqual([
      3,
      "millrace: cannot write to the standard output: the disk is full (ENOSPC)\n",
    ]);
  });

  test("a reader that leaves early is no error, even where more input never comes", async () => {
    const child = startMillrace(["run", "--catalog", directoryWith(smallCatalog), "--input", "-"]);
    const end = finished(child);
    child.stdin?.on("error", () => undefined);
    child.stdin?.write(line({ n: 1 }));
    await once(child.stdout!, "data");
    child.stdout!.destroy();
    // The standard input stays open: the next line is what meets the closed pipe.
    child.stdin?.write(line({ n: 2 }));
    const result = await end;
    expect([result.code, result.stderr]).toEqual([0, ""]);
  });

  test("a reader that is slow is waited for", { timeout: 30_000 }, async () => {
    const dir = directoryWith({ ...smallCatalog, "events.ndjson": line({ n: 1 }).repeat(20_000) });
    const child = startMillrace(["run", "--catalog", dir, "--input", join(dir, "events.ndjson")]);
    // Nobody reads yet: the pipe fills, and the program has to wait.
    await delay(1500);
    expect(child.exitCode).toBeNull();
    const result = await finished(child);
    expect([result.code, outcomes(result).length]).toEqual([0, 20_000]);
  });
});

describe("Ctrl-C", () => {
  test("finishes what was read, prints the summary and exits with 130", async () => {
    const child = startMillrace(["run", "--catalog", directoryWith(smallCatalog), "--input", "-"]);
    const end = finished(child);
    child.stdin?.write(line({ n: 1 }) + line({ n: 2 }));
    await once(child.stdout!, "data");
    child.kill("SIGINT");
    const result = await end;
    expect(result.code).toBe(130);
    expect(outcomes(result).length).toBe(2);
    expect(result.stderr).toMatch(/finishing what has begun[^]*2 raw events: 2 standard/);
  });

  test("a second one ends at once, even while the output can go nowhere", { timeout: 30_000 }, async () => {
    const dir = directoryWith({ ...smallCatalog, "events.ndjson": line({ n: 1 }).repeat(20_000) });
    const child = startMillrace(["run", "--catalog", dir, "--input", join(dir, "events.ndjson")]);
    const ended = once(child, "exit");
    await once(child.stdout!, "readable");
    child.kill("SIGINT");
    await delay(600);
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    const [code, signal] = (await ended) as [number | null, string | null];
    expect([code, signal]).toEqual([null, "SIGINT"]);
  });
});
