import { NativeError, dataDescriptor, defineProperty } from "./primordials.ts";

/** An error as web platform functions throw it; realms have no `DOMException`, so the class is `Error`. */
export function domError(name: "InvalidCharacterError" | "DataCloneError", message: string): Error {
  const error = new NativeError(message);
  defineProperty(error, "name", dataDescriptor(name));
  return error;
}
