import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/port.ts";
import { millrace } from "../cli/spawn-millrace.ts";
import { sandboxForTest } from "./open-sandbox.ts";
import { eventOf, templateOf, textsOf } from "./small-template.ts";

const exampleCatalog = fileURLToPath(new URL("../../examples/catalog", import.meta.url));

describe("an executor that is a thread", () => {
  const { timeZone, locale } = new Intl.DateTimeFormat().resolvedOptions();
  const canRun = timeZone === "UTC" && locale === "en-US";

  describe.runIf(canRun)("in a process in UTC and en-US", () => {
    async function compare(
      transform: string,
      payloads: readonly unknown[],
      stageCpuMs = 100,
    ): Promise<{ readonly process: string[]; readonly thread: string[]; readonly sandbox: Sandbox }> {
      const template = await templateOf({ transform }, { limits: { stageCpuMs } });
      const events = payloads.map((payload, number) => eventOf(number, payload, { debug: "on" }));
      const byProcess = await (await sandboxForTest()).run(template, events);
      const sandbox = await sandboxForTest({ isolation: "thread" });
      return { process: textsOf(byProcess), thread: textsOf(await sandbox.run(template, events)), sandbox };
    }

    test("gives the bytes of one that is a process", async () => {
      const transform = `function transform(p, metadata) {
        console.log("at", p.n, metadata.eventId);
        if (p.n === 3) throw new RangeError("three");
        if (p.n === 4) return [];
        const date = new Date();
        return { eventType: "seen", data: {
          n: p.n, random: Math.random(), text: date.toLocaleString(), zone: date.getTimezoneOffset(),
          sorted: ["z", "ä", "a"].sort(new Intl.Collator().compare), number: (1234.5).toLocaleString(),
        } };
      }`;
      const both = await compare(
        transform,
        Array.from({ length: 9 }, (_none, n) => ({ n })),
      );
      expect(both.thread).toEqual(both.process);
    });

    test("rejects an event that does not end, at the same stage and with the same words", async () => {
      const transform =
        "function transform(p) { if (p.loop) for (;;); return { eventType: 'seen', data: p } }";
      const both = await compare(transform, [{}, { loop: true }, {}], 30);
      expect(both.thread).toEqual(both.process);
      expect(both.thread[1]).toContain('"code":"CPU_LIMIT"');
    });

    test("has no process id", async () => {
      const sandbox = await sandboxForTest({ isolation: "thread", executors: 2 });
      expect((await sandbox.stats()).executors.map(({ pid }) => pid)).toEqual([null, null]);
    });
  });

  test.each([
    ["Asia/Tokyo", "en_US.UTF-8", "Asia/Tokyo and en-US"],
    ["UTC", "sv_SE.UTF-8", "UTC and sv-SE"],
  ])(
    "is refused in a process in zone %s and locale %s, which scripts would see",
    async (TZ, LC_ALL, where) => {
      const args = ["run", "--catalog", exampleCatalog, "--input", "-", "--set", "sandbox.isolation=thread"];
      const { code, stdout, stderr } = await millrace(args, { environment: { TZ, LC_ALL }, input: "" });
      expect([code, stdout]).toEqual([3, ""]);
      expect(stderr).toContain(`this one is in ${where}: start it with TZ=UTC LC_ALL=en_US.UTF-8`);
    },
  );
});
