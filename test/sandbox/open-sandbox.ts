import { onTestFinished } from "vitest";
import type { Sandbox, SandboxStats } from "../../src/sandbox/port.ts";
import { openSandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { sandboxOptions } from "./sandbox-options.ts";

/** A real sandbox that is closed when the test has ended. */
export async function sandboxForTest(choice: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await openSandbox(await sandboxOptions(choice));
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Process ids of the executors that are alive. */
export async function pidsOf(sandbox: { stats(): Promise<SandboxStats> }): Promise<number[]> {
  const { executors } = await sandbox.stats();
  return executors.flatMap(({ pid }) => (pid === null ? [] : [pid]));
}
