import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { openEmbeddedLog, type EmbeddedLogOptions } from "../../../src/stream/embedded/embedded-log.ts";
import { startWriterThread, type StartWriter } from "../../../src/stream/embedded/writer-link.ts";
import type { Log } from "../../../src/stream/port.ts";
import type { LogStore, UnreliableLog } from "../../contract/log-store.ts";

/** A file for a log in a directory of its own, which goes with the test. */
export async function logPath(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "millrace-log-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, "data", "log.db");
}

/** A log that is closed with the test; what fails on its own there fails the test. */
export async function openLog(path: string, options: Partial<EmbeddedLogOptions> = {}): Promise<Log> {
  const log = await openEmbeddedLog({
    path,
    onFault: (error) => {
      throw error;
    },
    ...options,
  });
  onTestFinished(() => log.close());
  return log;
}

export async function embeddedStore(): Promise<LogStore> {
  const directory = await mkdtemp(join(tmpdir(), "millrace-log-"));
  const path = join(directory, "log.db");
  const logs: Log[] = [];
  const open = async (startWriter?: StartWriter): Promise<Log> => {
    const log = await openEmbeddedLog({
      path,
      retentionIntervalMs: 20,
      onFault: (error) => {
        throw error;
      },
      ...(startWriter === undefined ? {} : { startWriter }),
    });
    logs.push(log);
    return log;
  };
  return {
    open: () => open(),
    openUnreliable: async () => {
      const { startWriter, loseNextCommit } = unreliableWriter();
      return { log: await open(startWriter), loseNextCommit };
    },
    discardBefore: async (log, topic, partition, offset) => {
      await log.alterTopic(topic, { retentionMs: 3_600_000 });
      while ((await log.offsets(topic))[partition]?.startOffset !== offset) await delay(10);
    },
    remove: async () => {
      await Promise.all(logs.map((log) => log.close()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The thread that writes ends, as by a crash, before a commit reaches it or before its answer is heard. */
function unreliableWriter(): Pick<UnreliableLog, "loseNextCommit"> & { readonly startWriter: StartWriter } {
  let losing: "request" | "answer" | "nothing" = "nothing";
  return {
    loseNextCommit: (what) => {
      losing = what;
    },
    startWriter: (path, houseKeeping, listener) => {
      let lostId = -1;
      const link = startWriterThread(path, houseKeeping, {
        onExit: (detail) => listener.onExit(detail),
        onReport: (report) => {
          const lost = report.kind === "replies" && report.replies.some(([id]) => id === lostId);
          if (lost) link.terminate();
          else listener.onReport(report);
        },
      });
      return {
        terminate: () => link.terminate(),
        send: (message, transfer) => {
          const isCommit = message !== "close" && message.request.kind === "commit";
          const what = isCommit ? losing : "nothing";
          if (isCommit) losing = "nothing";
          if (what === "request") {
            link.terminate();
            return;
          }
          if (what === "answer" && message !== "close") lostId = message.id;
          link.send(message, transfer);
        },
      };
    },
  };
}
