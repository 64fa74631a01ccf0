import { makeBuffer } from "../../../src/sandbox/guest/buffer.ts";
import { callSitesOf, stackOf } from "../../../src/sandbox/guest/call-sites.ts";
import { collectIntrinsics } from "../../../src/sandbox/guest/intrinsics.ts";
import {
  defineProperty,
  deleteProperty,
  isFrozen,
  isObject,
  jsonStringify,
  toText,
} from "../../../src/sandbox/guest/primordials.ts";
import { prepareRealm } from "../../../src/sandbox/guest/realm.ts";
import { sealRealm } from "../../../src/sandbox/guest/seal.ts";
import { builtInsFingerprint, changedBuiltIns } from "../../../src/sandbox/guest/snapshot-compare.ts";

const realm = prepareRealm();

/** What a test can ask of a realm; everything that comes back is text. */
const hook = {
  open(use: "fresh" | "sealed"): void {
    deleteProperty(globalThis, "__test");
    realm.complete();
    if (use === "sealed") sealRealm(realm);
  },
  /** One event: the factory is called as the engine calls a stage's file; JSON of its result or of what it threw. */
  event(factory: () => unknown, timeMs: number, seed: string, capture: "on" | "off"): string {
    realm.begin(timeMs, seed, capture);
    let outcome: string;
    try {
      const value = factory();
      outcome = `{"value":${jsonStringify(value) ?? "null"}`;
    } catch (thrown) {
      const header = isObject(thrown) ? stackOf(thrown) : toText(thrown);
      outcome = `{"thrown":${jsonStringify(header)},"sites":${jsonStringify(callSitesOf(thrown))}`;
    }
    const lines = realm.takeConsole();
    outcome += `,"console":${jsonStringify(lines)}`;
    return `${outcome},"end":${jsonStringify(realm.end())}}`;
  },
  /** Calls `factory` with a Buffer made of part of other bytes. */
  withBuffer(
    factory: (buffer: Uint8Array, other: Uint8Array) => unknown,
    bytes: ArrayBuffer,
    start: number,
    length: number,
  ): string {
    realm.begin(0, "", "off");
    const view = new Uint8Array(bytes);
    const value = jsonStringify(factory(makeBuffer(view, start, length), view));
    realm.end();
    return value;
  },
  /** An event whose console lines nobody takes. */
  leaveConsoleLine(): void {
    realm.begin(0, "", "on");
    console.log("left");
    realm.end();
  },
  noteBuiltIns(): void {
    builtInsFingerprint();
  },
  changedBuiltIns(): string {
    return jsonStringify(changedBuiltIns(builtInsFingerprint()));
  },
  /** Paths of the objects that a script can reach and change. */
  unfrozen(): string {
    const paths: string[] = [];
    for (const { object, path } of collectIntrinsics()) if (!isFrozen(object)) paths.push(path);
    return jsonStringify(paths);
  },
  reachable(): string {
    return jsonStringify(collectIntrinsics().map(({ path }) => path));
  },
  /** Events without any code: what the engine adds to each. */
  emptyEvents(count: number): void {
    for (let i = 0; i < count; i++) {
      realm.begin(i, "seed", "off");
      realm.end();
    }
  },
  makeBuffers(count: number, length: number): number {
    const bytes = new Uint8Array(65_536);
    let total = 0;
    for (let i = 0; i < count; i++) total += makeBuffer(bytes, i & 1023, length).length;
    return total;
  },
};

export type RealmHook = typeof hook;

defineProperty(globalThis, "__test", { value: hook, configurable: true });
