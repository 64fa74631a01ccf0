import { expect, test } from "vitest";
import { recordSizeBytes } from "../../src/stream/record-size.ts";

test("a record's size counts key, value, header names in UTF-8 and header values, over a broker's overhead", () => {
  const bare = recordSizeBytes({ key: null, value: null, headers: [] });
  // What Kafka writes at most: 61 bytes of batch, 5 of length, 3 of attributes and deltas, 5 for each of three lengths.
  expect(bare).toBeGreaterThanOrEqual(61 + 5 + 3 + 15);
  const full = recordSizeBytes({
    key: Buffer.alloc(7),
    value: Buffer.alloc(100),
    headers: [
      ["org", Buffer.alloc(5)],
      ["✓", Buffer.alloc(0)],
    ],
  });
  expect(full - bare).toBe(7 + 100 + (3 + 5 + 10) + (3 + 0 + 10));
});
