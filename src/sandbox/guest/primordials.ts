/**
 * Every built-in that guest code uses, taken while the guest bundle loads, before any author code exists.
 *
 * The rules for all guest code that may run once author code has run in the same realm:
 * - Use a built-in only under the name it has here. A static function keeps its name; a method is taken apart from its
 *   `this` (`arrayPush(list, value)` for `list.push(value)`), so that no lookup passes through a prototype.
 * - No `for…of`, spread, array destructuring, tagged template or regular expression literal with a method: each of
 *   them looks something up on a prototype. Count with an index.
 * - Property descriptors come from `dataDescriptor` or carry `__proto__: null`; a plain literal would inherit a `get`
 *   that an author put on `Object.prototype`.
 * - Collect into a `createList()`: adding to a plain array can run a setter that an author put on `Array.prototype`.
 * - Read of a foreign object only what `getOwnPropertyDescriptor` shows, unless running author code is intended.
 *
 * What the engine adds to a context only after the snapshot (`Float16Array`, `Error.stackTraceLimit`) cannot be here.
 */

type Method<A extends readonly unknown[], R> = (this: never, ...args: A) => R;

const functionCall = Function.prototype.call;

/** Turns a method into a function that takes what was `this` as its first argument. */
export function uncurry<A extends readonly unknown[], R>(
  method: Method<A, R>,
): (self: unknown, ...args: A) => R {
  return functionCall.bind(method) as (self: unknown, ...args: A) => R;
}

/** The getter of an accessor property, with `this` as its argument. */
export function uncurryGetter<R = unknown>(owner: object, key: PropertyKey): (self: unknown) => R {
  return uncurry(Reflect.getOwnPropertyDescriptor(owner, key)?.get as Method<[], R>);
}

export const {
  apply,
  construct,
  defineProperty,
  deleteProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isExtensible,
  ownKeys,
  preventExtensions,
} = Reflect;
export const { create: objectCreate, freeze, is: sameValue, isFrozen, seal, setPrototypeOf } = Object;
export const { isArray } = Array;
export const { imul, floor, min } = Math;
export const { isView } = ArrayBuffer;
export const { fromCharCode } = String;

export const NativeArray = Array;
export const NativeArrayBuffer = ArrayBuffer;
export const NativeDataView = DataView;
export const NativeDate = Date;
export const NativeError = Error;
export const NativeEvalError = EvalError;
export const NativeMap = Map;
export const NativeObject = Object;
export const NativeProxy = Proxy;
export const NativeRangeError = RangeError;
export const NativeRegExp = RegExp;
export const NativeSet = Set;
export const NativeTypeError = TypeError;
export const NativeUint8Array = Uint8Array;
export const NativeWeakMap = WeakMap;
export const NativeWeakSet = WeakSet;

export const arrayPrototype = Array.prototype;
export const arrayIterator = Array.prototype[Symbol.iterator];
export const iteratorSymbol: typeof Symbol.iterator = Symbol.iterator;
export const errorPrototype = Error.prototype;
export const functionPrototype = Function.prototype;
export const objectPrototype = Object.prototype;
export const regexpPrototype = RegExp.prototype;
/** `%TypedArray%.prototype`, the common parent of all typed arrays' prototypes. */
export const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype) as object;
const typedArrayMethods = typedArrayPrototype as Uint8Array;

export const hasOwn = Object.hasOwn;
export const bigintToString = uncurry(BigInt.prototype.toString);
export const bigintValueOf = uncurry(BigInt.prototype.valueOf);
export const booleanValueOf = uncurry(Boolean.prototype.valueOf);
export const dateGetTime = uncurry(Date.prototype.getTime);
export const dateToISOString = uncurry(Date.prototype.toISOString);
export const dateToString = uncurry(Date.prototype.toString);
export const mapForEach = uncurry(Map.prototype.forEach);
export const mapGet = uncurry(Map.prototype.get);
export const mapHas = uncurry(Map.prototype.has);
export const mapSet = uncurry(Map.prototype.set);
export const mapSize = uncurryGetter<number>(Map.prototype, "size");
export const numberToString = uncurry(Number.prototype.toString);
export const numberValueOf = uncurry(Number.prototype.valueOf);
export const regexpExec = uncurry(RegExp.prototype.exec);
const regexpFlagGetters = (
  [
    ["hasIndices", "d"],
    ["global", "g"],
    ["ignoreCase", "i"],
    ["multiline", "m"],
    ["dotAll", "s"],
    ["unicode", "u"],
    ["unicodeSets", "v"],
    ["sticky", "y"],
  ] as const
).map(([name, flag]) => ({ flag, has: uncurryGetter<boolean>(RegExp.prototype, name) }));
export const regexpSource = uncurryGetter<string>(RegExp.prototype, "source");
export const setAdd = uncurry(Set.prototype.add);
export const setForEach = uncurry(Set.prototype.forEach);
export const setSize = uncurryGetter<number>(Set.prototype, "size");
export const stringCharCodeAt = uncurry(String.prototype.charCodeAt);
export const stringIndexOf = uncurry(String.prototype.indexOf);
export const stringSlice = uncurry(String.prototype.slice);
export const stringToLowerCase = uncurry(String.prototype.toLowerCase);
export const stringTrim = uncurry(String.prototype.trim);
export const stringValueOf = uncurry(String.prototype.valueOf);
export const symbolToString = uncurry(Symbol.prototype.toString);
export const typedArrayBuffer = uncurryGetter<ArrayBufferLike>(typedArrayPrototype, "buffer");
export const typedArrayByteLength = uncurryGetter<number>(typedArrayPrototype, "byteLength");
export const typedArrayByteOffset = uncurryGetter<number>(typedArrayPrototype, "byteOffset");
export const typedArrayLength = uncurryGetter<number>(typedArrayPrototype, "length");
export const typedArraySet = uncurry(typedArrayMethods.set);
/** The class name of a typed array (`"Uint8Array"`), `undefined` for everything else; never runs author code. */
export const typedArrayTag = uncurryGetter<string | undefined>(typedArrayPrototype, Symbol.toStringTag);
export const arrayBufferByteLength = uncurryGetter<number>(ArrayBuffer.prototype, "byteLength");
export const dataViewBuffer = uncurryGetter<ArrayBuffer>(DataView.prototype, "buffer");
export const dataViewByteLength = uncurryGetter<number>(DataView.prototype, "byteLength");
export const dataViewByteOffset = uncurryGetter<number>(DataView.prototype, "byteOffset");
export const weakMapGet = uncurry(WeakMap.prototype.get);
export const weakMapSet = uncurry(WeakMap.prototype.set);
export const weakSetAdd = uncurry(WeakSet.prototype.add);
export const weakSetHas = uncurry(WeakSet.prototype.has);

/** A regular expression's flags. The built-in getter would look each of them up on the prototype. */
export function regexpFlags(self: unknown): string {
  let flags = "";
  for (let i = 0; i < regexpFlagGetters.length; i++) {
    const getter = regexpFlagGetters[i];
    if (getter?.has(self) === true) flags += getter.flag;
  }
  return flags;
}

/** A value as text, as the language converts it: runs what the author defined for that, and throws for a symbol. */
export function toText(value: unknown): string {
  return `${value as number}`;
}

/** An array whose elements can be set without any prototype being asked. Read it by index only. */
export function createList<T>(): T[] {
  return setPrototypeOf([] as T[], null) as T[];
}

/** Whether a value is an object or a function, that is: has properties of its own. */
export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** `writable`: as methods are; `read-only`: as a function's `name` is; `constant`: for good. None is enumerable. */
export type Access = "writable" | "read-only" | "constant";

/** A descriptor of a data property that inherits nothing. */
export function dataDescriptor(value: unknown, access: Access = "writable"): PropertyDescriptor {
  const writable = access === "writable";
  const configurable = access !== "constant";
  return { __proto__: null, value, writable, enumerable: false, configurable } as PropertyDescriptor;
}

/** Fixes a function's name, which a bundler may have changed. */
export function nameFunction(fn: object, name: string): void {
  defineProperty(fn, "name", dataDescriptor(name, "read-only"));
}

/** Defines a property as built-ins have theirs: writable, configurable, not enumerable. */
export function defineBuiltIn(owner: object, key: PropertyKey, value: unknown): void {
  defineProperty(owner, key, dataDescriptor(value));
}

export const { parse: jsonParse, stringify: jsonStringify } = JSON;
/** The machine's clock, which only the engine's own measuring may read. */
export const wallClockMs = Date.now;
export const numberIsFinite = Number.isFinite;
export const NativeFloat64Array = Float64Array;
export const NativeInt32Array = Int32Array;
