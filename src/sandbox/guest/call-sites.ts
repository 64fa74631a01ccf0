import {
  NativeError,
  NativeTypeError,
  NativeWeakMap,
  apply,
  createList,
  dataDescriptor,
  defineBuiltIn,
  defineProperty,
  deleteProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  isObject,
  uncurry,
  weakMapGet,
  weakMapSet,
} from "./primordials.ts";
import { builtInValueOf } from "./overridable.ts";
import { isProxy } from "./proxies.ts";

/** One frame of the author's own code; lines and columns count from 1. */
export interface CallSite {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Empty where the function has no name. */
  readonly functionName: string;
}

interface EngineCallSite {
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
  isConstructor(): boolean;
}

/** Frames that one error keeps. Enough for a location and its callers; V8 takes ~0.2 µs more for each. */
const stackFrameLimit = 10;

const noSites: readonly CallSite[] = createList<CallSite>();

/** A real call site of this very file. While a snapshot is made there is no limit yet, and so no frames. */
function takeOwnSite(): EngineCallSite {
  const hookable = NativeError as { prepareStackTrace?: unknown; stackTraceLimit?: number };
  hookable.stackTraceLimit = 1;
  hookable.prepareStackTrace = (_error: unknown, sites: EngineCallSite[]) => sites[0];
  const site = new NativeError("").stack as unknown as EngineCallSite;
  delete hookable.prepareStackTrace;
  delete hookable.stackTraceLimit;
  return site;
}

const ownSite = takeOwnSite();
const siteMethods = getPrototypeOf(ownSite) as EngineCallSite;
const getFileName = uncurry(siteMethods.getFileName);
const getLineNumber = uncurry(siteMethods.getLineNumber);
const getColumnNumber = uncurry(siteMethods.getColumnNumber);
const getFunctionName = uncurry(siteMethods.getFunctionName);
const isConstructor = uncurry(siteMethods.isConstructor);
/** The name under which the guest bundle was compiled; frames in it are the engine's and are never shown. */
const guestFile = getFileName(ownSite);

const stackDescriptor = getOwnPropertyDescriptor(new NativeError(""), "stack");
const readStack = stackDescriptor?.get as () => unknown;

/** The functions behind every error's own `stack` property; scripts reach them, so sealing must freeze them. */
export const stackAccessors: readonly unknown[] = [stackDescriptor?.get, stackDescriptor?.set];

let sitesOfErrors = new NativeWeakMap<object, readonly CallSite[]>();
let anyKept = false;

/** The author's frames among those that the engine hands over; a forged list makes a call-site method throw. */
function authorSites(sites: readonly EngineCallSite[]): readonly CallSite[] {
  const kept = createList<CallSite>();
  const { length } = sites;
  for (let i = 0; i < length && i < stackFrameLimit; i++) {
    const site = sites[i];
    const file = getFileName(site);
    if (typeof file !== "string" || file === guestFile) continue;
    const name = getFunctionName(site) ?? "";
    kept[kept.length] = {
      file,
      line: getLineNumber(site) ?? 0,
      column: getColumnNumber(site) ?? 0,
      functionName: name !== "" && isConstructor(site) ? `new ${name}` : name,
    };
  }
  return kept;
}

/** A string property as a lookup would find it, found without running a getter or a trap. */
function stringProperty(start: object, key: "name" | "message"): string | undefined {
  for (let holder: object | null = start; holder !== null; holder = getPrototypeOf(holder)) {
    if (isProxy(holder)) return undefined;
    const descriptor = getOwnPropertyDescriptor(holder, key);
    if (descriptor === undefined) continue;
    const value = builtInValueOf(descriptor);
    return typeof value === "string" ? value : undefined;
  }
  return undefined;
}

/** `name: message`, as `Error.prototype.toString` puts it, without running author code. */
export function errorHeader(error: object): string {
  const name = stringProperty(error, "name") ?? "Error";
  const message = stringProperty(error, "message") ?? "";
  if (name === "") return message;
  return message === "" ? name : `${name}: ${message}`;
}

function stackText(error: object, sites: readonly CallSite[]): string {
  let text = errorHeader(error);
  for (let i = 0; i < sites.length; i++) {
    const { file, line, column, functionName } = sites[i] as CallSite;
    const place = `${file}:${line}:${column}`;
    text += functionName === "" ? `\n    at ${place}` : `\n    at ${functionName} (${place})`;
  }
  return text;
}

/** What V8 calls, once for each error, when its `stack` is first read. */
function prepareStackTrace(error: object, sites: readonly EngineCallSite[]): string {
  const kept = authorSites(sites);
  // A script can call this function too. It has no call sites to hand over, so all it could do is to keep none.
  if (kept.length > 0) keepSites(error, kept);
  return stackText(error, kept);
}

function keepSites(error: object, sites: readonly CallSite[]): void {
  weakMapSet(sitesOfErrors, error, sites);
  anyKept = true;
}

/** Gives an object that is no error the stack of the caller; an error already has its own and keeps it. */
function captureStackTrace(target: unknown): void {
  if (!isObject(target)) throw new NativeTypeError("Invalid argument");
  if (isProxy(target) || hasOwn(target, "stack")) return;
  const sites = callSitesOf(new NativeError(""));
  if (sites.length > 0) keepSites(target, sites);
  defineProperty(target, "stack", dataDescriptor(stackText(target, sites)));
}

/**
 * The author's frames of a thrown value, innermost first, as the engine itself noted them when the error was made;
 * empty for a value that never had any. Scripts cannot forge it. They can only lose it, by assigning to a `stack` that
 * nobody has read.
 */
export function callSitesOf(error: unknown): readonly CallSite[] {
  if (!isObject(error) || isProxy(error)) return noSites;
  apply(readStack, error, []);
  return (weakMapGet(sitesOfErrors, error) as readonly CallSite[] | undefined) ?? noSites;
}

/** Text of a thrown error: its header and the author's frames; runs no author code. */
export function stackOf(error: object): string {
  return stackText(error, callSitesOf(error));
}

/** Forgets what errors of an event that is over have kept. */
export function forgetCallSites(): void {
  if (!anyKept) return;
  sitesOfErrors = new NativeWeakMap();
  anyKept = false;
}

/** Installs the hook while the snapshot is made. It is read-only: no script can put its own in its place. */
export function installCallSites(): void {
  defineProperty(NativeError, "prepareStackTrace", dataDescriptor(prepareStackTrace, "constant"));
  const statics = {
    captureStackTrace(target: unknown): void {
      captureStackTrace(target);
    },
  };
  defineBuiltIn(NativeError, "captureStackTrace", statics.captureStackTrace);
}

/** Fixes the number of frames; V8 adds this property to each new context, and aborts if a snapshot already has it. */
export function fixStackDepth(): void {
  deleteProperty(NativeError, "stackTraceLimit");
  defineProperty(NativeError, "stackTraceLimit", dataDescriptor(stackFrameLimit, "constant"));
}
