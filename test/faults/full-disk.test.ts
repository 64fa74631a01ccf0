import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { directoryWith } from "../cli/spawn-millrace.ts";
import { until } from "../sandbox/executor-pids.ts";
import { effort } from "./effort.ts";
import { runAudit } from "./run-audit.ts";
import { startInflow, type Inflow } from "./stream/inflow.ts";
import { drained, startStream, streamPlace } from "./stream/stream-program.ts";

const seed = 20_250_617;

/** A disk of its own, or what keeps this process from making one. */
function smallDisk(megabytes: number): { readonly path: string } | { readonly why: string } {
  const path = directoryWith();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path], { stdio: "pipe" });
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
  onTestFinished(() => void execFileSync("umount", ["--lazy", path]));
  return { path };
}

/** Takes what is left of a disk. */
function fill(path: string): void {
  const rest = join(path, "rest");
  for (const bytes of [2 ** 20, 2 ** 14, 2 ** 12]) {
    try {
      for (;;) writeFileSync(rest, Buffer.alloc(bytes), { flag: "a" });
    } catch {
      // It is full up to pieces of this size.
    }
  }
}

const count = ({ senders }: Inflow, status: string): number =>
  senders.reduce((sum, { answers }) => sum + (answers[status] ?? 0), 0);

test(
  "a full disk keeps new events out, loses none that was accepted, and is no matter once there is room",
  { timeout: effort.timeoutMs },
  async ({ skip }) => {
    const disk = smallDisk(24);
    if ("why" in disk) return skip(`no disk of its own can be made: ${disk.why}`);
    const place = await streamPlace(disk.path);
    const stream = startStream(place);
    await stream.listening();
    const inflow = startInflow(place, { seed, senders: 3, produced: 300, pauseMs: 2 });
    await until("events are accepted", () => inflow.attempts.accepted() > 1_000, 60_000);
    fill(disk.path);
    await until("events are refused", () => count(inflow, "503") > 10, 60_000);
    await until("produce is refused", () => (inflow.producer?.endings["3"] ?? 0) > 0, 60_000);
    expect(stream.stderr()).toContain("the disk is full; free some space");
    await delay(1_000);
    const before = inflow.attempts.accepted();
    rmSync(join(disk.path, "rest"));
    await until("events are accepted again", () => inflow.attempts.accepted() > before + 500, 60_000);
    await inflow.finish();
    await drained(place.log);
    expect(await stream.terminate()).toBe(130);
    const { violations, counts } = await runAudit(place.log, inflow.attempts.path);
    console.log(
      JSON.stringify({ refused: count(inflow, "503"), produce: inflow.producer?.endings, ...counts }),
    );
    expect(violations).toEqual([]);
  },
);
