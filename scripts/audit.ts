import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openLog } from "../src/app/open-log.ts";
import { findMissing, readAccepted } from "./audit/accepted.ts";
import { judge } from "./audit/judge.ts";
import { readStream } from "./audit/read-stream.ts";

/*
 * Reads a log that nobody works on any more and proves what the stream promises: every record of the ingest topic has
 * exactly one outcome, in its partition and in order, and was committed; with `--accepted`, every event that a producer
 * was told is durable is in the ingest topic exactly once.
 *
 *     node scripts/audit.ts --log FILE [--accepted FILE] [--group NAME]
 *
 * One line for each violation, then the counts as one line of JSON. The exit code is 1 where there is a violation,
 * and 3 where the log cannot be read.
 */

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      log: { type: "string" },
      accepted: { type: "string" },
      group: { type: "string", default: "millrace" },
    },
  });
  if (values.log === undefined) {
    process.stderr.write("usage: node scripts/audit.ts --log FILE [--accepted FILE] [--group NAME]\n");
    return 2;
  }
  const onFault = (error: Error): void => void process.stderr.write(`${error.message}\n`);
  const log = await openLog({ scheme: "sqlite", path: values.log }, { missing: "refuse", onFault });
  try {
    const stream = await readStream(log, values.group);
    const { violations, counts } = judge(stream);
    const told =
      values.accepted === undefined ? undefined : readAccepted(readFileSync(values.accepted, "utf8"));
    const missing = told === undefined ? [] : findMissing(stream.inputs, told);
    const all = [...violations, ...missing];
    for (const line of all) process.stdout.write(`${line}\n`);
    const accepted =
      told === undefined ? {} : { accepted: told.filter((event) => event.accepted > 0).length };
    process.stdout.write(`${JSON.stringify({ ...counts, ...accepted, violations: all.length })}\n`);
    return all.length === 0 ? 0 : 1;
  } finally {
    await log.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}
