import type { GuestFaultCode } from "./slots.ts";
import {
  createList,
  getPrototypeOf,
  hasOwn,
  isArray,
  isObject,
  NativeError,
  NativeRangeError,
  numberToString,
  stringIndexOf,
  stringSlice,
} from "./primordials.ts";
import { callSitesOf, type CallSite } from "./call-sites.ts";
import { isProxy } from "./proxies.ts";

/** Longest message that leaves the guest, UTF-16 units; what is cut is said. It bounds a rejection's size. */
const messageUnits = 2000;

/** Why an event stops here: a value, for what scripts do is never an exception of ours. */
export interface GuestFault {
  readonly code: GuestFaultCode;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly stack: string;
}

/** Tells a fault from another of our own values; `in` would also find what an author put on `Object.prototype`. */
export function isFault(value: object): value is GuestFault {
  return hasOwn(value, "code");
}

/** A fault that has no place in the author's source. */
export function placelessFault(code: GuestFaultCode, message: string): GuestFault {
  return { code, message: cut(message), file: "", line: 0, column: 0, stack: "" };
}

/** What a thrown value says; `code` is used unless the engine itself threw for want of stack or memory. */
export function thrownFault(thrown: unknown, code: GuestFaultCode): GuestFault {
  const message = thrownMessage(thrown);
  const engine = engineCode(thrown, message);
  const sites = engine === "STACK_DEPTH" ? recursionSites(callSitesOf(thrown)) : callSitesOf(thrown);
  const top = sites.length > 0 ? sites[0] : undefined;
  let stack = "";
  for (let index = 0; index < sites.length; index += 1) {
    const site = sites[index];
    if (site === undefined) continue;
    const where = `${site.file}:${text(site.line)}:${text(site.column)}`;
    stack += `${index === 0 ? "" : "\n"}at ${site.functionName === "" ? "(top level)" : site.functionName} (${where})`;
  }
  return {
    code: engine ?? code,
    message: cut(message),
    file: top?.file ?? "",
    line: top?.line ?? 0,
    column: top?.column ?? 0,
    stack,
  };
}

/**
 * Where the stack ends depends on the machine and on what V8 has optimised; which calls make it grow does not. So of a
 * stack that overflowed the first call in the source is told that stands twice among the innermost frames.
 */
function recursionSites(sites: readonly CallSite[]): readonly CallSite[] {
  const found = createList<CallSite>();
  for (let at = 0; at < sites.length; at += 1) {
    const site = sites[at] as CallSite;
    if (!standsAgain(sites, at, site)) continue;
    if (found[0] === undefined || isBefore(site, found[0])) found[0] = site;
  }
  return found;
}

function standsAgain(sites: readonly CallSite[], at: number, { file, line, column }: CallSite): boolean {
  for (let later = at + 1; later < sites.length; later += 1) {
    const other = sites[later] as CallSite;
    if (other.line === line && other.column === column && other.file === file) return true;
  }
  return false;
}

function isBefore(one: CallSite, other: CallSite): boolean {
  if (one.file !== other.file) return one.file < other.file;
  return one.line < other.line || (one.line === other.line && one.column < other.column);
}

function engineCode(thrown: unknown, message: string): GuestFaultCode | undefined {
  if (!isRangeError(thrown)) return undefined;
  if (stringIndexOf(message, "Maximum call stack size exceeded") >= 0) return "STACK_DEPTH";
  if (stringIndexOf(message, "Array buffer allocation failed") >= 0) return "ARRAY_BUFFER";
  return undefined;
}

const rangeErrors = NativeRangeError.prototype;

/** As `instanceof` has it, without running a trap or a method of the author's, which could throw. */
function isRangeError(thrown: unknown): boolean {
  if (!isObject(thrown)) return false;
  for (let holder: object | null = thrown; holder !== null; holder = getPrototypeOf(holder)) {
    if (holder === rangeErrors) return true;
    if (isProxy(holder)) return false;
  }
  return false;
}

/** Reads a thrown value's name and message; author code that runs in doing so may throw, and then says nothing. */
function thrownMessage(thrown: unknown): string {
  try {
    if (typeof thrown === "string") return thrown;
    if (typeof thrown !== "object" || thrown === null)
      return `threw ${typeof thrown === "symbol" ? "a symbol" : `${thrown as number}`}`;
    const { name, message } = thrown as { name?: unknown; message?: unknown };
    const said = typeof message === "string" ? message : "";
    const prefix =
      typeof name === "string" && name !== "Error" && thrown instanceof NativeError ? `${name}: ` : "";
    return said === "" && prefix === "" ? "threw an object without a message" : prefix + said;
  } catch {
    return "threw an object that cannot be read";
  }
}

/** One line of what `validate` or a codec gave as `errors`. */
export function joinErrors(errors: unknown, fallback: string): string {
  if (typeof errors === "string") return errors === "" ? fallback : errors;
  if (!isArray(errors)) return fallback;
  const parts = createList<string>();
  let joined = "";
  for (let index = 0; index < errors.length && index < 20; index += 1) {
    parts[index] = errorText(errors[index]);
    joined += index === 0 ? parts[index] : `; ${parts[index]}`;
  }
  return joined === "" ? fallback : joined;
}

/** One entry of `errors` or `warnings` as text. */
export function errorText(error: unknown): string {
  if (typeof error === "string") return error;
  if (typeof error === "object" && error !== null) {
    const { message } = error as { message?: unknown };
    if (typeof message === "string") return message;
    return "(an object without a message)";
  }
  return typeof error === "symbol" ? "(a symbol)" : `${error as number}`;
}

function cut(message: string): string {
  if (message.length <= messageUnits) return message;
  return `${stringSlice(message, 0, messageUnits)}… (${text(message.length - messageUnits)} more characters)`;
}

function text(value: number): string {
  return numberToString(value);
}
