import { readFile, writeFile } from "node:fs/promises";
import type { Engine } from "../../app/engine-port.ts";
import { openEngine } from "../../app/open-engine.ts";
import type { Config } from "../../config/config.ts";
import { MillraceError } from "../../model/error.ts";
import { updatedExpectation } from "./case-expectation.ts";
import { hasFailed, reportJson, reportText, type TestReport } from "./case-report.ts";
import { runTargets, type CaseResult, type TestResult } from "./case-run.ts";
import { shownPath } from "../catalog-path.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { rewriteExpectations } from "../../catalog/rewrite-expectation.ts";
import { findTargets, watchedPaths } from "./test-targets.ts";

/** The flags of `test` that are not the configuration's. */
export interface TestFlags {
  readonly update?: true | undefined;
  readonly watch?: true | undefined;
  readonly json?: true | undefined;
}

/** Runs the cases that the paths name, once or until a person wants to stop, and gives the exit code. */
export async function testSession(
  host: Host,
  config: Config,
  paths: readonly string[],
  flags: TestFlags,
): Promise<ExitCode> {
  const interrupt = host.watchInterrupts(flags.watch ? "shown" : "said");
  const engine = await openEngine(config, emptyView, { debug: "on" });
  const session: Session = { host, flags, paths, config, engine, interrupt: interrupt.signal };
  try {
    return flags.watch ? await watch(session) : await runOnce(session);
  } finally {
    await engine.close();
    interrupt.release();
  }
}

interface Session {
  readonly host: Host;
  readonly flags: TestFlags;
  readonly paths: readonly string[];
  readonly config: Config;
  readonly engine: Engine;
  readonly interrupt: AbortSignal;
}

/** Each org's catalog comes into use as its cases run. */
const emptyView = { org: () => undefined, asset: () => undefined, template: () => undefined };

async function runOnce({ host, flags, paths, config, engine, interrupt }: Session): Promise<ExitCode> {
  const startMs = performance.now();
  const result = await runTargets(engine, findTargets(paths, host.workingDir), config, interrupt);
  const updated = flags.update ? await updateFiles(result) : new Set<CaseResult>();
  const report: TestReport = { result, updated, elapsedMs: performance.now() - startMs };
  await host.stdout.write(flags.json ? reportJson(report) : reportText(report, host));
  if (interrupt.aborted) return exitCodes.interrupted;
  return hasFailed(report) ? exitCodes.findings : exitCodes.done;
}

/** Runs at once and after each change until a person wants to stop. */
async function watch(session: Session): Promise<ExitCode> {
  const { host, paths, interrupt } = session;
  const { watchDirectories } = await import("../../catalog/watch-directories.ts");
  const directories = watchedPaths(paths, host.workingDir);
  const changes = await watchDirectories(directories);
  const shown = directories.map((directory) => shownPath(directory, host.workingDir)).join(", ");
  try {
    while (!interrupt.aborted) {
      changes.forget();
      await runWatched(session);
      if ((await host.stdout.flush()) === "closed") return exitCodes.done;
      if (!changes.hasChanged()) host.say(host.colors.dim(`watching ${shown}; press Ctrl-C to end`));
      await changes.settled(interrupt);
    }
  } finally {
    await changes.close();
  }
  return exitCodes.interrupted;
}

/** While a person edits, a path may be gone or half written for a moment: that is said, and watched on. */
async function runWatched(session: Session): Promise<void> {
  try {
    await runOnce(session);
  } catch (error) {
    const mayPass = error instanceof MillraceError && ["USAGE", "CATALOG", "INPUT"].includes(error.code);
    if (!mayPass) throw error;
    session.host.say(session.host.colors.red(`millrace: ${error.message}`));
  }
}

/** Writes new expectations for all failed cases, file by file, and gives the cases. */
async function updateFiles(result: TestResult): Promise<ReadonlySet<CaseResult>> {
  const failed = result.templates.flatMap(({ cases }) => cases.filter(({ verdict }) => verdict === "failed"));
  for (const [file, cases] of Map.groupBy(failed, (each) => each.file)) {
    const text = await readFile(file, "utf8");
    const changes = cases.map(({ index, case: entry, processed }) => ({
      index,
      expect: updatedExpectation(entry.expect, processed.outcome),
    }));
    await writeUpdated(file, rewriteExpectations(text, changes));
  }
  return new Set(failed);
}

async function writeUpdated(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new MillraceError(
      "OUTPUT",
      `cannot write ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
