import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { openLog } from "../../src/app/open-log.ts";
import { workerGroup } from "../../src/app/station.ts";
import { heldBounds, sliceLimits } from "../../src/app/worker/run-worker.ts";
import type { Config } from "../../src/config/config.ts";
import { LaneGroup } from "../../src/lane/lane-group.ts";
import { createMemoryBudget } from "../../src/lane/memory-budget.ts";
import type { LaneWork, Slice } from "../../src/lane/port.ts";
import type { LogRecord } from "../../src/stream/port.ts";

/** Lanes as a worker has them, over a work that does nothing but pass records on. */
async function main(port: MessagePort, { log: address, topics }: Config): Promise<void> {
  const onFault = (error: unknown): never => {
    throw error instanceof Error ? error : new Error(String(error));
  };
  const log = await openLog(address, { missing: "refuse", onFault });
  const lanes = await LaneGroup.open({
    log,
    group: workerGroup,
    topics: [topics.ingest],
    share: { index: 0, of: 1 },
    budget: createMemoryBudget(heldBounds),
    work: passOn(topics.events),
    listener: {
      onOwned: () => undefined,
      onReleased: () => undefined,
      onCommitted: () => undefined,
      onGap: (gap) => onFault(new Error(`there is a gap at ${gap.expectedOffset}`)),
      onFault: (_from, error) => onFault(error),
    },
  });
  port.once("message", () => {
    void lanes
      .close()
      .then(() => log.close())
      .then(() => port.close());
  });
  port.postMessage("ready");
}

function passOn(topic: string): LaneWork<LogRecord, undefined> {
  return {
    cut: cutRecords,
    run: async ({ items }) => ({
      outputs: items.map(({ key, value, headers, timestampMs }) => ({
        topic,
        key,
        value,
        headers,
        timestampMs,
      })),
      report: undefined,
      metadata: "",
    }),
  };
}

function* cutRecords(records: readonly LogRecord[]): Generator<Slice<LogRecord>> {
  for (let from = 0; from < records.length; from += sliceLimits.records) {
    const items = records.slice(from, from + sliceLimits.records);
    yield { items, to: (items.at(-1) as LogRecord).offset + 1 };
  }
}

if (parentPort !== null) await main(parentPort, workerData as Config);
