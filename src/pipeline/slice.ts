import type { InputRecord } from "../model/raw-event.ts";

/** Bounds of one slice. More records make crossings fuller; more bytes keep more of the input in memory. */
export interface SliceBounds {
  readonly records: number;
  readonly bytes: number;
}

/** Cuts batches of records into slices within their bounds. A record larger than a slice is a slice of its own. */
export async function* cutSlices<T extends { readonly record: InputRecord }>(
  batches: AsyncIterable<readonly T[]>,
  bounds: SliceBounds,
): AsyncGenerator<T[]> {
  for await (const batch of batches) {
    let slice: T[] = [];
    let bytes = 0;
    for (const item of batch) {
      const size = item.record.payload.byteLength;
      if (slice.length > 0 && (slice.length >= bounds.records || bytes + size > bounds.bytes)) {
        yield slice;
        slice = [];
        bytes = 0;
      }
      slice.push(item);
      bytes += size;
    }
    if (slice.length > 0) yield slice;
  }
}

/**
 * Runs `work` over slices side by side, at most `ahead` at once, and gives the results in the order of the slices, each
 * as soon as it is its turn: a finished one does not wait for an input that trickles. When the reader stops early or
 * something fails, no further slice is started and those begun are waited for.
 */
export async function* inOrder<T, R>(
  slices: AsyncIterable<T>,
  ahead: number,
  work: (slice: T) => Promise<R>,
): AsyncGenerator<R> {
  const input = slices[Symbol.asyncIterator]();
  const running: Promise<R>[] = [];
  let asked: Promise<IteratorResult<T>> | undefined;
  let ended = false;
  try {
    while (!ended || running.length > 0) {
      if (!ended && running.length < ahead) asked ??= input.next();
      const [head] = running;
      if (head !== undefined && (asked === undefined || (await isFirst(head, asked)))) {
        void running.shift();
        yield await head;
        continue;
      }
      const next = await (asked as Promise<IteratorResult<T>>);
      asked = undefined;
      if (next.done === true) {
        ended = true;
        continue;
      }
      const result = work(next.value);
      // A failure is seen when its turn comes; until then it must not count as unhandled.
      result.catch(() => {});
      running.push(result);
    }
  } finally {
    const closed = input.return?.();
    // An input that waits for more cannot be told to end before more has come, and nobody waits for that.
    if (asked === undefined) await closed;
    else void closed?.then(undefined, () => {});
    await Promise.allSettled(running);
  }
}

/** Whether `one` settles before `other`, or has already. */
function isFirst(one: Promise<unknown>, other: Promise<unknown>): Promise<boolean> {
  const won = (): boolean => true;
  const lost = (): boolean => false;
  return Promise.race([one.then(won, won), other.then(lost, lost)]);
}
