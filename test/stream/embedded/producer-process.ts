/**
 * Appends records with the numbers `FIRST` up to before `END` to partition 0 of `in`, one to five a call, and prints
 * `acknowledged` with the number that comes next. When a call fails it prints the error and tries the call once more; it
 * stops when that fails too.
 *
 *   node producer-process.ts LOG FIRST END [VALUE_BYTES]
 */
import { MillraceError } from "../../../src/model/error.ts";
import { openEmbeddedLog } from "../../../src/stream/embedded/embedded-log.ts";
import type { OutgoingRecord } from "../../../src/stream/port.ts";

const [path = "", first = "0", end = "0", valueBytes = "0"] = process.argv.slice(2);

const log = await openEmbeddedLog({ path, onFault: (error) => console.log(`fault ${error.code}`) });
for (let next = Number(first), failures = 0; next < Number(end) && failures < 2;) {
  const count = Math.min(1 + (next % 5), Number(end) - next);
  try {
    await log.append(Array.from({ length: count }, (_, index) => numbered(next + index)));
    next += count;
    failures = 0;
    console.log(`acknowledged ${next}`);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    failures += 1;
    console.log(`failed ${error.code} ${error.retryable ? "retryable" : "final"}: ${error.message}`);
  }
}
await log.close();

function numbered(number: number): OutgoingRecord {
  return {
    topic: "in",
    partition: 0,
    key: null,
    value: Buffer.from(`${number}`.padEnd(Number(valueBytes))),
    headers: [],
    timestampMs: Date.now(),
  };
}
