import {
  createList,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isExtensible,
  ownKeys,
  sameValue,
} from "./primordials.ts";
import { collectIntrinsics, pathOf } from "./intrinsics.ts";

/** One property as it was. */
interface PropertyState {
  readonly key: PropertyKey;
  readonly descriptor: PropertyDescriptor;
}

/** One built-in object as it was. */
interface BuiltInState {
  readonly object: object;
  readonly path: string;
  readonly prototype: object | null;
  readonly extensible: boolean;
  readonly properties: readonly PropertyState[];
}

/** All built-ins of a realm as they were at one moment. */
export type BuiltInsFingerprint = readonly BuiltInState[];

let noted: BuiltInsFingerprint | undefined;

/**
 * Every built-in's properties, prototype and extensibility as they were at the first call in this realm, which must
 * come before any author code: a script that has already run could deceive the walk over the built-ins.
 */
export function builtInsFingerprint(): BuiltInsFingerprint {
  noted ??= noteBuiltIns();
  return noted;
}

function noteBuiltIns(): BuiltInsFingerprint {
  return collectIntrinsics().map(({ object, path }) => ({
    object,
    path,
    prototype: getPrototypeOf(object),
    extensible: isExtensible(object),
    properties: ownKeys(object).map((key) => ({
      key,
      descriptor: getOwnPropertyDescriptor(object, key) as PropertyDescriptor,
    })),
  }));
}

function isSameProperty(before: PropertyDescriptor, after: PropertyDescriptor | undefined): boolean {
  return (
    after !== undefined &&
    sameValue(before.value, after.value) &&
    before.get === after.get &&
    before.set === after.set &&
    before.writable === after.writable &&
    before.enumerable === after.enumerable &&
    before.configurable === after.configurable
  );
}

function had(properties: readonly PropertyState[], key: PropertyKey): boolean {
  for (let i = 0; i < properties.length; i++) if (properties[i]?.key === key) return true;
  return false;
}

/** Adds the names of what differs in one object. A new global is no change of a built-in. */
function compare(before: BuiltInState, changed: string[]): void {
  const { object, path, properties } = before;
  for (let i = 0; i < properties.length; i++) {
    const { key, descriptor } = properties[i] as PropertyState;
    if (!isSameProperty(descriptor, getOwnPropertyDescriptor(object, key)))
      changed[changed.length] = pathOf(path, key);
  }
  if (object !== globalThis) {
    const keys = ownKeys(object);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as PropertyKey;
      if (!had(properties, key)) changed[changed.length] = pathOf(path, key);
    }
  }
  const name = path === "" ? "globalThis" : path;
  if (getPrototypeOf(object) !== before.prototype) changed[changed.length] = `Object.getPrototypeOf(${name})`;
  if (isExtensible(object) !== before.extensible) changed[changed.length] = `Object.isExtensible(${name})`;
}

/**
 * Names of the built-ins that differ from the fingerprint, such as `Array.prototype.last` or `Math.random`. Safe to
 * call after author code ran.
 */
export function changedBuiltIns(before: BuiltInsFingerprint): string[] {
  const changed = createList<string>();
  for (let i = 0; i < before.length; i++) compare(before[i] as BuiltInState, changed);
  return changed;
}
