import {
  arrayBufferByteLength,
  bigintValueOf,
  booleanValueOf,
  dateGetTime,
  errorPrototype,
  getPrototypeOf,
  isArray,
  isView,
  mapSize,
  numberValueOf,
  objectPrototype,
  regexpSource,
  setSize,
  stringValueOf,
  symbolToString,
  typedArrayTag,
  weakMapGet,
  weakSetHas,
} from "./primordials.ts";
import { isProxy } from "./proxies.ts";

/** What an object is by its inner nature, whatever its prototype and its properties say. */
export type ObjectKind =
  | "proxy"
  | "function"
  | "plain"
  | "array"
  | "typed-array"
  | "data-view"
  | "array-buffer"
  | "date"
  | "regexp"
  | "map"
  | "set"
  | "weak"
  | "error"
  | "boolean"
  | "number"
  | "string"
  | "bigint"
  | "symbol";

/** Methods that throw for everything but their own kind. */
const brands: readonly { readonly ask: (value: object) => unknown; readonly kind: ObjectKind }[] = [
  { ask: dateGetTime, kind: "date" },
  { ask: mapSize, kind: "map" },
  { ask: setSize, kind: "set" },
  { ask: regexpSource, kind: "regexp" },
  { ask: arrayBufferByteLength, kind: "array-buffer" },
  { ask: (value): unknown => weakMapGet(value, value), kind: "weak" },
  { ask: (value) => weakSetHas(value, value), kind: "weak" },
  { ask: stringValueOf, kind: "string" },
  { ask: numberValueOf, kind: "number" },
  { ask: booleanValueOf, kind: "boolean" },
  { ask: bigintValueOf, kind: "bigint" },
  { ask: symbolToString, kind: "symbol" },
];

function isError(value: object): boolean {
  for (let holder: object | null = value; holder !== null; holder = getPrototypeOf(holder)) {
    if (isProxy(holder)) return false;
    if (holder === errorPrototype) return true;
  }
  return false;
}

/**
 * Tells an object's kind; runs no author code. An object whose prototype is `Object.prototype` or nothing is taken to
 * be plain without a closer look: that is nearly all of them, and each look at a brand that fails costs an exception.
 */
export function kindOfObject(value: object): ObjectKind {
  if (isProxy(value)) return "proxy";
  if (typeof value === "function") return "function";
  if (isArray(value)) return "array";
  const prototype = getPrototypeOf(value);
  if (prototype === objectPrototype || prototype === null) return "plain";
  if (isView(value)) return typedArrayTag(value) === undefined ? "data-view" : "typed-array";
  if (isError(value)) return "error";
  for (let i = 0; i < brands.length; i++) {
    const brand = brands[i] as (typeof brands)[number];
    try {
      brand.ask(value);
      return brand.kind;
    } catch {
      // Not of this kind.
    }
  }
  return "plain";
}
