import type { SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { guestBundle } from "../../src/script/guest-bundle.ts";

/** Options of a small sandbox of one executor process. */
export async function sandboxOptions(choice: Partial<SandboxOptions> = {}): Promise<SandboxOptions> {
  return {
    executors: 1,
    isolation: "process",
    guestBundle: await guestBundle(),
    crossingEvents: 64,
    isolatesPerExecutor: 8,
    spareIsolates: 1,
    ...choice,
  };
}
