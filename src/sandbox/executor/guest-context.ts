import ivm from "isolated-vm";
import type { GuestCrossing } from "../guest/crossing.ts";
import type { RealmUse } from "../guest/realm.ts";
import type { RunnableFile, RunnableTemplate } from "../port.ts";

/** A template's files as one isolate holds them: compiled, bound to no context. */
export interface CompiledTemplate {
  readonly scripts: readonly (ivm.Script | undefined)[];
  /** Those whose top level must be tried out before it may run in a realm that stays. */
  readonly active: ReadonlySet<ivm.Script>;
}

type Stage = "decode" | "validate" | "transform";
const stages: readonly Stage[] = ["decode", "validate", "transform"];

/** Names in the order of `entryNames` in the guest, each with the stage that asks for it. */
const entryNames: readonly (readonly [name: string, stage: Stage])[] = [
  ["decode", "decode"],
  ["validate", "validate"],
  ["transform", "transform"],
  ["decodeUplink", "decode"],
  ["Decoder", "decode"],
  ["Decode", "decode"],
  ["normalizeUplink", "decode"],
];

const withModule = "(function(module,exports){";
const withoutModule = "(function(){";

/** Raised where V8 refuses a source; what it says goes into the rejection. */
export class SourceRefused extends Error {
  readonly file: string;

  constructor(file: string, message: string) {
    super(message);
    this.name = "SourceRefused";
    this.file = file;
  }
}

/** Compiles each stage's file. A source must parse alone first, so that none can close the function around it. */
export function compileTemplate(isolate: ivm.Isolate, template: RunnableTemplate): CompiledTemplate {
  const byFile = new Map<RunnableFile, ivm.Script>();
  const active = new Set<ivm.Script>();
  const scripts = stages.map((stage) => {
    const file = template.files.find((candidate) => candidate.stages.includes(stage));
    if (file === undefined) return undefined;
    const compiled = byFile.get(file) ?? compileFile(isolate, file);
    byFile.set(file, compiled);
    if (file.topLevel !== "inert") active.add(compiled);
    return compiled;
  });
  return { scripts, active };
}

function compileFile(isolate: ivm.Isolate, file: RunnableFile): ivm.Script {
  try {
    isolate.compileScriptSync(file.code, { filename: file.file }).release();
  } catch (cause) {
    throw new SourceRefused(file.file, cause instanceof Error ? cause.message : String(cause));
  }
  try {
    return wrapped(isolate, file, withModule);
  } catch {
    // A file that declares `module` or `exports` itself cannot also have them as parameters.
    return wrapped(isolate, file, withoutModule);
  }
}

function wrapped(isolate: ivm.Isolate, file: RunnableFile, opening: string): ivm.Script {
  const code = `${opening}${file.code}\n;return [${returnedNames(file)}]})`;
  return isolate.compileScriptSync(code, { filename: file.file, columnOffset: -opening.length });
}

/**
 * A lookup by `typeof` finds hoisted, lexical and implicit names. One that finds nothing ends in the proxy behind the
 * global object, at some 0.2 µs each for every event; so a name is looked up only where the file could define it.
 */
function returnedNames({ code, stages: served }: RunnableFile): string {
  const mayBeEscaped = code.includes("\\u");
  return entryNames
    .map(([name, stage]) =>
      served.includes(stage) && (mayBeEscaped || code.includes(name))
        ? `typeof ${name}==="function"?${name}:void 0`
        : "void 0",
    )
    .join(",");
}

/** What one context offers to the executor. */
export interface GuestContext {
  readonly runAll: ivm.Reference<GuestCrossing["runAll"]>;
  readonly take: ivm.Reference<GuestCrossing["take"]>;
  readonly step: ivm.Reference<GuestCrossing["step"]>;
  readonly drain: ivm.Reference<GuestCrossing["drain"]>;
  release(): void;
}

/** Opens a context of an isolate whose snapshot holds the guest bundle, and puts a template's files into it. */
export function openContext(
  isolate: ivm.Isolate,
  template: RunnableTemplate,
  compiled: CompiledTemplate,
  use: RealmUse,
  slots: SharedArrayBuffer,
): GuestContext {
  const context = isolate.createContextSync();
  const hook = context.global.getSync("__millrace", { reference: true });
  const crossing = openHook(context, hook, use, slots);
  // A file that serves several stages is one scope for all of them: their wrapper must be the same function.
  const wrappers = new Map<ivm.Script, ivm.Reference>();
  for (const script of compiled.scripts)
    if (script !== undefined && !wrappers.has(script))
      wrappers.set(script, script.runSync(context, { reference: true }));
  const factories = compiled.scripts.map((script) => script && wrappers.get(script));
  const useTemplate = crossing.getSync("useTemplate", { reference: true });
  useTemplate.applySync(undefined, [
    template.orgId,
    template.templateId,
    template.templateVersion,
    template.dialect,
    ...factories.map((factory) => factory?.derefInto()),
  ]);
  const method = <F>(name: string): ivm.Reference<F> =>
    crossing.getSync(name, { reference: true }) as ivm.Reference<F>;
  return {
    runAll: method("runAll"),
    take: method("take"),
    step: method("step"),
    drain: method("drain"),
    release: () => context.release(),
  };
}

function openHook(
  context: ivm.Context,
  hook: ivm.Reference,
  use: RealmUse,
  slots: SharedArrayBuffer,
): ivm.Reference {
  const shared = new ivm.ExternalCopy(slots).copyInto({ release: true });
  return context.evalClosureSync("return $0.open($1, $2)", [hook.derefInto(), use, shared], {
    result: { reference: true },
  });
}

/** Runs the active top levels in a context of their own; names of the built-ins they changed. Throws if they throw. */
export function tryTopLevels(isolate: ivm.Isolate, compiled: CompiledTemplate, timeoutMs: number): string[] {
  if (compiled.active.size === 0) return [];
  const context = isolate.createContextSync();
  try {
    const hook = context.global.getSync("__millrace", { reference: true });
    const changed: string[] = [];
    for (const script of compiled.active) {
      const factory = script.runSync(context, { reference: true });
      const names = context.evalClosureSync("return $0.trial($1)", [hook.derefInto(), factory.derefInto()], {
        timeout: timeoutMs,
      }) as string;
      if (names !== "") changed.push(...names.split("\n"));
    }
    return changed;
  } finally {
    context.release();
  }
}
