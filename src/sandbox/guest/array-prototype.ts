import { NativeArray, arrayIterator, arrayPrototype, iteratorSymbol } from "./primordials.ts";

/**
 * `Array.prototype` is sealed and not frozen: on a frozen one, or under a frozen `Object.prototype`, appending to an
 * array by index is 20 times slower, and a change of attributes of `constructor` or of the iterator slows down most
 * array methods. So three of its properties stay writable, and this puts them back after each event. They cannot be
 * made accessors, so nothing of the author's runs here.
 *
 * @returns whether there was anything to put back
 */
export function restoreArrayPrototype(): boolean {
  if (
    arrayPrototype.constructor === NativeArray &&
    arrayPrototype[iteratorSymbol] === arrayIterator &&
    arrayPrototype.length === 0
  ) {
    return false;
  }
  arrayPrototype.constructor = NativeArray;
  arrayPrototype[iteratorSymbol] = arrayIterator;
  arrayPrototype.length = 0;
  return true;
}
