import {
  NativeUint8Array,
  arrayBufferByteLength,
  dataViewBuffer,
  dataViewByteLength,
  dataViewByteOffset,
  isView,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayTag,
} from "./primordials.ts";

/** The memory of an ArrayBuffer, typed array or DataView as bytes. Throws a TypeError for everything else. */
export function bytesOf(source: unknown): Uint8Array {
  if (!isView(source)) return new NativeUint8Array(source as ArrayBuffer, 0, arrayBufferByteLength(source));
  if (typedArrayTag(source) !== undefined) {
    return new NativeUint8Array(
      typedArrayBuffer(source),
      typedArrayByteOffset(source),
      typedArrayByteLength(source),
    );
  }
  return new NativeUint8Array(dataViewBuffer(source), dataViewByteOffset(source), dataViewByteLength(source));
}
