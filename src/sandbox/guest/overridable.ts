import {
  NativeWeakSet,
  apply,
  arrayPrototype,
  defineProperty,
  errorPrototype,
  freeze,
  functionPrototype,
  getOwnPropertyDescriptor,
  hasOwn,
  isObject,
  objectCreate,
  objectPrototype,
  ownKeys,
  regexpPrototype,
  typedArrayPrototype,
  weakSetAdd,
  weakSetHas,
} from "./primordials.ts";

/**
 * A property that an object inherits from a frozen one cannot be assigned on the object either (the "override
 * mistake"): `point.toString = …` would fail because `Object.prototype.toString` is read-only. Where scripts do that,
 * sealing turns the built-in into an accessor whose setter defines the property on the object itself.
 *
 * An accessor costs 3 µs when the realm is sealed, and code that is not yet optimised one more call. So prototypes of
 * primitives stay as they are (nothing can be assigned to a primitive; accessors made string methods 2 times slower),
 * and so does `constructor` where the engine asks it for the species (accessors made array methods 13 times slower).
 */
const partlyOverridable: readonly (readonly [owner: object, names: readonly string[]])[] = [
  [Date.prototype, ["constructor", "toString", "toLocaleString", "valueOf", "toJSON"]],
  [regexpPrototype, ["toString"]],
  [typedArrayPrototype, ["toString", "toLocaleString"]],
];

/**
 * Prototypes of which any name may be overridden: by keys that come out of data (also on an array or a Map taken for a
 * plain object), or by classes in the old style.
 */
const whollyOverridable: readonly object[] = [
  objectPrototype,
  arrayPrototype,
  functionPrototype,
  Map.prototype,
  Set.prototype,
  errorPrototype,
  ...[AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
    (type) => type.prototype,
  ),
];

function isOverridable(owner: object, name: PropertyKey): name is string {
  if (typeof name !== "string" || (name === "constructor" && owner === arrayPrototype)) return false;
  const descriptor = getOwnPropertyDescriptor(owner, name);
  return descriptor?.writable === true && descriptor.configurable === true;
}

/** One prototype and those of its properties that sealing makes overridable. */
export interface Overridable {
  readonly owner: object;
  readonly names: readonly string[];
}

/** Finds, while the snapshot is made, what sealing will make overridable. */
export function findOverridables(bufferPrototype: object): readonly Overridable[] {
  const candidates: readonly (readonly [owner: object, names: readonly PropertyKey[]])[] = [
    ...whollyOverridable.map((owner) => [owner, ownKeys(owner)] as const),
    ...partlyOverridable,
    [bufferPrototype, ["toString", "toLocaleString", "toJSON"]],
  ];
  return candidates.map(([owner, names]) => ({
    owner,
    names: names.filter((name) => isOverridable(owner, name)),
  }));
}

const overridingGetters = new NativeWeakSet<object>();

/** The value of a built-in's property, whether sealing has turned it into an accessor or not; runs no author code. */
export function builtInValueOf(descriptor: PropertyDescriptor): unknown {
  if (hasOwn(descriptor, "value")) return descriptor.value;
  const getter = descriptor.get;
  return getter !== undefined && weakSetHas(overridingGetters, getter)
    ? apply(getter, undefined, [])
    : undefined;
}

/** Turns the found properties into accessors. `refused` is told of an object that could not take an assignment. */
export function makeOverridable(
  overridables: readonly Overridable[],
  refused: (receiver: object) => void,
): void {
  const setters = objectCreate(null) as Record<string, (value: unknown) => void>;
  for (let i = 0; i < overridables.length; i++) {
    const { owner, names } = overridables[i] as Overridable;
    for (let j = 0; j < names.length; j++) {
      const name = names[j] as string;
      const value: unknown = getOwnPropertyDescriptor(owner, name)?.value;
      const set = (setters[name] ??= overridingSetter(name, refused));
      const get = overridingGetter(value);
      weakSetAdd(overridingGetters, get);
      defineProperty(owner, name, {
        get: freeze(get),
        set: freeze(set),
        enumerable: false,
        configurable: false,
      });
    }
  }
}

function overridingGetter(value: unknown): () => unknown {
  return { get: () => value }.get;
}

function overridingSetter(name: string, refused: (receiver: object) => void): (value: unknown) => void {
  return {
    set(this: unknown, value: unknown): void {
      // As with any assignment in sloppy code, what cannot be assigned is passed over.
      if (!isObject(this)) return;
      const descriptor = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
      if (!defineProperty(this, name, descriptor as PropertyDescriptor)) refused(this);
    },
  }.set;
}
