import { describe } from "vitest";
import { appendContract } from "./log-append.ts";
import { ownContract } from "./log-own.ts";
import { fencingContract } from "./log-fencing.ts";
import { readContract } from "./log-read.ts";
import type { LogStore } from "./log-store.ts";

/** What every adapter of the log's port must do, whatever it stands on. */
export function logContract(name: string, openStore: () => Promise<LogStore>): void {
  describe(`the log over ${name}`, () => {
    appendContract(openStore);
    readContract(openStore);
    ownContract(openStore);
    fencingContract(openStore);
  });
}
