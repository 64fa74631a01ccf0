import {
  arrayPrototype,
  createList,
  freeze,
  getOwnPropertyDescriptor,
  isFrozen,
  isObject,
  objectPrototype,
  ownKeys,
  seal,
} from "./primordials.ts";
import { eachNeighbour } from "./intrinsics.ts";
import { restoreArrayPrototype } from "./array-prototype.ts";
import { makeOverridable } from "./overridable.ts";
import type { Realm } from "./realm.ts";

/**
 * Objects to which the engine adds properties in every context, after the snapshot in which the built-ins were listed.
 * A test walks over a whole sealed realm and fails when one is missing here.
 */
const extendedByTheEngine: readonly object[] = [DataView.prototype, Error, Iterator.prototype, Math, RegExp];

/** Freezes a built-in that may be new since the snapshot, and all that it leads to. */
function freezeReach(start: unknown): void {
  if (!isObject(start) || start === arrayPrototype || isFrozen(start)) return;
  const reached = createList<object>();
  const reach = (value: unknown): void => {
    if (!isObject(value) || value === arrayPrototype || isFrozen(value)) return;
    freeze(value);
    reached[reached.length] = value;
  };
  reach(start);
  for (let i = 0; i < reached.length; i++) eachNeighbour(reached[i] as object, reach);
}

function freezeIntrinsics(intrinsics: readonly object[]): void {
  // Of Object.prototype only accessors are left by now, so sealed it is as good as frozen.
  seal(objectPrototype);
  seal(arrayPrototype);
  for (let i = 0; i < intrinsics.length; i++) {
    const intrinsic = intrinsics[i];
    if (intrinsic !== objectPrototype && intrinsic !== arrayPrototype) freeze(intrinsic);
  }
  // After the others, so that each walk ends at once where it meets what is frozen.
  for (let i = 0; i < extendedByTheEngine.length; i++)
    eachNeighbour(extendedByTheEngine[i] as object, freezeReach);
}

/** Freezes the global object with its properties, and those of their values that are new since the snapshot. */
function closeGlobal(): void {
  const names = ownKeys(globalThis);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as PropertyKey;
    if (name !== "globalThis") freezeReach(getOwnPropertyDescriptor(globalThis, name)?.value);
  }
  freeze(globalThis);
}

/**
 * Closes a realm before any author code has run in it, so that it can serve many events: no built-in can be changed,
 * and what scripts make global goes into a store that {@link Realm.end} drops.
 *
 * It cannot happen in the snapshot: the engine adds to `Error`, `Math` and the global object whenever it makes a
 * context, and aborts the process where it cannot.
 */
export function sealRealm(realm: Realm): void {
  realm.complete();
  const { intrinsics, overridables, store } = realm.plan;
  let tried = false;
  makeOverridable(overridables, (receiver) => {
    for (let i = 0; i < intrinsics.length; i++) if (intrinsics[i] === receiver) tried = true;
  });
  freezeIntrinsics(intrinsics);
  store.attach();
  closeGlobal();
  realm.whenEnding(() => {
    const doubtful = restoreArrayPrototype() || tried;
    tried = false;
    return doubtful;
  });
}
