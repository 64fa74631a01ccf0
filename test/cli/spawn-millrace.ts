import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** What a finished program left. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdio?: StdioOptions;
}

/** Starts the real program, as a person would. */
export function startMillrace(args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...inherited } = process.env;
  return spawn(process.execPath, ["--no-node-snapshot", main, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...inherited, ...options.environment },
    stdio: options.stdio ?? "pipe",
  });
}

/** Runs the real program to its end. */
export async function millrace(args: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
  const child = startMillrace(args, options);
  // A program that ends early closes its input; that is its own business.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input ?? "");
  return finished(child);
}

/** Collects what a program writes until it has ended. */
export async function finished(child: ChildProcess): Promise<Finished> {
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (endCode, endSignal) => resolve([endCode, endSignal]));
  });
  return { code, signal, stdout: stdout(), stderr: stderr() };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}

/** A directory with these files (text by path), gone when the test has ended. */
export function directoryWith(files: Readonly<Record<string, string>> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), "millrace-cli-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}
