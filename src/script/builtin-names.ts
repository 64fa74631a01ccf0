import { runInNewContext } from "node:vm";

/** Globals that the guest adds to the engine's own. */
const guestGlobals = ["Buffer", "console", "TextDecoder", "TextEncoder", "atob", "btoa"];

/**
 * Every name that a new realm may have as a global: what this engine puts into one, and what the guest adds. Some of
 * them are taken away before a script runs; a script that writes to one of those is still no candidate for a sealed
 * realm.
 */
export const builtinNames: ReadonlySet<string> = new Set([
  ...(runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[]),
  ...guestGlobals,
]);

/** Built-in globals whose value is a primitive: nothing can be written to a property of theirs. */
export const primitiveBuiltins: ReadonlySet<string> = new Set(["undefined", "NaN", "Infinity"]);

/** Built-in globals that are collections of functions and no constructors; whoever holds one can change it. */
export const namespaceBuiltins: ReadonlySet<string> = new Set([
  "Math",
  "JSON",
  "Reflect",
  "Intl",
  "Atomics",
  "WebAssembly",
  "console",
]);

/** Functions that change the object in their first argument, by the namespace that they belong to. */
export const changingFunctions: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    "Object",
    new Set([
      "assign",
      "defineProperty",
      "defineProperties",
      "setPrototypeOf",
      "freeze",
      "seal",
      "preventExtensions",
    ]),
  ],
  ["Reflect", new Set(["set", "defineProperty", "deleteProperty", "setPrototypeOf", "preventExtensions"])],
]);

/**
 * Names of `Object.prototype` that no ordinary script uses for a property of its own. Where that prototype is
 * frozen, assigning to one of them fails on every object that inherits it.
 */
export const inheritedNames: ReadonlySet<string> = new Set([
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "toLocaleString",
]);
