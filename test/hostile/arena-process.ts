import { openArena, type ArenaTask } from "./arena.ts";

/**
 * An arena as a process of its own: it stands for the service, so that a script which ends it is seen to do so, and
 * what it has for children are the executors of one sandbox.
 */
async function main(): Promise<void> {
  const arena = await openArena();
  const answer = (message: object): void => void process.send?.(message);
  process.on("message", (task: ArenaTask | "close") => {
    if (task === "close") void arena.close().then(() => process.disconnect());
    else {
      arena.fight(task).then(
        (report) => answer({ report }),
        (cause: unknown) =>
          answer({ failure: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }),
      );
    }
  });
  answer({ ready: true });
}

await main();
