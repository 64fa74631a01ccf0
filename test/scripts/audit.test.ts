import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openEmbeddedLog } from "../../src/stream/embedded/embedded-log.ts";
import type { OutgoingRecord } from "../../src/stream/port.ts";
import { drain, joinAlone } from "../contract/log-store.ts";
import { runAudit, type Audit } from "../faults/run-audit.ts";

const ingest = "millrace.ingest";
const events = "millrace.events";
const deadLetters = "millrace.dead-letters";

/** The inputs of every log here, in one partition and in this order. */
const expectations = { a: "standard", b: "many 2", c: "filtered", d: "rejected runtime", e: "standard" };
const ids = Object.keys(expectations);

function recordOf(topic: string, value: unknown, headers: Record<string, string> = {}): OutgoingRecord {
  return {
    topic,
    partition: 0,
    key: Buffer.from("acme/a1"),
    value: Buffer.from(JSON.stringify(value)),
    headers: Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]),
    timestampMs: 1_700_000_000_000,
  };
}

function eventOf(eventId: string, sentAs = eventId.split(".")[0]): OutgoingRecord {
  return recordOf(events, { eventId, orgId: "acme", assetId: "a1", data: { sentAs } });
}

function deadLetterOf(eventId: string, payload: unknown = eventId): OutgoingRecord {
  const payloadBase64 = Buffer.from(JSON.stringify(payload)).toString("base64");
  const record = { partition: 0, offset: ids.indexOf(eventId), payloadBase64 };
  return recordOf(deadLetters, { eventId, orgId: "acme", assetId: "a1", type: "runtime", record });
}

const right = [eventOf("a"), eventOf("b.0"), eventOf("b.1"), deadLetterOf("d"), eventOf("e")];

interface Change {
  readonly outputs?: readonly OutgoingRecord[];
  /** What producers were told; by default that all inputs are durable. */
  readonly told?: readonly (readonly [what: string, ...ids: string[]])[];
  readonly committedTo?: number;
}

/** Audits a log of the inputs and these outputs. */
async function audited({ outputs = right, told, committedTo = ids.length }: Change): Promise<Audit> {
  const directory = mkdtempSync(join(tmpdir(), "millrace-audit-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [path, accepted] = [join(directory, "log.db"), join(directory, "accepted.ndjson")];
  const log = await openEmbeddedLog({ path, onFault: () => undefined });
  for (const name of [ingest, events, deadLetters]) {
    const limits = { retentionMs: null, retentionBytes: null, maxRecordBytes: 1_000_000 };
    await log.ensureTopic({ name, partitions: 1, ...limits });
  }
  const inputs = Object.entries(expectations).map(([id, expected]) =>
    recordOf(ingest, id, { "event-id": id, expect: expected }),
  );
  await log.append(inputs);
  const owner = await (await joinAlone(log, "millrace", ingest)).own(ingest, 0);
  await drain(owner, ids.length);
  await owner.commit({ from: 0, to: committedTo, metadata: "", outputs });
  await log.close();
  const lines = (told ?? [["sent", ...ids] as const, ["accepted", ...ids] as const]).map(([what, ...its]) =>
    JSON.stringify({ what, ids: its }),
  );
  writeFileSync(accepted, lines.map((line) => `${line}\n`).join(""));
  return runAudit(path, accepted);
}

const without = (eventId: string): OutgoingRecord[] =>
  right.filter(({ value }) => !value?.toString().includes(`"eventId":"${eventId}"`));

describe("the audit of a stream", () => {
  test("finds nothing where every input has its outcome", async () => {
    const { code, violations, counts } = await audited({});
    expect([code, violations]).toEqual([0, []]);
    expect(counts).toEqual({
      inputs: 5,
      standard: 3,
      events: 4,
      rejected: 1,
      filtered: 1,
      accepted: 5,
      violations: 0,
    });
  });

  test.each<[string, Change, string]>([
    ["an event that is lost", { outputs: without("a") }, "lost: a at 0/0"],
    ["a dead letter that is lost", { outputs: without("d") }, "lost: d at 0/3"],
    ["a last part that is lost", { outputs: without("b.1") }, "wrong: b at 0/1 .* became many 1, and many 2"],
    ["a first part that is lost", { outputs: without("b.0") }, "out of turn: part 1 of b"],
    [
      "an event that is doubled",
      { outputs: [...right, eventOf("e")] },
      "doubled: e at 0/4 .* has 2 outcomes",
    ],
    ["parts that are doubled", { outputs: [...right, eventOf("b.0"), eventOf("b.1")] }, "doubled: b at 0/1"],
    [
      "a dead letter that is doubled",
      { outputs: [...right, deadLetterOf("d")] },
      "doubled: d at 0/3 .* has 2 outcomes",
    ],
    ["two outcomes of different kinds", { outputs: [...right, eventOf("d")] }, "doubled: d at 0/3"],
    [
      "events out of order",
      { outputs: [eventOf("b.0"), eventOf("b.1"), eventOf("a"), ...right.slice(3)] },
      "out of order: standard a",
    ],
    ["an outcome of no input", { outputs: [...right, eventOf("z")] }, "invented: standard z"],
    [
      "an event made of another's payload",
      { outputs: [eventOf("a", "e"), ...right.slice(1)] },
      'mixed up: a .* sent as "e"',
    ],
    [
      "a dead letter with another payload",
      { outputs: [...without("d"), deadLetterOf("d", "x")] },
      "not whole: .* d",
    ],
    ["another outcome than expected", { outputs: [...right, eventOf("c")] }, "wrong: c at 0/2 .* filtered"],
    ["an offset that is behind", { committedTo: 4 }, "uncommitted: partition 0 is committed to 4 of 5"],
    [
      "an accepted event that is missing",
      {
        told: [
          ["sent", ...ids, "f"],
          ["accepted", "a", "f"],
        ],
      },
      "missing: f was accepted 1 times .* 0 times",
    ],
    [
      "an event that came in too often",
      {
        told: [
          ["sent", ...ids],
          ["refused", "a"],
        ],
      },
      "too often: a is .* 1 times of 0",
    ],
    ["an event that nobody sent", { told: [["sent", ..."abcd"]] }, "unknown: nobody has sent e"],
  ])("fails for %s", async (_what, change, line) => {
    const { code, violations } = await audited(change);
    expect(code).toBe(1);
    expect(violations).toContainEqual(expect.stringMatching(new RegExp(`^${line}`)));
  });

  test("takes an attempt without an answer as one that may have arrived or not", async () => {
    const told = [
      ["sent", ...ids, "f"],
      ["accepted", "a"],
    ] as const;
    expect((await audited({ told })).code).toBe(0);
  });
});
