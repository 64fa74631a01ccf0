import { expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/port.ts";
import { sandboxForTest } from "../sandbox/open-sandbox.ts";
import { eventOf, templateOf, textsOf, type TemplateChoice } from "../sandbox/small-template.ts";

/**
 * `lists` empty lists a result: two bytes and a comma in text, twenty times that when parsed, next to nothing in the
 * guest. The finisher's thread stood at its limit of memory for so long that its executor counted as frozen, which is
 * nobody's fault, and the event was tried again without end.
 */
async function outcomeOf(
  sandbox: Sandbox,
  { lists, events }: { readonly lists: number; readonly events: number },
  limits: TemplateChoice["limits"] = {},
): Promise<string> {
  const transform = `function transform() {
    const inner = Array(1000).fill([]);
    const data = { outer: Array(${lists / 1_000}).fill(inner) };
    const all = Array(${events}).fill({ eventType: "seen", data });
    return all.length === 1 ? all[0] : all;
  }`;
  const template = await templateOf({ transform }, { limits: { stageCpuMs: 1_500, ...limits } });
  const [text = ""] = textsOf(await sandbox.run(template, [eventOf(1, {})]));
  return text.slice(0, 100);
}

test("a result that is too large as text is refused before it is parsed", async () => {
  const sandbox = await sandboxForTest();
  for (const events of [1, 2])
    expect(await outcomeOf(sandbox, { lists: 10_000_000, events })).toContain('"code":"TOO_LARGE"');
  expect((await sandbox.stats()).kills).toEqual({});
});

test("many results are parsed one after the other", async () => {
  const sandbox = await sandboxForTest();
  expect(await outcomeOf(sandbox, { lists: 300_000, events: 20 })).toMatch(/^many /);
  expect((await sandbox.stats()).kills).toEqual({});
});

test.runIf(process.env["MILLRACE_FAULTS"] === "long")(
  "a result that no limit keeps from being parsed is somebody's fault in the end",
  { timeout: 300_000 },
  async () => {
    const sandbox = await sandboxForTest();
    const limits = { outputBytes: 2 ** 28 };
    expect(await outcomeOf(sandbox, { lists: 10_000_000, events: 1 }, limits)).toContain('"type":"timeout"');
  },
);
