import { expect, test } from "vitest";
import { sandboxForTest } from "../sandbox/open-sandbox.ts";
import { eventOf, templateOf } from "../sandbox/small-template.ts";

const mebibyte = 2 ** 20;

// A text that crosses on its own becomes an external string of V8's, which only a full collection frees; isolates that
// are busy with short-lived things hardly ever had one, and an executor grew by half a kilobyte an event.
test("an executor does not keep the texts that crossed", { timeout: 60_000 }, async () => {
  const sandbox = await sandboxForTest({ crossingEvents: 64 });
  const template = await templateOf({
    transform: "function transform(p) { return { eventType: 'x', data: { text: p.text, n: p.n } } }",
  });
  const events = Array.from({ length: 64 }, (_none, n) => eventOf(n, { text: "x".repeat(8_192), n }));
  const residentBytes = async (): Promise<number> => (await sandbox.stats()).executors[0]?.residentBytes ?? 0;
  const run = async (crossings: number): Promise<void> => {
    for (let crossing = 0; crossing < crossings; crossing += 1) await sandbox.run(template, events);
  };
  await run(100);
  const before = await residentBytes();
  // Half a mebibyte in and half out, each time.
  await run(300);
  expect((await residentBytes()) - before).toBeLessThan(80 * mebibyte);
});
