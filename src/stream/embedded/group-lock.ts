import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { MillraceError } from "../../model/error.ts";
import { faultOf, isBusy } from "./sqlite-fault.ts";

/** How often the lock is tried before it counts as held; another process may look at it in the same moment. */
const attempts = 12;
/** Between two attempts, milliseconds; spread, so that two who wait do not meet each time. */
const shortestDelayMs = 10;
const longestDelayMs = 50;

/** That this process consumes for a group; the operating system lets go of it when the process ends. */
export interface GroupLock {
  close(): void;
}

interface Holder {
  readonly pid: number;
  /** What tells this process from one of the same id on another machine or in another container. */
  readonly home: string;
}

/**
 * Takes the lock of a group for this process; its threads share it. Rejects with `GROUP_HELD`, naming who has it.
 *
 * The lock is SQLite's on a file of its own beside the log's: whoever holds the group keeps a read transaction open on
 * it, and only one who can have it for itself alone may write its name into it. SQLite takes it with `fcntl`, which
 * the kernel undoes however a process ends.
 */
export async function lockGroup(logPath: string, group: string): Promise<GroupLock> {
  const path = `${logPath}.${encodeURIComponent(group)}.lock`;
  try {
    const db = new DatabaseSync(path, { timeout: 0 });
    try {
      await hold(db, group);
    } catch (error) {
      db.close();
      throw error;
    }
    return { close: () => db.close() };
  } catch (error) {
    throw faultOf(error, path);
  }
}

async function hold(db: DatabaseSync, group: string): Promise<void> {
  const self = { pid: process.pid, home: processHome() };
  let holder: Holder | undefined;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (attempt > 0) {
      await delay(shortestDelayMs + Math.random() * (longestDelayMs - shortestDelayMs));
    }
    unlessBusy(() => writeName(db, self));
    unlessBusy(() => {
      db.exec("BEGIN");
      // From here to the end of the transaction nobody else can write a name.
      holder = readName(db);
    });
    if (holder?.pid === self.pid && holder.home === self.home && db.isTransaction) return;
    if (db.isTransaction) db.exec("ROLLBACK");
  }
  const who = holder === undefined ? "another process" : `process ${holder.pid} on ${holder.home}`;
  throw new MillraceError(
    "GROUP_HELD",
    `group ${group} is consumed by ${who}; one process at a time consumes for a group of an embedded log: end it first, or use another group`,
  );
}

function writeName(db: DatabaseSync, { pid, home }: Holder): void {
  db.exec("BEGIN EXCLUSIVE");
  try {
    db.exec("CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, home TEXT NOT NULL) STRICT");
    db.exec("DELETE FROM holder");
    db.prepare("INSERT INTO holder VALUES (?, ?)").run(pid, home);
    db.exec("COMMIT");
  } finally {
    if (db.isTransaction) db.exec("ROLLBACK");
  }
}

function readName(db: DatabaseSync): Holder | undefined {
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'holder'").get();
  if (table === undefined) return undefined;
  return db.prepare("SELECT pid, home FROM holder").get() as Holder | undefined;
}

function unlessBusy(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}

function processHome(): string {
  try {
    // Containers can share a host name and each have a process 1; what they do not share is this.
    return `${hostname()} (${readlinkSync("/proc/self/ns/pid")})`;
  } catch {
    return hostname();
  }
}
