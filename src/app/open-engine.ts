import type { Config } from "../config/config.ts";
import type { CatalogView } from "../intake/resolve.ts";
import { admit } from "../intake/admit.ts";
import { createPipeline } from "../pipeline/pipeline.ts";
import { cutSlices, inOrder } from "../pipeline/slice.ts";
import { openSandbox } from "../sandbox/sandbox.ts";
import { guestBundle } from "../script/guest-bundle.ts";
import { originalPosition } from "../script/original-position.ts";
import type { Engine, EngineOptions } from "./engine-port.ts";

/** Records and payload bytes in one slice; times {@link slicesPerExecutor} they bound what is in memory at once. */
const sliceBounds = { records: 1_024, bytes: 4 * 2 ** 20 };
/** Slices in flight for each executor: one that runs, one that waits, one that is written out. */
const slicesPerExecutor = 3;

/** Opens the sandbox that the configuration asks for and puts the pipeline on it. Rejects with `EXECUTOR`. */
export async function openEngine(
  config: Config,
  initial: CatalogView,
  options: EngineOptions,
): Promise<Engine> {
  const sandbox = await openSandbox({ ...config.sandbox, guestBundle: await guestBundle() });
  const processSlice = createPipeline({ sandbox, findOriginal: originalPosition });
  const ahead = config.sandbox.executors * slicesPerExecutor;
  let catalog = initial;
  let closing: Promise<void> | undefined;
  return {
    process: (input) =>
      inOrder(cutSlices(input, sliceBounds), ahead, (slice) => {
        const view = catalog;
        return processSlice(slice.map((item) => admit(item, view, options)));
      }),
    useCatalog: (next) => {
      catalog = next;
    },
    stats: () => sandbox.stats(),
    close: () => (closing ??= sandbox.close()),
  };
}
