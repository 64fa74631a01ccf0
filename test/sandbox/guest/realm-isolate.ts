import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import ivm from "isolated-vm";

function bundle(): string {
  const result = buildSync({
    entryPoints: [fileURLToPath(new URL("realm-entry.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    platform: "neutral",
    mainFields: ["main"],
    target: "es2024",
  });
  return result.outputFiles[0]?.text ?? "";
}

let snapshot: ivm.ExternalCopy<ArrayBuffer> | undefined;

/** The guest bundle with the test's entry, as a snapshot. */
export function realmSnapshot(): ivm.ExternalCopy<ArrayBuffer> {
  snapshot ??= ivm.Isolate.createSnapshot([{ code: bundle(), filename: "millrace:guest" }]);
  return snapshot;
}

/** What one event in a test realm came to. */
export interface RealmOutcome {
  readonly value?: unknown;
  /** Header and frames of what was thrown. */
  readonly thrown?: string;
  readonly sites?: readonly { file: string; line: number; column: number; functionName: string }[];
  readonly console: readonly { level: string; text: string }[];
  readonly end: "clean" | "doubtful";
}

export interface RealmEvent {
  readonly timeMs?: number;
  readonly seed?: string;
  readonly capture?: "on" | "off";
}

/** One context made from the snapshot. */
export interface TestRealm {
  /** Runs a source as one event: its last statement is a `return`. */
  run(source: string, event?: RealmEvent): RealmOutcome;
  /** Runs a source many times without compiling it again. */
  compile(source: string): (event?: RealmEvent) => RealmOutcome;
  withBuffer(source: string, bytes: Uint8Array, start: number, length: number): unknown;
  ask(question: "changedBuiltIns" | "unfrozen" | "reachable"): string[];
  call(name: "noteBuiltIns" | "leaveConsoleLine"): void;
  call(name: "emptyEvents", count: number): void;
  call(name: "makeBuffers", count: number, length: number): void;
}

export function openIsolate(): ivm.Isolate {
  return new ivm.Isolate({ memoryLimit: 256, snapshot: realmSnapshot() });
}

/** Opens a realm in an isolate of its own or in the one given. */
export function openRealm(use: "fresh" | "sealed", isolate: ivm.Isolate = openIsolate()): TestRealm {
  const context = isolate.createContextSync();
  const hook = context.global.getSync("__test", { reference: true }) as ivm.Reference<
    Record<string, unknown>
  >;
  const method = (name: string): ivm.Reference => hook.getSync(name, { reference: true }) as ivm.Reference;
  const event = method("event");
  const withBuffer = method("withBuffer");
  method("open").applySync(undefined, [use]);
  const factoryOf = (source: string, parameters = ""): ivm.Reference =>
    isolate
      .compileScriptSync(`(function(${parameters}){${source}\n})`, {
        filename: "author.js",
        columnOffset: -12 - parameters.length,
      })
      .runSync(context, { reference: true });
  const compile = (source: string): ReturnType<TestRealm["compile"]> => {
    const factory = factoryOf(source);
    return ({ timeMs = 0, seed = "", capture = "off" } = {}) =>
      JSON.parse(
        event.applySync(undefined, [factory.derefInto(), timeMs, seed, capture]) as string,
      ) as RealmOutcome;
  };
  return {
    compile,
    run: (source, options) => compile(source)(options),
    withBuffer: (source, bytes, start, length) => {
      const copy = new ivm.ExternalCopy(new Uint8Array(bytes).buffer).copyInto();
      const factory = factoryOf(source, "buffer,other").derefInto();
      return JSON.parse(withBuffer.applySync(undefined, [factory, copy, start, length]) as string) as unknown;
    },
    ask: (question) => JSON.parse(method(question).applySync(undefined, []) as string) as string[],
    call: (name: string, ...given: number[]) => void method(name).applySync(undefined, given),
  };
}
