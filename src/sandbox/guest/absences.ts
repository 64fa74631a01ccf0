import {
  NativeEvalError,
  defineProperty,
  deleteProperty,
  dataDescriptor,
  functionPrototype,
  getPrototypeOf,
  nameFunction,
  objectPrototype,
} from "./primordials.ts";

/**
 * Globals that scripts do not have: code from text, asynchrony, anything that can tell when the collector runs, shared
 * memory and other languages. See docs/authors.md for the reason of each.
 */
const absentGlobals = [
  "eval",
  "Promise",
  "WeakRef",
  "FinalizationRegistry",
  "AsyncDisposableStack",
  "Atomics",
  "SharedArrayBuffer",
  "ShadowRealm",
  "Temporal",
  "WebAssembly",
] as const;

/**
 * What V8 looks up by its name while it makes a context from a snapshot; it aborts the process when this is missing,
 * so it goes only once the context exists.
 */
const neededByTheEngine: ReadonlySet<string> = new Set(["Atomics"]);

/** A constructor of functions that keeps its name, its `prototype` and `instanceof`, and makes nothing. */
function refusingConstructor(name: string, prototype: object): object {
  const refuse = function (): never {
    throw new NativeEvalError(`${name} is not available: a script cannot make code from text`);
  };
  nameFunction(refuse, name);
  defineProperty(refuse, "length", dataDescriptor(1, "read-only"));
  defineProperty(refuse, "prototype", dataDescriptor(prototype, "constant"));
  return refuse;
}

function refuseFunctionConstructors(): void {
  const plain = refusingConstructor("Function", functionPrototype);
  defineProperty(globalThis, "Function", dataDescriptor(plain));
  defineProperty(functionPrototype, "constructor", dataDescriptor(plain));
  const others = [
    ["GeneratorFunction", getPrototypeOf(function* () {})],
    ["AsyncFunction", getPrototypeOf(async function () {})],
    ["AsyncGeneratorFunction", getPrototypeOf(async function* () {})],
  ] as const;
  for (const [name, prototype] of others) {
    if (prototype === null) continue;
    const value = refusingConstructor(name, prototype);
    defineProperty(prototype, "constructor", dataDescriptor(value, "read-only"));
  }
}

/** Empties an object that scripts should never reach, so that reaching it gives nothing. */
function gut(target: object | null): void {
  if (target === null || target === objectPrototype || target === functionPrototype) return;
  for (const key of Reflect.ownKeys(target)) deleteProperty(target, key);
}

const asyncGeneratorFunctions = getPrototypeOf(async function* () {});
const asyncGenerators = (asyncGeneratorFunctions as { prototype: object }).prototype;
const asyncIterators = getPrototypeOf(asyncGenerators) as object;

/** Whatever could still be reached by a promise or an asynchronous iterator does nothing. */
function gutAsynchrony(): void {
  gut(asyncIterators);
  gut(asyncGenerators);
  gut(Promise.prototype);
  deleteProperty(Array, "fromAsync");
}

/** Takes away, while the snapshot is made, all that scripts shall not have. */
export function removeAbsences(): void {
  gutAsynchrony();
  refuseFunctionConstructors();
  deleteProperty(JSON, "rawJSON");
  deleteProperty(JSON, "isRawJSON");
  for (const name of absentGlobals) {
    if (!neededByTheEngine.has(name)) deleteProperty(globalThis, name);
  }
}

/** Takes away what the engine puts into every context after the snapshot. */
export function removeEngineAdditions(): void {
  for (let i = 0; i < absentGlobals.length; i++) deleteProperty(globalThis, absentGlobals[i] as string);
  deleteProperty(asyncIterators, Symbol.asyncDispose);
}
