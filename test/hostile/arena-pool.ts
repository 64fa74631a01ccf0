import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ArenaTask, ScriptReport } from "./arena.ts";

const entry = fileURLToPath(new URL("./arena-process.ts", import.meta.url));

/** A few arenas that take scripts side by side. */
export interface ArenaPool {
  /** Rejects where the arena's process, the service, ended or failed. */
  fight(task: ArenaTask): Promise<ScriptReport>;
  close(): Promise<void>;
}

type Answer = { readonly report: ScriptReport } | { readonly failure: string } | { readonly ready: true };

export function openArenaPool(size: number): ArenaPool {
  const free: (ChildProcess | undefined)[] = Array.from({ length: size });
  const waiting: ((arena: ChildProcess | undefined) => void)[] = [];
  const queued = (): Promise<ChildProcess | undefined> => {
    const turn = Promise.withResolvers<ChildProcess | undefined>();
    waiting.push(turn.resolve);
    return turn.promise;
  };
  const take = (): Promise<ChildProcess | undefined> =>
    free.length > 0 ? Promise.resolve(free.pop()) : queued();
  const giveBack = (arena: ChildProcess | undefined): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(arena);
    else next(arena);
  };
  return {
    fight: async (task) => {
      let arena = await take();
      try {
        arena ??= await startArena();
        return await ask(arena, { ...task, script: { ...task.script } });
      } catch (cause) {
        arena?.kill("SIGKILL");
        arena = undefined;
        throw cause;
      } finally {
        giveBack(arena);
      }
    },
    close: async () => {
      const arenas = free.splice(0).filter((arena) => arena !== undefined);
      await Promise.all(
        arenas.map((arena) => {
          const ended = once(arena, "exit");
          arena.send("close");
          return ended;
        }),
      );
    },
  };
}

async function startArena(): Promise<ChildProcess> {
  const arena = fork(entry, { execArgv: ["--no-node-snapshot"] });
  await answerOf(arena);
  return arena;
}

async function ask(arena: ChildProcess, task: ArenaTask): Promise<ScriptReport> {
  const answered = answerOf(arena);
  // A regular expression is not JSON, and what the message must match is for the asker to see.
  const { message: _message, ...script } = task.script;
  arena.send({ ...task, script });
  const answer = await answered;
  if ("report" in answer) return answer.report;
  throw new Error("failure" in answer ? answer.failure : "an arena answered what it was not asked");
}

function answerOf(arena: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: unknown): void => {
      arena.off("exit", onExit);
      resolve(answer as Answer);
    };
    const onExit = (code: number | null, signal: string | null): void => {
      arena.off("message", onMessage);
      reject(new Error(`the service ended with ${signal ?? `exit code ${code}`}`));
    };
    arena.once("message", onMessage);
    arena.once("exit", onExit);
  });
}
