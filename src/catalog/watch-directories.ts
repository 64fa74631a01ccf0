import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { watch } from "chokidar";

/**
 * Changes that follow each other this closely count as one, milliseconds: editors write a file in several steps. More
 * makes a person wait, less reads what is half written.
 */
const settleMs = 100;

/** Directories that are watched for changes of any file in them. */
export interface DirectoryWatch {
  /** Whether something has changed since the watch began or {@link forget} was called last. */
  hasChanged(): boolean;
  forget(): void;
  /** Resolves when something has changed and nothing more for a moment, or when a person wants to stop. */
  settled(interrupt: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const ignored = /(^|[/\\])(\.git|node_modules)([/\\]|$)/;

/** @param isWatched leaves out files that change without meaning anything */
export async function watchDirectories(
  directories: readonly string[],
  isWatched: (path: string) => boolean = () => true,
): Promise<DirectoryWatch> {
  const isIgnored = (path: string): boolean => ignored.test(path) || !isWatched(path);
  const watcher = watch([...directories], { ignoreInitial: true, ignored: isIgnored });
  const ready = once(watcher, "ready");
  let next = Promise.withResolvers<void>();
  let changed = false;
  const set = (): void => {
    changed = true;
    next.resolve();
  };
  const forget = (): void => {
    changed = false;
    next = Promise.withResolvers<void>();
  };
  watcher.on("all", set);
  await ready;
  return {
    hasChanged: () => changed,
    forget,
    settled: async (interrupt) => {
      interrupt.addEventListener("abort", set, { once: true });
      await next.promise;
      interrupt.removeEventListener("abort", set);
      for (let again = changed; again && !interrupt.aborted; again = changed) {
        forget();
        await delay(settleMs);
      }
    },
    close: () => watcher.close(),
  };
}
