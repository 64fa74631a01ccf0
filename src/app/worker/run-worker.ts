import { catalogView, type CatalogOrgs } from "../../catalog/catalog-view.ts";
import { LaneGroup } from "../../lane/lane-group.ts";
import { createMemoryBudget } from "../../lane/memory-budget.ts";
import { createDebugWriter } from "../../outlet/debug-record.ts";
import type { RecordSizes } from "../../outlet/outgoing-record.ts";
import { createOutputWriter } from "../../outlet/output-records.ts";
import { createPipeline } from "../../pipeline/pipeline.ts";
import type { Admitted } from "../../pipeline/port.ts";
import type { Sandbox } from "../../sandbox/port.ts";
import { openSandbox } from "../../sandbox/sandbox.ts";
import { guestBundle } from "../../script/guest-bundle.ts";
import { originalPosition } from "../../script/original-position.ts";
import type { Log, TopicDescription } from "../../stream/port.ts";
import { recordSizeBytes } from "../../stream/record-size.ts";
import { openLog } from "../open-log.ts";
import { topicSpec, type TopicKind } from "../topic-spec.ts";
import { createSliceWork, type SliceLimits, type SliceReport } from "./slice-work.ts";
import { createWorkerMeter } from "./worker-meter.ts";
import { createLaneListener } from "./worker-notices.ts";
import type { WorkerNotice, WorkerStart, WorkerStats } from "./worker-port.ts";

/** A slice costs one commit, so that small ones are dear; large ones keep readers waiting and are dear to redo. */
export const sliceLimits: SliceLimits = { records: 1_024, bytes: 4 * 2 ** 20, cpuMs: 250 };
/**
 * What all lanes of a worker may hold between fetch and commit. It bounds the worker's memory; outputs come on top, and
 * are about as large as what they are made of.
 */
export const heldBounds = { bytes: 64 * 2 ** 20, records: 50_000 };

/** A worker at work. */
export interface RunningWorker {
  useCatalog(orgs: CatalogOrgs): void;
  stats(): Promise<WorkerStats>;
  /** Commits what has begun and gives everything up. */
  close(): Promise<void>;
}

/** Opens everything that a worker has and joins the group. Rejects with a platform fault. */
export async function runWorker(
  start: WorkerStart,
  notify: (notice: WorkerNotice) => void,
): Promise<RunningWorker> {
  const { config, group, share } = start;
  let view = catalogView(start.orgs);
  const budget = createMemoryBudget(heldBounds);
  const meter = createWorkerMeter();
  const opened = await openParts(start, notify);
  const { log, sandbox, ingest, sizes } = opened;
  const work = createSliceWork({
    sandbox,
    process: createPipeline({ sandbox, findOriginal: originalPosition }),
    catalog: () => view,
    topicIdOf: () => ingest.topicId,
    limits: config.limits,
    sliceLimits,
    writeOutput: createOutputWriter({ topics: config.topics, sizes }),
    writeDebug: createDebugWriter({ topic: config.topics.debug, sizes }),
    debug: start.debug,
  });
  const listener = createLaneListener(meter, notify);
  let lanes: LaneGroup<Admitted, SliceReport>;
  try {
    lanes = await LaneGroup.open({ log, group, topics: [ingest.name], share, work, budget, listener });
  } catch (cause) {
    await Promise.all([sandbox.close(), log.close()]);
    throw cause;
  }
  return {
    useCatalog: (orgs) => {
      view = catalogView(orgs);
    },
    stats: async () => ({ ...meter.read(), sandbox: await sandbox.stats(), held: budget.inUse() }),
    close: async () => {
      await lanes.close();
      await Promise.all([sandbox.close(), log.close()]);
    },
  };
}

interface Parts {
  readonly log: Log;
  readonly sandbox: Sandbox;
  readonly ingest: TopicDescription;
  readonly sizes: RecordSizes;
}

async function openParts({ config }: WorkerStart, notify: (notice: WorkerNotice) => void): Promise<Parts> {
  const log = await openLog(config.log, {
    missing: "make",
    onFault: ({ message }) => notify({ level: "warn", text: message }),
  });
  try {
    const ensure = (kind: TopicKind): Promise<TopicDescription> =>
      log.ensureTopic(topicSpec(config.topics, kind));
    const ingest = await ensure("ingest");
    const limits = new Map<string, number>();
    for (const kind of ["events", "deadLetters", "debug"] as const) {
      const { name, maxRecordBytes } = await ensure(kind);
      limits.set(name, maxRecordBytes);
    }
    const sizes: RecordSizes = {
      sizeBytes: recordSizeBytes,
      maxRecordBytes: (topic) => limits.get(topic) ?? config.topics.maxRecordBytes,
    };
    const sandbox = await openSandbox({ ...config.sandbox, executors: 1, guestBundle: await guestBundle() });
    return { log, sandbox, ingest, sizes };
  } catch (cause) {
    await log.close();
    throw cause;
  }
}
