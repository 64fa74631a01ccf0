import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { MillraceError } from "../../src/model/error.ts";
import type { ExecutorLink, GuestMark, LinkEnd } from "../../src/sandbox/executor-link.ts";
import { executorProcesses } from "../../src/sandbox/executor-process.ts";
import { frameKinds, type Frame } from "../../src/sandbox/frame.ts";
import { guestBundle } from "../../src/script/guest-bundle.ts";
import { isAlive, until } from "./executor-pids.ts";
import { sandboxForTest } from "./open-sandbox.ts";
import { eventOf, shownBy, shows, templateOf } from "./small-template.ts";

const onLinux = process.platform === "linux";

interface Opened {
  readonly link: ExecutorLink;
  readonly pid: number;
  readonly frames: readonly Frame[];
  readonly ends: readonly LinkEnd[];
}

/** Starts an executor and waits until it takes crossings. */
async function openReady(mostIsolates = 4): Promise<Opened> {
  const frames: Frame[] = [];
  const ends: LinkEnd[] = [];
  const link = executorProcesses(mostIsolates)({
    onFrame: (frame) => frames.push(frame),
    onEnd: (end) => ends.push(end),
  });
  onTestFinished(() => link.kill());
  const hello = {
    guestBundle: await guestBundle(),
    crossingEvents: 8,
    pool: { ceiling: 2, spares: 1, pressureBytes: 2 ** 40 },
  };
  link.send(frameKinds.hello, 0, Buffer.from(JSON.stringify(hello)));
  await until("the executor is ready", () => frames.length > 0);
  return { link, pid: link.pid as number, frames, ends };
}

describe("an executor process", () => {
  test.runIf(onLinux)("sees nothing of the environment but zone and locale", async () => {
    process.env["MILLRACE_SECRET_OF_THE_TEST"] = "seen";
    const { pid } = await openReady();
    const words = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
    expect(words.sort()).toEqual(["LC_ALL=en_US.UTF-8", "TZ=UTC"]);
  });

  test.runIf(onLinux)("has a bounded data segment, with room for each isolate that it may hold", async () => {
    const limitOf = async (mostIsolates: number): Promise<number> => {
      const { pid } = await openReady(mostIsolates);
      const [, soft, hard] =
        /^Max data size +(\d+) +(\d+) +bytes/m.exec(readFileSync(`/proc/${pid}/limits`, "utf8")) ?? [];
      expect(soft).toBe(hard);
      return Number(soft);
    };
    const [four, five] = [await limitOf(4), await limitOf(5)];
    // V8 maps 512 MB of code range for an isolate.
    expect(five - four).toBeGreaterThanOrEqual(512 * 2 ** 20);
    expect(four - 4 * (five - four)).toBeLessThan(2 * 2 ** 30);
  });

  test.runIf(onLinux)("is the first to go when the machine runs out of memory", async () => {
    const { pid } = await openReady();
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, "utf8").trim()).toBe("1000");
  });

  test.runIf(onLinux)("starts at the root directory, with no file open", async () => {
    const { pid } = await openReady();
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe("/");
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    const files = open.filter((target) => target.startsWith("/") && target !== "/dev/null");
    expect(files).toEqual([]);
  });

  test("ends by itself when it is told to, without a signal", async () => {
    const { link, pid, ends } = await openReady();
    await link.end();
    expect(ends).toEqual([{ kind: "gone", detail: "exit code 0" }]);
    expect(isAlive(pid)).toBe(false);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "ignores %s, which Ctrl-C sends to the whole group",
    async (signal) => {
      const { link, pid, frames, ends } = await openReady();
      process.kill(pid, signal);
      link.send(frameKinds.stats, 9, Buffer.alloc(0));
      await until("it answers after the signal", () => frames.length > 1);
      expect(frames[1]).toMatchObject({ kind: frameKinds.stats, id: 9 });
      expect(ends).toEqual([]);
    },
  );

  test.each([
    ["SIGKILL", "gone"],
    ["SIGHUP", "gone"],
    ["SIGABRT", "crash"],
    ["SIGSEGV", "crash"],
    ["SIGTRAP", "crash"],
  ] as const)("that ends by %s is `%s`, once", async (signal, kind) => {
    const { pid, ends } = await openReady();
    process.kill(pid, signal);
    await until("the end is told", () => ends.length > 0);
    expect(ends).toEqual([{ kind, detail: expect.stringContaining(`signal ${signal}`) as string }]);
  });

  test("ends when it is sent what is no frame, and says why", async () => {
    const { link, ends } = await openReady();
    // Its lifeline's thread is up and waits.
    await until("it tells where its guest is", () => link.readMark().then((mark) => mark !== undefined));
    link.send(99 as typeof frameKinds.run, 1, Buffer.alloc(0));
    await until("the end is told", () => ends.length > 0);
    expect(ends).toEqual([
      {
        kind: "gone",
        detail: "signal SIGKILL: MillraceError: an executor understands no frame of kind 99",
      },
    ]);
  });

  test("answers where its guest is, by a thread that a guest cannot hold up", async () => {
    const { link, pid } = await openReady();
    let mark: GuestMark | undefined;
    await until("it answers in time", async () => (mark = await link.readMark()) !== undefined);
    expect(mark).toEqual({ event: 0, stage: 0 });
    expect(link.cpuMs()).toBeGreaterThan(0);
    expect(link.residentBytes()).toBeGreaterThan(10 * 2 ** 20);
    process.kill(pid, "SIGSTOP");
    // Its threads stop one after the other.
    const isStopped = (task: string): boolean =>
      /\) T /.test(readFileSync(`/proc/${pid}/task/${task}/stat`, "latin1"));
    await until("it has stopped", () => readdirSync(`/proc/${pid}/task`).every(isStopped));
    expect(await link.readMark()).toBeUndefined();
  });
});

test("scripts in an executor see UTC and American English, whatever the supervisor's own are", async () => {
  const { TZ, LC_ALL, LANG } = process.env;
  onTestFinished(() => {
    Object.assign(process.env, { TZ: TZ ?? "UTC", ...(LC_ALL && { LC_ALL }), ...(LANG && { LANG }) });
  });
  Object.assign(process.env, { TZ: "Asia/Tokyo", LC_ALL: "sv_SE.UTF-8", LANG: "sv_SE.UTF-8" });
  const sandbox = await sandboxForTest();
  const template = await templateOf(
    shows(
      "[new Date(0).getHours(), new Date(0).toLocaleString(), ['z', 'ä', 'a'].sort(Intl.Collator().compare)]",
    ),
  );
  const [result] = await sandbox.run(template, [eventOf(1, {})]);
  expect(shownBy(result)).toEqual([0, "1/1/1970, 12:00:00 AM", ["a", "ä", "z"]]);
});

test("an answer that cannot be read costs the executor its life, and its supervisor nothing", async () => {
  const ends: LinkEnd[] = [];
  const link = executorProcesses(4)({
    onFrame: ({ kind }) => {
      throw new MillraceError("WIRE", `a frame of kind ${kind}`);
    },
    onEnd: (end) => ends.push(end),
  });
  onTestFinished(() => link.kill());
  link.send(frameKinds.stats, 1, Buffer.alloc(0));
  await until("the end is told", () => ends.length > 0);
  expect(ends).toEqual([{ kind: "gone", detail: "signal SIGKILL: a frame of kind 7" }]);
});
