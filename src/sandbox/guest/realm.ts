import { NativeRegExp, regexpExec } from "./primordials.ts";
import { removeAbsences, removeEngineAdditions } from "./absences.ts";
import { installBase64 } from "./base64.ts";
import { bufferPrototype, installBuffer } from "./buffer.ts";
import { fixStackDepth, forgetCallSites, installCallSites } from "./call-sites.ts";
import { installClock } from "./clock.ts";
import { installConsole, type ConsoleLine } from "./console.ts";
import { createGlobalStore, type GlobalStore } from "./global-store.ts";
import { collectIntrinsics } from "./intrinsics.ts";
import { findOverridables, type Overridable } from "./overridable.ts";
import { installProxy } from "./proxies.ts";
import { installRandom } from "./random.ts";
import { completeStructuredClone, installStructuredClone } from "./structured-clone.ts";
import { installTextEncoding } from "./text-encoding.ts";

/** How a context is used: for many events, for one, or only to see what a file's top level changes. */
export type RealmUse = "sealed" | "fresh" | "trial";

/** What sealing needs and finds in the snapshot, so that a context does not have to search for it. */
export interface SealingPlan {
  /** Every built-in object but the global itself. */
  readonly intrinsics: readonly object[];
  readonly overridables: readonly Overridable[];
  readonly store: GlobalStore;
}

/** A context as scripts see it, and what the engine does with it around each event. */
export interface Realm {
  /**
   * Starts an event, before any of its code runs.
   *
   * @param timeMs what every clock shows, epoch milliseconds
   * @param seed names the event among all others; `Math.random()` follows from it
   * @param capture whether `console` keeps what scripts write
   */
  begin(timeMs: number, seed: string, capture: "on" | "off"): void;
  /**
   * Ends an event: nothing that it left in the realm's own state can be seen by the next one. `doubtful` means that a
   * script tried to change a built-in of a sealed realm and another realm might have let it: throw the context away.
   */
  end(): "clean" | "doubtful";
  /** Console lines since the last take, oldest first. */
  takeConsole(): ConsoleLine[];
  /** Does what a snapshot cannot hold; needed once in each context before author code. {@link Realm.begin} does it too. */
  complete(): void;
  /** Has each {@link Realm.end} do this too; it returns whether a script tried to change a built-in. */
  whenEnding(restore: () => boolean): void;
  readonly plan: SealingPlan;
}

/** Installs all that scripts have, takes away what they have not; returns the parts that an event sets. */
function furnish() {
  installCallSites();
  removeAbsences();
  installProxy();
  installBuffer();
  installTextEncoding();
  installBase64();
  installStructuredClone();
  return { clock: installClock(), random: installRandom(), console: installConsole() };
}

function planSealing(): SealingPlan {
  const intrinsics = collectIntrinsics()
    .map(({ object }) => object)
    .filter((object) => object !== globalThis);
  return { intrinsics, overridables: findOverridables(bufferPrototype), store: createGlobalStore() };
}

/**
 * Turns the bare context in which a snapshot is made into a realm for scripts. Runs once, while the snapshot is made;
 * every context made from the snapshot then has a realm of its own.
 */
export function prepareRealm(): Realm {
  const parts = furnish();
  const plan = planSealing();
  const { clock, random, console } = parts;
  const { store } = plan;
  const matchesNothing = new NativeRegExp("^");
  let completed = false;
  let restore: (() => boolean) | undefined;

  function complete(): void {
    if (completed) return;
    completed = true;
    removeEngineAdditions();
    fixStackDepth();
    completeStructuredClone();
  }

  return {
    plan,
    complete,
    begin(timeMs, seed, capture) {
      complete();
      clock.set(timeMs);
      random.seed(seed);
      console.start(capture);
    },
    end() {
      store.clear();
      forgetCallSites();
      // The legacy statics (`RegExp.$1`, `RegExp.lastMatch`) tell of the last match of whatever code.
      regexpExec(matchesNothing, "");
      return restore?.() === true ? "doubtful" : "clean";
    },
    takeConsole: () => console.take(),
    whenEnding(does) {
      restore = does;
    },
  };
}
