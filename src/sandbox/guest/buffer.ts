import { Buffer as LibraryBuffer } from "buffer/index.js";
import {
  NativeTypeError,
  NativeUint8Array,
  defineBuiltIn,
  defineProperty,
  getOwnPropertyDescriptor,
  isArray,
  nameFunction,
  ownKeys,
  typedArrayBuffer,
  typedArrayByteOffset,
  typedArrayLength,
  typedArraySet,
  typedArrayTag,
} from "./primordials.ts";
import { numberMethods } from "./buffer-numbers.ts";
import { bytesToText, encodingNamed, requireEncoding, textCapacity, writeText } from "./buffer-text.ts";

/**
 * Makes Buffers without a change of prototype, which the library does after the fact: 50 ns instead of 270. Scripts
 * never see this class; its `prototype` is `Buffer.prototype`.
 */
class OwnBuffer extends NativeUint8Array {
  constructor(lengthOrMemory: number | ArrayBufferLike, byteOffset?: number, length?: number) {
    super(lengthOrMemory as ArrayBuffer, byteOffset, length);
  }
}

/** `Buffer.prototype`. */
export const bufferPrototype: object = OwnBuffer.prototype;

/** Up to this many bytes a loop copies faster than a view and `set`. */
const loopedBytes = 32;

/** A Buffer with memory of its own that holds `length` bytes from `start` on. Safe to call after author code ran. */
export function makeBuffer(bytes: Uint8Array, start: number, length: number): Uint8Array {
  const buffer = new OwnBuffer(length);
  if (length <= loopedBytes) {
    for (let i = 0; i < length; i++) buffer[i] = bytes[start + i] as number;
  } else {
    typedArraySet(
      buffer,
      new NativeUint8Array(typedArrayBuffer(bytes), typedArrayByteOffset(bytes) + start, length),
    );
  }
  return buffer;
}

type LibraryFrom = (value: unknown, encodingOrOffset?: unknown, length?: unknown) => Uint8Array;

const libraryFrom = LibraryBuffer.from as LibraryFrom;
const libraryIndexOf = LibraryBuffer.prototype.indexOf as Search;
const libraryLastIndexOf = LibraryBuffer.prototype.lastIndexOf as Search;

type Search = (this: Uint8Array, value: unknown, byteOffset?: unknown, encoding?: unknown) => number;

function isBytes(value: unknown): value is Uint8Array {
  return typedArrayTag(value) === "Uint8Array";
}

function fromText(text: string, encodingName: unknown): Uint8Array {
  const encoding = requireEncoding(typeof encodingName === "string" ? encodingName : undefined);
  const buffer = new OwnBuffer(textCapacity(text, encoding));
  const written = writeText(text, buffer, 0, buffer.length, encoding);
  return written === buffer.length ? buffer : makeBuffer(buffer, 0, written);
}

function fromArray(values: readonly unknown[]): Uint8Array {
  const { length } = values;
  const buffer = new OwnBuffer(length);
  for (let i = 0; i < length; i++) buffer[i] = values[i] as number;
  return buffer;
}

const statics = {
  from(value: unknown, encodingOrOffset?: unknown, length?: unknown): Uint8Array {
    if (typeof value === "string") return fromText(value, encodingOrOffset);
    if (isArray(value)) return fromArray(value);
    if (isBytes(value)) return makeBuffer(value, 0, typedArrayLength(value));
    return libraryFrom(value, encodingOrOffset, length);
  },
  isBuffer(value: unknown): boolean {
    return value instanceof LibraryBuffer;
  },
  isEncoding(name: unknown): boolean {
    return typeof name === "string" && name !== "" && encodingNamed(name) !== undefined;
  },
  byteLength(value: unknown, encodingName?: unknown): number {
    if (typeof value === "string") return textCapacity(value, encodingNamed(encodingName) ?? "utf8");
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
    throw new NativeTypeError(
      `The "string" argument must be of type string or an instance of Buffer or ArrayBuffer. Received type ${typeof value}`,
    );
  },
};

/** A position counted from the end where it is negative, kept within the buffer. */
function clamped(position: unknown, length: number, fallback: number): number {
  if (position === undefined) return fallback;
  const whole = Math.trunc(Number(position)) || 0;
  if (whole < 0) return whole + length < 0 ? 0 : whole + length;
  return whole > length ? length : whole;
}

function view(buffer: Uint8Array, start: unknown, end: unknown): Uint8Array {
  const { length } = buffer;
  const from = clamped(start, length, 0);
  const to = clamped(end, length, length);
  return new OwnBuffer(buffer.buffer, buffer.byteOffset + from, to > from ? to - from : 0);
}

/** Where an empty value is found: everywhere, so at the offset itself. The library never finds it. */
function emptyIndex(buffer: Uint8Array, byteOffset: unknown, direction: "first" | "last"): number {
  const fallback = direction === "first" ? 0 : buffer.length;
  return clamped(typeof byteOffset === "string" ? undefined : byteOffset, buffer.length, fallback);
}

function isEmptyValue(value: unknown): boolean {
  return value === "" || (isBytes(value) && value.length === 0);
}

const methods = {
  toString(this: Uint8Array, encodingName?: unknown, start?: unknown, end?: unknown): string {
    const { length } = this;
    if (arguments.length === 0) return bytesToText(this, 0, length, "utf8");
    const from = start === undefined || !(Number(start) > 0) ? 0 : Math.trunc(Number(start));
    const to = end === undefined || Number(end) > length ? length : Math.trunc(Number(end)) || 0;
    return to <= from ? "" : bytesToText(this, from, to, requireEncoding(encodingName));
  },
  write(this: Uint8Array, text: unknown, offset?: unknown, length?: unknown, encodingName?: unknown): number {
    if (typeof text !== "string") throw new NativeTypeError('The "string" argument must be of type string');
    let start = 0;
    let room = this.length;
    let encoding = encodingName;
    if (typeof offset === "string") {
      encoding = offset;
    } else if (offset !== undefined) {
      start = Number(offset);
      if (start % 1 !== 0 || start < 0 || start > room)
        throw new RangeError(`The value of "offset" is out of range. Received ${start}`);
      room -= start;
      if (typeof length === "string") encoding = length;
      else if (length !== undefined) room = Math.min(room, Math.max(0, Math.trunc(Number(length))));
    }
    return writeText(text, this, start, start + room, requireEncoding(encoding));
  },
  slice(this: Uint8Array, start?: unknown, end?: unknown): Uint8Array {
    return view(this, start, end);
  },
  subarray(this: Uint8Array, start?: unknown, end?: unknown): Uint8Array {
    return view(this, start, end);
  },
  equals(this: Uint8Array, other: unknown): boolean {
    if (!isBytes(other))
      throw new NativeTypeError('The "otherBuffer" argument must be an instance of Buffer or Uint8Array');
    if (this.length !== other.length) return false;
    for (let i = 0; i < this.length; i++) if (this[i] !== other[i]) return false;
    return true;
  },
  indexOf(this: Uint8Array, value: unknown, byteOffset?: unknown, encoding?: unknown): number {
    if (isEmptyValue(value)) return emptyIndex(this, byteOffset, "first");
    return Reflect.apply(libraryIndexOf, this, [value, byteOffset, encoding]);
  },
  lastIndexOf(this: Uint8Array, value: unknown, byteOffset?: unknown, encoding?: unknown): number {
    if (isEmptyValue(value)) return emptyIndex(this, byteOffset, "last");
    return Reflect.apply(libraryLastIndexOf, this, [value, byteOffset, encoding]);
  },
};

/**
 * Installs `Buffer`: the npm package of this name, with the parts replaced in which it differs from Node (malformed
 * UTF-8 and hex, base64url, floats, empty searches) or is slow. Nothing of it is pooled or shared between Buffers.
 */
export function installBuffer(): void {
  const { prototype } = OwnBuffer;
  const from = LibraryBuffer.prototype as object;
  for (const key of ownKeys(from)) {
    defineProperty(prototype, key, {
      ...getOwnPropertyDescriptor(from, key),
      enumerable: false,
      configurable: true,
    });
  }
  const replaced: Record<string, unknown> = {
    ...methods,
    toLocaleString: methods.toString,
    ...numberMethods(),
  };
  for (const name of Object.keys(replaced)) defineBuiltIn(prototype, name, replaced[name]);
  for (const [name, value] of Object.entries(statics)) defineBuiltIn(LibraryBuffer, name, value);
  defineBuiltIn(prototype, "constructor", LibraryBuffer);
  (LibraryBuffer as { prototype: unknown }).prototype = prototype;
  nameFunction(LibraryBuffer, "Buffer");
  defineBuiltIn(globalThis, "Buffer", LibraryBuffer);
}
