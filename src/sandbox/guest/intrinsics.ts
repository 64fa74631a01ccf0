import {
  NativeMap,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  isObject,
  mapHas,
  mapSet,
  ownKeys,
  symbolToString,
} from "./primordials.ts";
import { stackAccessors } from "./call-sites.ts";

/** A built-in object and the way by which a script gets to it, as an author would write it. */
export interface Intrinsic {
  readonly object: object;
  readonly path: string;
}

/**
 * Objects that scripts reach by syntax or by a call and not by any property of a global. Prototypes only: an instance
 * of an `Intl` class cannot be part of a snapshot.
 */
function anonymousRoots(): readonly (readonly [value: unknown, path: string])[] {
  const iterator = [][Symbol.iterator]();
  const segments = new Intl.Segmenter("en-US").segment("");
  const wrapped = Iterator.from({ next: () => ({ done: true, value: undefined }) });
  const strictArguments = (function () {
    return arguments;
  })();
  return [
    [getPrototypeOf(iterator), "%ArrayIteratorPrototype%"],
    [getPrototypeOf(""[Symbol.iterator]()), "%StringIteratorPrototype%"],
    [getPrototypeOf(new Map().entries()), "%MapIteratorPrototype%"],
    [getPrototypeOf(new Set().values()), "%SetIteratorPrototype%"],
    [getPrototypeOf("".matchAll(/x/g)), "%RegExpStringIteratorPrototype%"],
    [getPrototypeOf(iterator.map((value) => value)), "%IteratorHelperPrototype%"],
    [getPrototypeOf(wrapped), "%WrapForValidIteratorPrototype%"],
    [getPrototypeOf(segments), "%SegmentsPrototype%"],
    [getPrototypeOf(segments[Symbol.iterator]()), "%SegmentIteratorPrototype%"],
    [getPrototypeOf(function* () {}), "%GeneratorFunction.prototype%"],
    [getPrototypeOf(async function () {}), "%AsyncFunction.prototype%"],
    [getPrototypeOf(async function* () {}), "%AsyncGeneratorFunction.prototype%"],
    [getOwnPropertyDescriptor(strictArguments, "callee")?.get, "%ThrowTypeError%"],
    [stackAccessors[0], "get Error().stack"],
    [stackAccessors[1], "set Error().stack"],
  ];
}

/** A property of the object at `ownerPath`; what is directly on the global has an empty owner. */
export function pathOf(ownerPath: string, key: PropertyKey): string {
  if (typeof key === "symbol") return `${ownerPath}[${symbolToString(key).slice(7, -1)}]`;
  return ownerPath === "" ? String(key) : `${ownerPath}.${String(key)}`;
}

/** Calls `visit` with everything that an object's own properties and its prototype lead to, and how it leads there. */
export function eachNeighbour(
  object: object,
  visit: (value: unknown, role: "value" | "get" | "set" | "prototype", key: PropertyKey) => void,
): void {
  const keys = ownKeys(object);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey;
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined) continue;
    if (hasOwn(descriptor, "value")) {
      visit(descriptor.value, "value", key);
    } else {
      visit(descriptor.get, "get", key);
      visit(descriptor.set, "set", key);
    }
  }
  visit(getPrototypeOf(object), "prototype", "");
}

function neighbourPath(
  ownerPath: string,
  role: "value" | "get" | "set" | "prototype",
  key: PropertyKey,
): string {
  switch (role) {
    case "value":
      return pathOf(ownerPath, key);
    case "prototype":
      return `Object.getPrototypeOf(${ownerPath})`;
    default:
      return `${role} ${pathOf(ownerPath, key)}`;
  }
}

/**
 * Every object that a script could reach in this realm before it has made any of its own, the global object first.
 * Must run before author code: it trusts what it walks over.
 */
export function collectIntrinsics(): readonly Intrinsic[] {
  const found: Intrinsic[] = [];
  const seen = new NativeMap<object, true>();
  const add = (value: unknown, path: string): void => {
    if (!isObject(value) || mapHas(seen, value)) return;
    mapSet(seen, value, true);
    found[found.length] = { object: value, path };
  };
  let expanded = 0;
  const expand = (): void => {
    for (; expanded < found.length; expanded++) {
      const { object, path } = found[expanded] as Intrinsic;
      eachNeighbour(object, (value, role, key) => add(value, neighbourPath(path, role, key)));
    }
  };
  add(globalThis, "");
  // First what has a name, so that everything is called by it.
  expand();
  const roots = anonymousRoots();
  for (let i = 0; i < roots.length; i++) add(roots[i]?.[0], roots[i]?.[1] ?? "");
  expand();
  return found;
}
