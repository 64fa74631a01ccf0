import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { MillraceError } from "../../src/model/error.ts";
import type { GroupMember, Log, PartitionOwner } from "../../src/stream/port.ts";
import {
  drain,
  join,
  joinAlone,
  numbered,
  readAll,
  record,
  textOf,
  topicSpec,
  unusedName,
  type LogStore,
} from "./log-store.ts";

/** Members come and go here, which a broker takes some seconds for. */
const timeoutMs = 60_000;

interface Scene {
  readonly store: LogStore;
  readonly log: Log;
  readonly input: string;
  readonly output: string;
  readonly group: string;
}

export function fencingContract(openStore: () => Promise<LogStore>): void {
  const scene = async (partitions: number, count: number): Promise<Scene> => {
    const store = await openStore();
    onTestFinished(() => store.remove());
    const log = await store.open();
    const [input, output, group] = [unusedName("in"), unusedName("out"), unusedName("group")];
    await log.ensureTopic(topicSpec(input, partitions));
    await log.ensureTopic(topicSpec(output, partitions));
    for (let p = 0; p < partitions; p += 1) await log.append(numbered(input, p, 0, count));
    return { store, log, input, output, group };
  };

  describe("fencing", () => {
    test(
      "a later owner fences the earlier one, whose commit changes nothing",
      { timeout: timeoutMs },
      async () => {
        const { log, input, output, group } = await scene(1, 4);
        const member = await joinAlone(log, group, input);
        const earlier = await member.own(input, 0);
        await drain(earlier, 4);
        const later = await member.own(input, 0);
        await drain(later, 4);
        await expect(
          earlier.commit({ from: 0, to: 4, metadata: "", outputs: [record(output, "zombie")] }),
        ).rejects.toMatchObject({ code: "FENCED", retryable: false });
        await later.commit({ from: 0, to: 4, metadata: "", outputs: [record(output, "owner")] });
        expect((await readAll(log, output, 1)).map(textOf)).toEqual(["owner"]);
        await expect(earlier.fetch({ maxRecords: 1, maxBytes: 1, waitMs: 0 })).rejects.toMatchObject({
          code: "FENCED",
        });
      },
    );

    test("a partition that moves to another member is fenced there", { timeout: timeoutMs }, async () => {
      const { store, log, input, output, group } = await scene(2, 3);
      const first = await joinAlone(log, group, input);
      const owners = [await first.own(input, 0), await first.own(input, 1)];
      for (const owner of owners) await drain(owner, 3);
      const second = await join(await store.open(), group, [input]);
      const [moved] = await second.assigned((assigned) => assigned.length > 0);
      const partition = moved?.partition ?? 0;
      const later = await second.member.own(input, partition);
      await drain(later, 3);
      const slice = (text: string): Parameters<PartitionOwner["commit"]>[0] => ({
        from: 0,
        to: 3,
        metadata: text,
        outputs: [record(output, text)],
      });
      await expect(owners[partition]?.commit(slice("zombie"))).rejects.toMatchObject({ code: "FENCED" });
      await later.commit(slice("owner"));
      expect((await readAll(log, output, 1)).map(textOf)).toEqual(["owner"]);
    });

    test("two owners that commit at once never both get through", { timeout: timeoutMs }, async () => {
      const rounds = 20;
      const { log, input, output, group } = await scene(1, rounds);
      const member = await joinAlone(log, group, input);
      let from = 0;
      while (from < rounds) {
        const earlier = await member.own(input, 0);
        await drain(earlier, rounds - from);
        const at = from;
        const commit = (owner: PartitionOwner): Promise<"done" | "refused"> =>
          owner
            .commit({ from: at, to: at + 1, metadata: "", outputs: [record(output, `${at}`)] })
            .then(() => "done" as const)
            .catch(refusedWith("FENCED"));
        const takeOver = async (): Promise<"done" | "refused" | "late"> => {
          const later = await member.own(input, 0);
          if (later.position > at) return "late";
          await drain(later, 1);
          return commit(later);
        };
        const results = await Promise.all(
          at % 2 === 0 ? [commit(earlier), takeOver()] : [takeOver(), commit(earlier)],
        );
        expect(results.filter((result) => result === "done")).toHaveLength(1);
        from += 1;
      }
      expect((await readAll(log, output, rounds)).map(textOf)).toEqual(
        Array.from({ length: rounds }, (_, n) => `${n}`),
      );
    });

    test("a slice that does not begin at the offset is refused", { timeout: timeoutMs }, async () => {
      const { log, input, output, group } = await scene(1, 5);
      const member = await joinAlone(log, group, input);
      for (const from of [0, 3, 5]) {
        const owner = await member.own(input, 0);
        await drain(owner, 5 - owner.position);
        const at = owner.position;
        if (at === 0) await owner.commit({ from: 0, to: 2, metadata: "", outputs: [] });
        await expect(
          owner.commit({ from, to: 5, metadata: "", outputs: [record(output, "never")] }),
        ).rejects.toMatchObject({ code: "FENCED" });
      }
      expect((await member.own(input, 0)).committed?.offset).toBe(2);
      expect(await readAll(log, output, 0)).toEqual([]);
    });

    test(
      "an assignment ends what the member owned, of partitions that it keeps too",
      { timeout: timeoutMs },
      async () => {
        const { log, input, group } = await scene(1, 1);
        const joined = await join(log, group, [input]);
        await joined.assigned((assigned) => assigned.length === 1);
        const owner = await joined.member.own(input, 0);
        await joined.member.subscribe([input, await anotherTopic(log)]);
        await joined.assigned((assigned) => assigned.length === 2);
        await expect(owner.commit({ from: 0, to: 0, metadata: "", outputs: [] })).rejects.toMatchObject({
          code: "FENCED",
        });
      },
    );

    test(
      "a member that leaves ends its owners and makes room for the next",
      { timeout: timeoutMs },
      async () => {
        const { store, log, input, group } = await scene(1, 1);
        const member = await joinAlone(log, group, input);
        const owner = await member.own(input, 0);
        await member.close();
        await expect(owner.fetch({ maxRecords: 1, maxBytes: 1, waitMs: 0 })).rejects.toMatchObject({
          code: "FENCED",
        });
        await expect(member.own(input, 0)).rejects.toMatchObject({ code: "CLOSED" });
        const next = await joinAlone(await store.open(), group, input);
        expect((await next.own(input, 0)).position).toBe(0);
      },
    );
  });

  describe("a commit whose answer is lost", () => {
    test.each(["request", "answer"] as const)(
      "leaves each input with one output when its %s is lost and the partition is owned anew",
      { timeout: timeoutMs },
      async (lost) => {
        const { store, log, input, output, group } = await scene(1, 6);
        const { log: unreliable, loseNextCommit } = await store.openUnreliable();
        const member = await joinAlone(unreliable, group, input);
        const owner = await member.own(input, 0);
        await commitEach(owner, { input, output, upTo: 3, drained: 6 });
        loseNextCommit(lost);
        await expect(
          owner.commit({ from: 3, to: 4, metadata: "3", outputs: [record(output, "3")] }),
        ).rejects.toMatchObject({ code: "LOG", retryable: true });
        await expect(
          owner.commit({ from: 3, to: 4, metadata: "3", outputs: [record(output, "3")] }),
        ).rejects.toMatchObject({ code: "FENCED" });
        const next = await ownAnew(member, input);
        expect(next.committed).toEqual(
          lost === "request" ? { offset: 3, metadata: "2" } : { offset: 4, metadata: "3" },
        );
        await commitEach(next, { input, output, upTo: 6, drained: 6 - next.position });
        expect((await readAll(log, output, 6)).map(textOf)).toEqual([..."012345"]);
      },
    );
  });
}

/** Commits one output for each input, one by one. */
async function commitEach(
  owner: PartitionOwner,
  { output, upTo, drained }: { input: string; output: string; upTo: number; drained: number },
): Promise<void> {
  const records = await drain(owner, drained);
  for (const input of records.filter(({ offset }) => offset < upTo)) {
    await owner.commit({
      from: input.offset,
      to: input.offset + 1,
      metadata: textOf(input),
      outputs: [record(output, textOf(input))],
    });
  }
}

/** As a lane does: with patience, while the log is away. */
async function ownAnew(member: GroupMember, topic: string): Promise<PartitionOwner> {
  for (;;) {
    try {
      return await member.own(topic, 0);
    } catch (error) {
      if (!(error instanceof MillraceError) || !error.retryable) throw error;
      await delay(100);
    }
  }
}

async function anotherTopic(log: Log): Promise<string> {
  const name = unusedName("other");
  await log.ensureTopic(topicSpec(name, 1));
  return name;
}

function refusedWith(code: string): (error: unknown) => "refused" {
  return (error) => {
    if (error instanceof MillraceError && error.code === code) return "refused";
    throw error;
  };
}
