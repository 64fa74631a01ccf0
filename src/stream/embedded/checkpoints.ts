import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { pageBytes } from "./database.ts";

/**
 * Bytes written between two checkpoints. Fewer cost a second `fsync` more often and write hot pages again and again;
 * more make the WAL longer.
 */
const checkpointBytes = 16 * 2 ** 20;
/** Pages that a transaction writes besides records: the partition, the offset, the index, the ends of chunks. */
const transactionOverheadBytes = 4 * pageBytes;
/** Longest wait for readers when the WAL is to be emptied, milliseconds; theirs are far shorter. */
const readerTimeoutMs = 100;

/** Moves what is in the WAL into the log's file, in time for the WAL to stay bounded. */
export interface Checkpoints {
  /** Called after each transaction, with what it wrote. */
  afterWriting(bytes: number): void;
  /** Called when a transaction failed: on a full disk the WAL, once emptied, has room for the next one. */
  afterFailure(): void;
}

export function openCheckpoints(db: DatabaseSync, path: string, walLimitBytes: number): Checkpoints {
  const passive = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  const truncating = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  // What once made the WAL large leaves it large otherwise.
  db.exec(`PRAGMA journal_size_limit = ${walLimitBytes}`);
  let unchecked = walSize(path);
  let limitBytes = walLimitBytes;

  return {
    afterWriting: (bytes) => {
      unchecked += bytes + transactionOverheadBytes;
      if (unchecked < checkpointBytes) return;
      unchecked = 0;
      const pages = Number(passive.get()?.["log"]);
      if (pages * pageBytes < limitBytes) return;
      // A checkpoint that waits for no one leaves the WAL to grow while always some reader is looking at its end.
      db.exec(`PRAGMA busy_timeout = ${readerTimeoutMs}`);
      truncating.get();
      db.exec("PRAGMA busy_timeout = 0");
      // A reader from outside that never lets go must not cost that wait each time.
      limitBytes = Math.max(walLimitBytes, 2 * walSize(path));
    },
    afterFailure: () => void passive.get(),
  };
}

function walSize(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
