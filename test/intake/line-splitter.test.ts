import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitLines } from "../../src/intake/line-splitter.ts";
import type { SplitLine } from "../../src/intake/line-splitter.ts";

async function* chunksOf(parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    await setImmediate();
    yield typeof part === "string" ? Buffer.from(part) : part;
  }
}

async function split(parts: readonly (string | Uint8Array)[], lineBytes = 100): Promise<SplitLine[]> {
  const lines: SplitLine[] = [];
  for await (const group of splitLines(chunksOf(parts), { lineBytes })) lines.push(...group);
  return lines;
}

/** `number:text` for each line, `number!size` for each that was too long. */
function shown(lines: readonly SplitLine[]): string[] {
  return lines.map((line) =>
    line.kind === "line" ? `${line.line}:${line.bytes.toString()}` : `${line.line}!${line.omitted.bytes}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

describe("splitting an input into lines", () => {
  it("counts lines from 1 and takes the last one without its line break", async () => {
    expect(shown(await split(["a\nb\nc"]))).toEqual(["1:a", "2:b", "3:c"]);
    expect(shown(await split(["a\nb\n"]))).toEqual(["1:a", "2:b"]);
  });

  it("takes CR LF as a line break, and a CR elsewhere as part of the line", async () => {
    expect(shown(await split(["a\r\nb\rc\r\n\r\nd\r"]))).toEqual(["1:a", "2:b\rc", "4:d"]);
    expect(shown(await split(["a\r", "\nb"]))).toEqual(["1:a", "2:b"]);
  });

  it("skips blank lines, and counts them", async () => {
    expect(shown(await split(["\n\na\n \t \n\r\nb\n\n"]))).toEqual(["3:a", "6:b"]);
    expect(await split([])).toEqual([]);
    expect(await split(["", "\n", " "])).toEqual([]);
  });

  it("puts lines together that lie in several chunks", async () => {
    expect(shown(await split(["a", "b", "c\nd", "", "e\n", "f"]))).toEqual(["1:abc", "2:de", "3:f"]);
  });

  it("reports a line above the limit with its size and hash, and goes on after it", async () => {
    const long = "x".repeat(11);
    const lines = await split([`a\n${long}\nb\n${"y".repeat(10)}\n`], 10);
    expect(shown(lines)).toEqual(["1:a", "2!11", "3:b", `4:${"y".repeat(10)}`]);
    expect(lines[1]).toEqual({
      kind: "oversize",
      line: 2,
      omitted: { bytes: 11, sha256: sha256(long) },
      limitBytes: 10,
    });
  });

  it("does not count the CR of a line break towards the limit", async () => {
    const full = "x".repeat(10);
    expect(shown(await split([`${full}\r\n${full}`, "\r", "\nz"], 10))).toEqual([
      `1:${full}`,
      `2:${full}`,
      "3:z",
    ]);
    expect(shown(await split([`${full}x\r`, "\nz"], 10))).toEqual(["1!12", "2:z"]);
  });

  it("never holds a line above the limit whole: 200 MB in one line cost no such memory", async () => {
    const chunk = Buffer.alloc(1 << 20, "x");
    let peakBytes = 0;
    async function* oneLine(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 200; count += 1) {
        const { arrayBuffers, heapUsed } = process.memoryUsage();
        peakBytes = Math.max(peakBytes, arrayBuffers + heapUsed);
        yield chunk;
      }
      yield Buffer.from("\nafter");
    }
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    const lines: SplitLine[] = [];
    for await (const group of splitLines(oneLine(), { lineBytes: 4 << 20 })) lines.push(...group);
    expect(shown(lines)).toEqual([`1!${200 << 20}`, "2:after"]);
    expect(peakBytes - arrayBuffers - heapUsed).toBeLessThan(40 << 20);
  });

  it("does not hold a small chunk's memory for each small part of a line", async () => {
    const bytes = Array.from({ length: 5000 }, (_, at) => Buffer.from(String(at % 10)));
    const [line] = await split([...bytes, "\n"], 5000);
    expect(line?.kind === "line" && line.bytes.buffer.byteLength).toBeLessThanOrEqual(2 * 5001);
    expect(shown(line === undefined ? [] : [line])).toEqual([`1:${"0123456789".repeat(500)}`]);
  });

  it("closes the input when the reader stops early", async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from("a\n");
      } finally {
        isClosed = true;
      }
    }
    for await (const group of splitLines(endless(), { lineBytes: 10 })) {
      expect(shown(group)).toEqual(["1:a"]);
      break;
    }
    expect(isClosed).toBe(true);
  });

  it("gives the same lines however the input is cut into chunks", async () => {
    const piece = fc.constantFrom(
      "\n",
      "\r\n",
      "\r",
      " ",
      "a",
      "é",
      "x".repeat(9),
      "x".repeat(10),
      "x".repeat(11),
      "x".repeat(30),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.nat(200), { maxLength: 6 }),
        async (pieces, cuts) => {
          const bytes = Buffer.from(pieces.join(""));
          const at = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].toSorted((a, b) => a - b);
          const chunks = [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length));
          expect(await split(chunks, 10)).toEqual(await split([bytes], 10));
          // And they are those that a plain split of the text gives.
          const plain = bytes
            .toString("latin1")
            .split("\n")
            .map((line) => line.replace(/\r$/, ""));
          const expected = plain.flatMap((line, index) =>
            /^[ \t]*$/.test(line) && line.length <= 10 ? [] : [index + 1],
          );
          expect((await split(chunks, 10)).map(({ line }) => line)).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });
});
