import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { MillraceError } from "../../model/error.ts";
import { damaged, withFaults } from "./sqlite-fault.ts";

/** Raised with every change that an older Millrace would misread. */
export const schemaVersion = 1;
/** "Mrlg": what tells a log from any other SQLite database. */
const applicationId = 0x4d_72_6c_67;

/**
 * Bytes of a page. A small commit writes four of them, a large chunk fills many: 8 KiB was within a few per cent of the
 * best at both.
 */
export const pageBytes = 8_192;

/** SQLite's smallest page. It takes what is shorter for a database in which nothing is yet. */
const smallestFileBytes = 512;

/**
 * How long a statement waits for a lock, milliseconds. Readers meet one only while a last process leaves or a first one
 * recovers the file; waiting longer would block a thread with lanes on it.
 */
const lockTimeoutMs = 5_000;

/**
 * A chunk is a run of records of one partition, as `record-chunk.ts` packs them; none is ever changed. Those of a
 * partition follow each other without a hole: the first begins at `start_offset`, the last ends before `end_offset`.
 * A topic's partitions have consecutive ids.
 */
const schema = `
  CREATE TABLE topic (
    name TEXT PRIMARY KEY, topic_id TEXT NOT NULL, first_partition INTEGER NOT NULL, partitions INTEGER NOT NULL,
    retention_ms INTEGER, retention_bytes INTEGER, max_record_bytes INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE partition (
    id INTEGER PRIMARY KEY, start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, bytes INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE chunk (
    id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, base_offset INTEGER NOT NULL, record_count INTEGER NOT NULL,
    newest_ms INTEGER NOT NULL, checksum INTEGER NOT NULL, records BLOB NOT NULL, UNIQUE (partition, base_offset)
  ) STRICT;
  CREATE TABLE position (
    consumer_group TEXT NOT NULL, partition INTEGER NOT NULL, epoch INTEGER NOT NULL,
    next_offset INTEGER, metadata TEXT NOT NULL, PRIMARY KEY (consumer_group, partition)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Opens the log's file, which is made where it is missing. Throws `LOG_UNUSABLE`, `LOG_CORRUPT` or `LOG`.
 *
 * The file is only ever opened through SQLite: closing any other descriptor of it would drop this process's locks.
 */
export function openDatabase(path: string): DatabaseSync {
  return withFaults(path, () => {
    if (!existsSync(path)) createFile(path);
    const { size } = statSync(path);
    if (size < smallestFileBytes) throw damaged(path, `the file is cut off: it has ${size} bytes`);
    const db = connect(path, "rw");
    try {
      checkIdentity(db, path);
      checkLastPage(path);
      checkTables(db, path);
      // macOS leaves data in the drive's cache unless it is told otherwise; elsewhere the first line does nothing.
      db.exec(`
        PRAGMA fullfsync = ON; PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
        PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;
      `);
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  });
}

/**
 * SQLite rounds the size up and reads zeros for what is missing of the last page. A checkpoint that goes on, or was cut
 * off, may leave half a page too; then the WAL has it whole.
 */
function checkLastPage(path: string): void {
  const hasWal = (): boolean => (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const hadWal = hasWal();
  const { size } = statSync(path);
  if (size % pageBytes === 0 || hadWal || hasWal()) return;
  throw damaged(path, `the file is cut off: its ${size} bytes are no whole pages`);
}

function connect(path: string, mode: "rw" | "rwc"): DatabaseSync {
  const url = pathToFileURL(path);
  url.searchParams.set("mode", mode);
  return new DatabaseSync(url, { timeout: lockTimeoutMs });
}

function checkIdentity(db: DatabaseSync, path: string): void {
  if (pragma(db, "application_id") !== applicationId) {
    throw new MillraceError("LOG_UNUSABLE", `log ${path}: the file is an SQLite database, but not a log`);
  }
  const version = pragma(db, "user_version");
  if (version > schemaVersion) {
    throw new MillraceError(
      "LOG_UNUSABLE",
      `log ${path}: written by a newer Millrace (its schema is ${version}, this one knows up to ${schemaVersion}); use that version`,
    );
  }
}

/**
 * A file that was cut off while a WAL lay beside it opens like any other, and a row that was lost with its end would
 * only be missing: a topic would be made anew, a group would begin anew. Chunks are left to their readers, who check
 * each one's bytes and place; these tables are small.
 */
function checkTables(db: DatabaseSync, path: string): void {
  for (const table of ["topic", "partition", "position"]) {
    const [finding] = db.prepare(`PRAGMA integrity_check(${table})`).all();
    if (finding?.["integrity_check"] !== "ok") throw damaged(path, `its table ${table} is damaged`);
  }
}

function pragma(db: DatabaseSync, name: "application_id" | "user_version"): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** The file appears under its name only when it is whole, so that one which is empty or half made is a fault. */
function createFile(path: string): void {
  if (existsSync(`${path}-wal`)) {
    throw damaged(path, "the file is missing, but its -wal, which may hold its newest records, is there");
  }
  try {
    mkdirSync(dirname(path), { recursive: true });
    const unfinished = `${path}.new-${randomBytes(6).toString("hex")}`;
    try {
      writeEmpty(unfinished);
      linkUnlessThere(unfinished, path);
    } finally {
      rmSync(unfinished, { force: true });
    }
    syncDirectory(dirname(path));
  } catch (error) {
    if (!isErrno(error)) throw error;
    throw new MillraceError("LOG_UNUSABLE", `log ${path}: it cannot be made (${error.message})`, {
      cause: error,
    });
  }
}

function writeEmpty(path: string): void {
  const db = connect(path, "rwc");
  try {
    db.exec(`
      PRAGMA page_size = ${pageBytes}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
      PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; ${schema}
    `);
  } finally {
    db.close();
  }
}

/** A rename would replace the file that another process has made meanwhile. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!isErrno(error) || error.code !== "EEXIST") throw error;
  }
}

/** A new name is durable only when its directory is. */
function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
