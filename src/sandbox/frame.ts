import { MillraceError } from "../model/error.ts";

/**
 * Frames between a supervisor and an executor: `u32 length | u32 kind | u32 id | body`, little-endian, the length
 * counting everything after itself. Both sides run on one machine, so byte order is not negotiated.
 */
export const frameKinds = {
  hello: 1,
  ready: 2,
  template: 3,
  forget: 4,
  run: 5,
  results: 6,
  stats: 7,
  stage: 8,
} as const;
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export interface Frame {
  readonly kind: number;
  readonly id: number;
  readonly body: Buffer;
}

const headBytes = 12;
/**
 * Longest frame, bytes. It protects the reader from a length that is no length; more than an isolate's heap can give
 * in results is not needed.
 */
const longestFrameBytes = 2 ** 30;

/** The bytes of one frame; the body's parts are written one after the other without being joined first. */
export function frameHead(kind: FrameKind, id: number, bodyBytes: number): Buffer {
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt32LE(headBytes - 4 + bodyBytes, 0);
  head.writeUInt32LE(kind, 4);
  head.writeUInt32LE(id, 8);
  return head;
}

/**
 * Collects chunks of a byte stream and hands out whole frames; never copies a chunk that holds a frame whole. Throws
 * `WIRE` at a length that no frame has; nothing after it can be read.
 */
export function createFrameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let wantedBytes = headBytes;

  return (chunk) => {
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pendingBytes < wantedBytes) return;
    let bytes = pending.length === 1 ? chunk : Buffer.concat(pending, pendingBytes);
    pending = [];
    for (;;) {
      if (bytes.length < headBytes) {
        wantedBytes = headBytes;
        break;
      }
      const frameBytes = bytes.readUInt32LE(0) + 4;
      if (frameBytes < headBytes || frameBytes > longestFrameBytes)
        throw new MillraceError("WIRE", `a frame cannot be ${frameBytes} bytes long`);
      if (bytes.length < frameBytes) {
        wantedBytes = frameBytes;
        break;
      }
      const kind = bytes.readUInt32LE(4);
      const id = bytes.readUInt32LE(8);
      onFrame({ kind, id, body: bytes.subarray(headBytes, frameBytes) });
      bytes = bytes.subarray(frameBytes);
    }
    pendingBytes = bytes.length;
    if (bytes.length > 0) pending.push(bytes);
  };
}
