import { NativeProxy, freeze, objectCreate, setPrototypeOf } from "./primordials.ts";

/** Where scripts' implicit globals live while a realm is sealed: for one event, then nowhere. */
export interface GlobalStore {
  /** Makes the store what the global object inherits from. */
  attach(): void;
  /** Drops all that was written. */
  clear(): void;
}

/** Creates the store. What plain V8 would find on `Object.prototype` (`typeof toString`) is found here as well. */
export function createGlobalStore(): GlobalStore {
  let held: Record<PropertyKey, unknown> = {};
  let written = false;
  const handler = freeze({
    __proto__: null,
    has: (_target: object, key: PropertyKey) => key in held,
    get: (_target: object, key: PropertyKey) => held[key],
    set: (_target: object, key: PropertyKey, value: unknown) => {
      held[key] = value;
      written = true;
      return true;
    },
  });
  return {
    attach() {
      const target = freeze(objectCreate(null) as object);
      setPrototypeOf(globalThis, new NativeProxy(target, handler));
    },
    clear() {
      if (!written) return;
      held = {};
      written = false;
    },
  };
}
