import { describe, expect, test } from "vitest";
import type { RunnableTemplate, Sandbox, SandboxEvent } from "../../src/sandbox/port.ts";
import { sandboxForTest } from "../sandbox/open-sandbox.ts";
import { eventOf, templateOf, textsOf } from "../sandbox/small-template.ts";
import { bombTemplate } from "./bombs.ts";
import { effort } from "./effort.ts";

const crossingEvents = 64;
const probationEvents = 1_000;

const numbered = (count: number, from = 0): SandboxEvent[] =>
  Array.from({ length: count }, (_none, index) => eventOf(from + index, { n: from + index }));

/** What a run of these events adds to the counts of the executors for groups, and of the one for suspects. */
async function counted(
  sandbox: Sandbox,
  template: RunnableTemplate,
  events: readonly SandboxEvent[],
): Promise<Record<"together" | "apart", { readonly crossings: number; readonly events: number }>> {
  const count = async (state: "idle" | "apart"): Promise<{ crossings: number; events: number }> => {
    const found = (await sandbox.stats()).executors.find((executor) => executor.state === state);
    return { crossings: found?.crossings ?? 0, events: found?.events ?? 0 };
  };
  const before = { together: await count("idle"), apart: await count("apart") };
  await sandbox.run(template, events);
  const after = { together: await count("idle"), apart: await count("apart") };
  const difference = (name: "together" | "apart"): { crossings: number; events: number } => ({
    crossings: after[name].crossings - before[name].crossings,
    events: after[name].events - before[name].events,
  });
  return { together: difference("together"), apart: difference("apart") };
}

describe("a template one of whose events was convicted", { timeout: effort.timeoutMs }, () => {
  const none = { crossings: 0, events: 0 };
  const bomb = eventOf(0, { n: 0, bomb: "loop", at: "validate" });

  test("has its next 1,000 events one to a crossing, apart, and then crossings as before", async () => {
    const sandbox = await sandboxForTest({ crossingEvents });
    const template = await templateOf(bombTemplate, { limits: { stageCpuMs: 40 } });
    const other = await templateOf(bombTemplate, { templateId: "other" });
    await sandbox.run(template, numbered(crossingEvents * 20));
    const usual = await counted(sandbox, template, numbered(crossingEvents));
    expect(usual).toEqual({ together: { crossings: 1, events: crossingEvents }, apart: none });

    expect(textsOf(await sandbox.run(template, [bomb]))[0]).toContain('"type":"timeout"');
    for (const count of [1, 500, probationEvents - 501]) {
      expect(await counted(sandbox, template, numbered(count))).toEqual({
        together: none,
        apart: { crossings: count, events: count },
      });
    }
    expect(await counted(sandbox, template, numbered(crossingEvents))).toEqual(usual);
    // Another template of the org was never kept apart.
    expect((await counted(sandbox, other, numbered(crossingEvents))).apart).toEqual(none);
  });

  test("has the same bytes on probation as off it", async () => {
    const sandbox = await sandboxForTest({ crossingEvents });
    const template = await templateOf(bombTemplate, { limits: { stageCpuMs: 40 } });
    const events = numbered(60).map((event) => ({ ...event, debug: "on" as const }));
    const before = textsOf(await sandbox.run(template, events));
    await sandbox.run(template, [bomb]);
    expect(textsOf(await sandbox.run(template, events))).toEqual(before);
  });

  test("begins its probation anew at the next conviction", async () => {
    const sandbox = await sandboxForTest({ crossingEvents });
    const template = await templateOf(bombTemplate, { limits: { stageCpuMs: 40 } });
    await sandbox.run(template, [bomb]);
    await sandbox.run(template, numbered(probationEvents - 1));
    await sandbox.run(template, [bomb]);
    const rest = await counted(sandbox, template, numbered(probationEvents));
    expect(rest).toEqual({ together: none, apart: { crossings: probationEvents, events: probationEvents } });
    expect((await counted(sandbox, template, numbered(10))).together.events).toBe(10);
  });
});
