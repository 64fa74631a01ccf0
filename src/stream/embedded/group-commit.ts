import type { DatabaseSync } from "node:sqlite";
import { MillraceError } from "../../model/error.ts";
import { openPartitionAppends, type PartitionAppends } from "./partition-appends.ts";
import { openPositions, type Positions } from "./positions.ts";
import { faultOf, isBusy } from "./sqlite-fault.ts";
import { openTopicWrites, type TopicWrites } from "./topic-writes.ts";
import type { WriteOutcome, WriteRequest, WriteResult } from "./write-request.ts";

/**
 * How long to wait for a writer in another thread or process, milliseconds. A writer holds the lock for some
 * milliseconds, a minute of disk trouble aside; longer keeps callers in the dark.
 */
const writeLockTimeoutMs = 10_000;
/** SQLite's own waiting grows to 100 ms a step, and the unlucky of several busy writers would starve. */
const writeLockPollMs = 0.1;
/**
 * Pause of a writer between two transactions, milliseconds: longer than another one's poll, so that it cannot keep the
 * lock to itself. Each transaction costs an `fsync` of some milliseconds beside it.
 */
const courtesyMs = 0.3;

interface Tables {
  readonly topics: TopicWrites;
  readonly positions: Positions;
  readonly appends: PartitionAppends;
}

/**
 * Writes many requests in one transaction, so that they share one `fsync`. A request that is refused changes nothing
 * and leaves the others alone; when the file fails, all of them do.
 */
export function openGroupCommit(
  db: DatabaseSync,
  path: string,
): (requests: readonly WriteRequest[]) => readonly WriteOutcome[] {
  const tables = {
    topics: openTopicWrites(db),
    positions: openPositions(db),
    appends: openPartitionAppends(db),
  };
  return (requests) => {
    try {
      return inWriteTransaction(db, () => {
        const outcomes = requests.map((request) => attempt(() => apply(tables, request)));
        tables.appends.flush();
        return outcomes;
      });
    } catch (error) {
      tables.appends.forget();
      const { code, message } = faultOf(error, path);
      return requests.map(() => ({ error: { code, message } }));
    }
  };
}

/** Runs `work` in a transaction that may write; it is rolled back when `work` or the commit throws. */
export function inWriteTransaction<T>(db: DatabaseSync, work: () => T): T {
  beginImmediate(db);
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite rolls back by itself after some failures.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  } finally {
    lastEndMs = performance.now();
  }
}

/** What is refused was refused before anything of it was written; what SQLite throws ends the whole transaction. */
function attempt(work: () => WriteResult): WriteOutcome {
  try {
    return { result: work() };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}

function apply({ topics, positions, appends }: Tables, request: WriteRequest): WriteResult {
  switch (request.kind) {
    case "ensureTopic":
      return topics.ensure(request.spec);
    case "alterTopic":
      return topics.alter(request.name, request.limits);
    case "append":
      return appends.add(request.chunks);
    case "own": {
      // All are looked up before one is fenced: what is refused must change nothing.
      const found = request.partitionIds.map((id) => ({ id, bounds: appends.bounds(id) }));
      return found.map(({ id, bounds }) => ({ ...bounds, ...positions.own(request.group, id) }));
    }
    case "commit":
      positions.check(request.group, request.claims);
      appends.add(request.chunks);
      positions.move(request.group, request.claims);
      return null;
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));
let lastEndMs = Number.NEGATIVE_INFINITY;

function beginImmediate(db: DatabaseSync): void {
  const sinceMs = performance.now() - lastEndMs;
  if (sinceMs < courtesyMs) Atomics.wait(sleeper, 0, 0, courtesyMs - sinceMs);
  const giveUpAt = performance.now() + writeLockTimeoutMs;
  for (;;) {
    try {
      db.exec("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error;
    }
    Atomics.wait(sleeper, 0, 0, writeLockPollMs);
  }
}
