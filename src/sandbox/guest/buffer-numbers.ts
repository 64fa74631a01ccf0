import { NativeRangeError, NativeTypeError, NativeUint8Array } from "./primordials.ts";

/** Eight bytes through which a number and its bytes turn into each other; always written before they are read. */
const scratch = new NativeUint8Array(8);
const views = {
  Float: new Float32Array(scratch.buffer),
  Double: new Float64Array(scratch.buffer),
  BigInt64: new BigInt64Array(scratch.buffer),
  BigUInt64: new BigUint64Array(scratch.buffer),
} as const;

function checkPlace(bytes: Uint8Array, offset: unknown, size: number): void {
  if (typeof offset !== "number") {
    throw new NativeTypeError(`The "offset" argument must be of type number. Received type ${typeof offset}`);
  }
  const last = bytes.length - size;
  if (last < 0) throw new NativeRangeError("Attempt to access memory outside buffer bounds");
  if (offset % 1 !== 0) throw outOfRange("offset", "an integer", offset);
  if (offset < 0 || offset > last) throw outOfRange("offset", `>= 0 and <= ${last}`, offset);
}

function outOfRange(name: string, range: string, received: number | bigint): RangeError {
  return new NativeRangeError(
    `The value of "${name}" is out of range. It must be ${range}. Received ${received}`,
  );
}

function checkBigInt(value: unknown, kind: keyof typeof views): void {
  if (kind !== "BigInt64" && kind !== "BigUInt64") return;
  if (typeof value !== "bigint") {
    throw new NativeTypeError(`The "value" argument must be of type bigint. Received type ${typeof value}`);
  }
  const signed = kind === "BigInt64";
  const low = signed ? -0x8000000000000000n : 0n;
  const high = signed ? 0x7fffffffffffffffn : 0xffffffffffffffffn;
  if (value >= low && value <= high) return;
  throw outOfRange("value", signed ? ">= -(2n ** 63n) and < 2n ** 63n" : ">= 0n and < 2n ** 64n", value);
}

type Reader = (this: Uint8Array, offset?: number) => number | bigint;
type Writer = (this: Uint8Array, value: number | bigint, offset?: number) => number;

function reader(name: string, kind: keyof typeof views, order: "LE" | "BE"): Reader {
  const view = views[kind];
  const size = view.BYTES_PER_ELEMENT;
  const methods = {
    [name](this: Uint8Array, offset = 0): number | bigint {
      checkPlace(this, offset, size);
      for (let i = 0; i < size; i++) scratch[order === "LE" ? i : size - 1 - i] = this[offset + i] as number;
      return view[0] as number | bigint;
    },
  };
  return methods[name] as Reader;
}

function writer(name: string, kind: keyof typeof views, order: "LE" | "BE"): Writer {
  const view = views[kind];
  const size = view.BYTES_PER_ELEMENT;
  const methods = {
    [name](this: Uint8Array, value: number | bigint, offset = 0): number {
      checkBigInt(value, kind);
      checkPlace(this, offset, size);
      view[0] = value;
      for (let i = 0; i < size; i++) this[offset + i] = scratch[order === "LE" ? i : size - 1 - i] as number;
      return offset + size;
    },
  };
  return methods[name] as Writer;
}

/**
 * `readDoubleBE` and its like for floats and 64-bit integers, by name. The library computes floats digit by digit,
 * which is slow and rounds some values differently, and throws errors of classes that no global names.
 */
export function numberMethods(): Readonly<Record<string, Reader | Writer>> {
  const methods: Record<string, Reader | Writer> = {};
  for (const order of ["LE", "BE"] as const) {
    for (const kind of ["Float", "Double", "BigInt64", "BigUInt64"] as const) {
      const names = kind === "BigUInt64" ? ["BigUInt64", "BigUint64"] : [kind];
      const read = reader(`read${kind}${order}`, kind, order);
      const write = writer(`write${kind}${order}`, kind, order);
      for (const name of names) {
        methods[`read${name}${order}`] = read;
        methods[`write${name}${order}`] = write;
      }
    }
  }
  return methods;
}
