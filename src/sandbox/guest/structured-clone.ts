import {
  NativeArray,
  NativeArrayBuffer,
  NativeDataView,
  NativeDate,
  NativeError,
  NativeMap,
  NativeObject,
  NativeRegExp,
  NativeSet,
  NativeTypeError,
  NativeUint8Array,
  construct,
  dataDescriptor,
  dataViewBuffer,
  dataViewByteLength,
  dataViewByteOffset,
  dateGetTime,
  defineBuiltIn,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  isArray,
  isObject,
  mapForEach,
  mapGet,
  mapSet,
  ownKeys,
  regexpFlags,
  regexpSource,
  setAdd,
  setForEach,
  typedArrayBuffer,
  typedArrayByteOffset,
  typedArrayLength,
  typedArraySet,
  typedArrayTag,
  bigintValueOf,
  booleanValueOf,
  numberValueOf,
  stringValueOf,
  toText,
} from "./primordials.ts";
import { stackOf } from "./call-sites.ts";
import { domError } from "./dom-error.ts";
import { inspect } from "./inspect.ts";
import { kindOfObject } from "./object-kind.ts";

/** Clones by their originals, so that cycles and shared parts come out as such. */
type Clones = Map<object, object>;
type ByteView = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => object;

const byteViews = { __proto__: null } as unknown as Record<string, ByteView>;
const errorTypes = { __proto__: null } as unknown as Record<string, new (message?: string) => Error>;

function notCloneable(value: unknown): Error {
  return domError("DataCloneError", `${inspect(value, 100)} could not be cloned`);
}

function clone(value: unknown, clones: Clones): unknown {
  if (typeof value === "symbol") throw notCloneable(value);
  if (!isObject(value)) return value;
  return mapGet(clones, value) ?? cloneObject(value, clones);
}

function remember<C extends object>(original: object, copy: C, clones: Clones): C {
  mapSet(clones, original, copy);
  return copy;
}

function boxed(primitive: unknown): object {
  return NativeObject(primitive) as object;
}

function cloneObject(value: object, clones: Clones): object {
  switch (kindOfObject(value)) {
    case "plain":
      return copyProperties(value, remember(value, {}, clones), clones);
    case "array": {
      const copy = remember(value, new NativeArray<unknown>((value as readonly unknown[]).length), clones);
      return copyProperties(value, copy, clones);
    }
    case "date":
      return remember(value, new NativeDate(dateGetTime(value)), clones);
    case "regexp":
      return remember(value, new NativeRegExp(regexpSource(value), regexpFlags(value)), clones);
    case "map":
      return cloneMap(value, clones);
    case "set":
      return cloneSet(value, clones);
    case "error":
      return cloneError(value, clones);
    case "typed-array":
    case "data-view":
      return cloneView(value, clones);
    case "array-buffer":
      return cloneBuffer(value as ArrayBuffer, clones);
    case "string":
      return remember(value, boxed(stringValueOf(value)), clones);
    case "number":
      return remember(value, boxed(numberValueOf(value)), clones);
    case "boolean":
      return remember(value, boxed(booleanValueOf(value)), clones);
    case "bigint":
      return remember(value, boxed(bigintValueOf(value)), clones);
    case "proxy":
    case "function":
    case "weak":
    case "symbol":
      throw notCloneable(value);
  }
}

/** Own enumerable string keys; getters run, as the algorithm has it. */
function copyProperties<C extends object>(from: object, to: C, clones: Clones): C {
  const keys = ownKeys(from);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string | symbol;
    if (typeof key === "symbol" || getOwnPropertyDescriptor(from, key)?.enumerable !== true) continue;
    const value = clone((from as Record<string, unknown>)[key], clones);
    const descriptor = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
    defineProperty(to, key, descriptor as PropertyDescriptor);
  }
  return to;
}

function cloneMap(value: object, clones: Clones): object {
  const copy = remember(value, new NativeMap(), clones);
  mapForEach(value, (held: unknown, key: unknown) => {
    mapSet(copy, clone(key, clones), clone(held, clones));
  });
  return copy;
}

function cloneSet(value: object, clones: Clones): object {
  const copy = remember(value, new NativeSet(), clones);
  setForEach(value, (held: unknown) => {
    setAdd(copy, clone(held, clones));
  });
  return copy;
}

function cloneBuffer(value: ArrayBufferLike, clones: Clones): ArrayBuffer {
  const known = mapGet(clones, value) as ArrayBuffer | undefined;
  if (known !== undefined) return known;
  const bytes = new NativeUint8Array(value);
  const copy = new NativeArrayBuffer(typedArrayLength(bytes));
  typedArraySet(new NativeUint8Array(copy), bytes);
  return remember(value, copy, clones);
}

function cloneView(value: object, clones: Clones): object {
  const tag = typedArrayTag(value);
  if (tag === undefined) {
    const buffer = cloneBuffer(dataViewBuffer(value), clones);
    return remember(
      value,
      new NativeDataView(buffer, dataViewByteOffset(value), dataViewByteLength(value)),
      clones,
    );
  }
  const buffer = cloneBuffer(typedArrayBuffer(value), clones);
  const parts = [buffer, typedArrayByteOffset(value), typedArrayLength(value)];
  return remember(value, construct(byteViews[tag] as ByteView, parts) as object, clones);
}

function cloneError(value: object, clones: Clones): object {
  const { name, message } = value as { name?: unknown; message?: unknown };
  const type = typeof name === "string" && errorTypes[name] !== undefined ? errorTypes[name] : NativeError;
  const copy = remember(value, new type(), clones);
  if (message !== undefined) defineProperty(copy, "message", dataDescriptor(toText(message)));
  defineProperty(copy, "stack", dataDescriptor(stackOf(value)));
  if (hasOwn(value, "cause"))
    defineProperty(copy, "cause", dataDescriptor(clone((value as Error).cause, clones)));
  return copy;
}

/** Takes up a class that the engine adds to each context only after the snapshot. */
export function completeStructuredClone(): void {
  byteViews["Float16Array"] = (globalThis as unknown as { Float16Array: ByteView }).Float16Array;
}

/** Installs `structuredClone`: cycles, collections, dates, regular expressions, binary data and errors. */
export function installStructuredClone(): void {
  for (const type of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    errorTypes[type.name] = type;
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const type = (globalThis as unknown as Record<string, ByteView>)[name];
    if (typeof type === "function" && getPrototypeOf(type) === getPrototypeOf(NativeUint8Array))
      byteViews[name] = type;
  }
  const functions = {
    structuredClone(value: unknown, options?: { readonly transfer?: unknown }): unknown {
      if (arguments.length === 0) throw new NativeTypeError('The "value" argument must be specified');
      const transfer = options?.transfer;
      if (isArray(transfer) && transfer.length > 0)
        throw domError("DataCloneError", "transfer is not supported");
      return clone(value, new NativeMap());
    },
  };
  defineProperty(functions.structuredClone, "length", dataDescriptor(1, "read-only"));
  defineBuiltIn(globalThis, "structuredClone", functions.structuredClone);
}
