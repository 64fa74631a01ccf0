import {
  NativeProxy,
  NativeTypeError,
  NativeWeakSet,
  construct,
  dataDescriptor,
  defineBuiltIn,
  defineProperty,
  nameFunction,
  weakSetAdd,
  weakSetHas,
} from "./primordials.ts";

const proxies = new NativeWeakSet<object>();

/**
 * Whether a value is a proxy that a script made. Guest code that only looks (console, stack traces, cloning) asks
 * first, because every look at a proxy runs the author's traps, and what debug shows must not change an outcome.
 */
export function isProxy(value: object): boolean {
  return weakSetHas(proxies, value);
}

function remembered<P extends object>(proxy: P): P {
  weakSetAdd(proxies, proxy);
  return proxy;
}

/** Puts a `Proxy` in place that works as the built-in does and remembers what it made. */
export function installProxy(): void {
  const { revocable } = NativeProxy;
  const Proxy = function (this: unknown, target: object, handler: ProxyHandler<object>): object {
    if (new.target === undefined) throw new NativeTypeError("Constructor Proxy requires 'new'");
    return remembered<object>(construct(NativeProxy, [target, handler]));
  };
  nameFunction(Proxy, "Proxy");
  defineProperty(Proxy, "prototype", dataDescriptor(undefined, "constant"));
  const statics = {
    revocable(target: object, handler: ProxyHandler<object>) {
      const pair = revocable(target, handler);
      remembered(pair.proxy);
      return pair;
    },
  };
  defineBuiltIn(Proxy, "revocable", statics.revocable);
  defineBuiltIn(globalThis, "Proxy", Proxy);
}
