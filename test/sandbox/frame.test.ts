import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createFrameReader,
  frameHead,
  frameKinds,
  type Frame,
  type FrameKind,
} from "../../src/sandbox/frame.ts";

const kinds = Object.values(frameKinds);

interface Sent {
  readonly kind: FrameKind;
  readonly id: number;
  readonly body: Buffer;
}

const sentFrames = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    id: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    body: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 12 },
);

function bytesOf(frames: readonly Sent[]): Buffer {
  return Buffer.concat(frames.flatMap(({ kind, id, body }) => [frameHead(kind, id, body.length), body]));
}

/** Everything that a reader hands out for some chunks. */
function read(chunks: Iterable<Buffer>): Frame[] {
  const frames: Frame[] = [];
  const take = createFrameReader((frame) => frames.push(frame));
  for (const chunk of chunks) take(chunk);
  return frames;
}

function* cutAt(bytes: Buffer, places: readonly number[]): Generator<Buffer> {
  let from = 0;
  for (const place of [...places].sort((a, b) => a - b)) {
    yield bytes.subarray(from, place);
    from = place;
  }
  yield bytes.subarray(from);
}

describe("a frame reader", () => {
  test("gives the frames that were sent, however the stream is cut into chunks", () => {
    fc.assert(
      fc.property(sentFrames, fc.array(fc.nat(600), { maxLength: 40 }), (frames, places) => {
        const bytes = bytesOf(frames);
        const within = places.map((place) => Math.min(place, bytes.length));
        expect(read(cutAt(bytes, within))).toEqual(frames);
      }),
    );
  });

  test("gives the frames that were sent when every byte comes alone", () => {
    fc.assert(
      fc.property(sentFrames, (frames) => {
        const bytes = bytesOf(frames);
        expect(read(Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1)))).toEqual(frames);
      }),
      { numRuns: 30 },
    );
  });

  test("gives a frame with the chunk that ends it, and no sooner", () => {
    const bytes = bytesOf([{ kind: frameKinds.run, id: 7, body: Buffer.from("body") }]);
    const frames: Frame[] = [];
    const take = createFrameReader((frame) => frames.push(frame));
    take(bytes.subarray(0, bytes.length - 1));
    expect(frames).toEqual([]);
    take(bytes.subarray(bytes.length - 1));
    expect(frames).toEqual([{ kind: frameKinds.run, id: 7, body: Buffer.from("body") }]);
  });

  test("does not copy a body that came in one chunk", () => {
    const bytes = bytesOf([{ kind: frameKinds.run, id: 1, body: Buffer.from("body") }]);
    const [frame] = read([bytes]);
    bytes.write("BODY", bytes.length - 4);
    expect(frame?.body.toString()).toBe("BODY");
  });

  test.each([
    ["none at all", 0],
    ["less than a head", 7],
    ["more than any frame has", 2 ** 30],
    ["all ones, which text sent by mistake looks like", 2 ** 32 - 1],
  ])("refuses a length of %s with WIRE", (_what, length) => {
    const head = Buffer.alloc(12);
    head.writeUInt32LE(length, 0);
    expect(() => read([head])).toThrow(expect.objectContaining({ code: "WIRE" }));
    // What is whole before it still comes.
    const frames: Frame[] = [];
    const take = createFrameReader((frame) => frames.push(frame));
    const whole = bytesOf([{ kind: frameKinds.ready, id: 0, body: Buffer.alloc(0) }]);
    expect(() => take(Buffer.concat([whole, head]))).toThrow(expect.objectContaining({ code: "WIRE" }));
    expect(frames).toHaveLength(1);
  });
});
