import type { FileFactory } from "./entry-points.ts";
import { makeBuffer } from "./buffer.ts";
import { createCrossing, type GuestCrossing } from "./crossing.ts";
import { enterFile } from "./entry-points.ts";
import { dataDescriptor, defineProperty, deleteProperty } from "./primordials.ts";
import { prepareRealm, type RealmUse } from "./realm.ts";
import { sealRealm } from "./seal.ts";
import { builtInsFingerprint, changedBuiltIns } from "./snapshot-compare.ts";

/** What the executor finds in a new context, once. */
export interface GuestHook {
  open(use: RealmUse, slots: SharedArrayBuffer): GuestCrossing;
  /** Runs a file's top level; names of the built-ins that it changed, one a line. Throws what it throws. */
  trial(file: FileFactory): string;
}

const hookName = "__millrace";
const realm = prepareRealm();

const hook: GuestHook = {
  open: (use, slots) => {
    deleteProperty(globalThis, hookName);
    if (use === "sealed") sealRealm(realm);
    return createCrossing(realm, makeBuffer, slots, use);
  },
  trial: (file) => {
    deleteProperty(globalThis, hookName);
    realm.begin(0, "trial", "off");
    const before = builtInsFingerprint();
    enterFile(file);
    const changed = changedBuiltIns(before);
    let names = "";
    for (let index = 0; index < changed.length; index += 1)
      names += `${index === 0 ? "" : "\n"}${changed[index]}`;
    return names;
  },
};

defineProperty(globalThis, hookName, dataDescriptor(hook));
