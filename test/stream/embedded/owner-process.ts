/**
 * Owns partition 0 of `in` for the group `pairs` and makes two padded records in `out` of each record, a few at a time. It
 * prints `owned` with the offset where it begins, and `committed` with each offset that it has reached.
 *
 *   node owner-process.ts LOG
 */
import { openEmbeddedLog } from "../../../src/stream/embedded/embedded-log.ts";

const sliceRecords = 5;
/** So that most of the time is spent within commits, where a kill is to fall. */
const paddingBytes = 10_000;

const log = await openEmbeddedLog({
  path: process.argv[2] ?? "",
  onFault: (error) => {
    throw error;
  },
});
const assigned = Promise.withResolvers<unknown>();
const member = await log.join({
  group: "pairs",
  topics: ["in"],
  share: { index: 0, of: 1 },
  onAssignment: assigned.resolve,
  onFault: assigned.reject,
});
await assigned.promise;
const owner = await member.own("in", 0);
console.log(`owned ${owner.position}`);
for (let from = owner.position; ;) {
  const { records } = await owner.fetch({ maxRecords: sliceRecords, maxBytes: 2 ** 20, waitMs: 1_000 });
  const last = records.at(-1);
  if (last === undefined) continue;
  const outputs = records.flatMap(({ value, key, headers, timestampMs }) =>
    ["a", "b"].map((half) => ({
      topic: "out",
      key,
      value: Buffer.concat([value ?? Buffer.alloc(0), Buffer.from(half), Buffer.alloc(paddingBytes, " ")]),
      headers,
      timestampMs,
    })),
  );
  await owner.commit({ from, to: last.offset + 1, metadata: "", outputs });
  from = last.offset + 1;
  console.log(`committed ${from}`);
}
