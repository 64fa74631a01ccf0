import { getOwnPropertyDescriptor, getPrototypeOf, jsonStringify, objectPrototype } from "./primordials.ts";
import { builtInValueOf } from "./overridable.ts";
import { isProxy } from "./proxies.ts";

function isIdentifier(key: string): boolean {
  for (let i = 0; i < key.length; i++) {
    const c = key[i] as string;
    const letter = (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c === "_" || c === "$";
    if (!letter && (i === 0 || c < "0" || c > "9")) return false;
  }
  return key !== "";
}

/** A property's name as an object literal has it. */
export function keyText(key: string): string {
  return isIdentifier(key) ? key : jsonStringify(key);
}

function ownName(value: object): string {
  const descriptor = getOwnPropertyDescriptor(value, "name");
  const name = descriptor === undefined ? undefined : builtInValueOf(descriptor);
  return typeof name === "string" ? name : "";
}

/** A function by its name; its source is never shown. */
export function functionText(value: object): string {
  const name = ownName(value);
  return name === "" ? "[Function]" : `[Function: ${name}]`;
}

/** The name of an object's class: of the `constructor` that its nearest prototype with one has. */
export function classNameOf(value: object): string {
  for (
    let holder = getPrototypeOf(value);
    holder !== null && holder !== objectPrototype;
    holder = getPrototypeOf(holder)
  ) {
    if (isProxy(holder)) break;
    const descriptor = getOwnPropertyDescriptor(holder, "constructor");
    const constructor = descriptor === undefined ? undefined : builtInValueOf(descriptor);
    if (typeof constructor === "function" && !isProxy(constructor)) return ownName(constructor);
  }
  return "Object";
}
