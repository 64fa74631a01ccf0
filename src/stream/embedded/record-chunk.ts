import { crc32 } from "node:zlib";
import type { LogRecord, OutgoingRecord, TopicPartition } from "../port.ts";
import { headerNameBytes, readHeaderName } from "./header-names.ts";

/**
 * A record in a chunk, little-endian: `u32 keyBytes | u32 valueBytes | u32 headerCount | f64 timestampMs | key | value`,
 * then for each header `u32 nameBytes | u32 valueBytes | name | value`. Nothing in it depends on its place, so chunks
 * are joined by joining their bytes.
 */
const headBytes = 20;
const headerHeadBytes = 8;
/** Stands for a length where there is no key or value; no record is as long as that. */
const absent = 0xff_ff_ff_ff;

/**
 * Bytes at which a chunk ends, so that what a reader holds of a partition is bounded. Larger ones cost readers memory,
 * smaller ones more rows. A record that is larger is a chunk of its own.
 */
export const chunkLimitBytes = 256 * 1_024;

/** Records of one partition, ready to be stored. */
export interface PackedRecords {
  readonly recordCount: number;
  /** The newest of their timestamps: by it the chunk is too old only when all of them are. */
  readonly newestMs: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A chunk as it is stored. */
export interface StoredChunk {
  readonly baseOffset: number;
  readonly recordCount: number;
  readonly bytes: Uint8Array;
}

/** Packs records in their order, cut at {@link chunkLimitBytes}. Each result has a buffer of its own to be handed on. */
export function packRecords(records: readonly OutgoingRecord[]): readonly PackedRecords[] {
  const packed: PackedRecords[] = [];
  let first = 0;
  let bytes = 0;
  records.forEach((record, index) => {
    const size = packedBytes(record);
    if (bytes > 0 && bytes + size > chunkLimitBytes) {
      packed.push(packRun(records, first, index, bytes));
      first = index;
      bytes = 0;
    }
    bytes += size;
  });
  if (bytes > 0) packed.push(packRun(records, first, records.length, bytes));
  return packed;
}

/** What tells stored bytes from damaged ones. */
export function checksumOf(bytes: Uint8Array): number {
  return crc32(bytes);
}

/** Reads a chunk's records one after the other. The bytes they give are views of the chunk's. */
export class ChunkCursor {
  readonly #bytes: Buffer;
  readonly #place: TopicPartition;
  readonly #endOffset: number;
  #offset: number;
  #at = 0;

  constructor({ baseOffset, recordCount, bytes }: StoredChunk, place: TopicPartition) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#place = place;
    this.#offset = baseOffset;
    this.#endOffset = baseOffset + recordCount;
  }

  get done(): boolean {
    return this.#offset === this.#endOffset;
  }

  /** Leaves out what lies before `offset`. */
  skipTo(offset: number): void {
    while (this.#offset < offset && !this.done) this.next();
  }

  /** Bytes of the next record's key, value and headers. */
  nextBytes(): number {
    const keyBytes = this.#length(this.#at);
    const valueBytes = this.#length(this.#at + 4);
    const headerCount = this.#bytes.readUInt32LE(this.#at + 8);
    let at = this.#at + headBytes + keyBytes + valueBytes;
    let headersBytes = 0;
    for (let i = 0; i < headerCount; i += 1) {
      const bytes = this.#bytes.readUInt32LE(at) + this.#bytes.readUInt32LE(at + 4);
      headersBytes += bytes;
      at += headerHeadBytes + bytes;
    }
    return keyBytes + valueBytes + headersBytes;
  }

  next(): LogRecord {
    const bytes = this.#bytes;
    const head = this.#at;
    const key = this.#view(head, head + headBytes);
    const value = this.#view(head + 4, head + headBytes + (key?.length ?? 0));
    this.#at += headBytes + (key?.length ?? 0) + (value?.length ?? 0);
    const { topic, partition } = this.#place;
    const offset = this.#offset;
    this.#offset += 1;
    const headers = this.#headers(bytes.readUInt32LE(head + 8));
    return { topic, partition, offset, timestampMs: bytes.readDoubleLE(head + 12), key, value, headers };
  }

  #headers(count: number): (readonly [string, Buffer])[] {
    const headers: (readonly [string, Buffer])[] = [];
    for (let i = 0; i < count; i += 1) {
      const nameStart = this.#at + headerHeadBytes;
      const valueStart = nameStart + this.#bytes.readUInt32LE(this.#at);
      const end = valueStart + this.#bytes.readUInt32LE(this.#at + 4);
      headers.push([
        readHeaderName(this.#bytes, nameStart, valueStart),
        this.#bytes.subarray(valueStart, end),
      ]);
      this.#at = end;
    }
    return headers;
  }

  #length(at: number): number {
    const length = this.#bytes.readUInt32LE(at);
    return length === absent ? 0 : length;
  }

  #view(lengthAt: number, start: number): Buffer | null {
    const length = this.#bytes.readUInt32LE(lengthAt);
    return length === absent ? null : this.#bytes.subarray(start, start + length);
  }
}

function packedBytes(record: OutgoingRecord): number {
  let bytes = headBytes + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of record.headers) {
    bytes += headerHeadBytes + headerNameBytes(name).length + value.length;
  }
  return bytes;
}

function packRun(
  records: readonly OutgoingRecord[],
  first: number,
  end: number,
  bytes: number,
): PackedRecords {
  // Not from Buffer's shared pool: handing over such a buffer would take its neighbours' bytes along.
  const buffer = Buffer.allocUnsafeSlow(bytes);
  let at = 0;
  let newestMs = Number.NEGATIVE_INFINITY;
  for (let i = first; i < end; i += 1) {
    const record = records[i];
    if (record === undefined) continue;
    newestMs = Math.max(newestMs, record.timestampMs);
    at = packRecord(buffer, at, record);
  }
  return { recordCount: end - first, newestMs: Math.floor(newestMs), bytes: buffer };
}

function packRecord(
  buffer: Buffer,
  head: number,
  { key, value, headers, timestampMs }: OutgoingRecord,
): number {
  buffer.writeUInt32LE(key?.length ?? absent, head);
  buffer.writeUInt32LE(value?.length ?? absent, head + 4);
  buffer.writeUInt32LE(headers.length, head + 8);
  buffer.writeDoubleLE(timestampMs, head + 12);
  let at = head + headBytes;
  if (key !== null) {
    buffer.set(key, at);
    at += key.length;
  }
  if (value !== null) {
    buffer.set(value, at);
    at += value.length;
  }
  for (const [name, bytes] of headers) {
    const nameBytes = headerNameBytes(name);
    buffer.writeUInt32LE(nameBytes.length, at);
    buffer.writeUInt32LE(bytes.length, at + 4);
    at += headerHeadBytes;
    buffer.set(nameBytes, at);
    at += nameBytes.length;
    buffer.set(bytes, at);
    at += bytes.length;
  }
  return at;
}
