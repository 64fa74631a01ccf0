/** How much one fetch may bring. */
export interface FetchSize {
  readonly bytes: number;
  readonly records: number;
}

/** What a lane asks for that has had nothing to do: so little that many idle lanes take nothing from the busy ones. */
const leastFetch: FetchSize = { bytes: 64 * 2 ** 10, records: 256 };
/** More makes crossings fuller by little, and costs that much memory for each busy lane, several times over. */
const mostFetch: FetchSize = { bytes: 2 * 2 ** 20, records: 2_048 };

/** Grows what a lane fetches at once while there is more to fetch, and shrinks it when it has caught up. */
export interface FetchSizer {
  current(): FetchSize;
  observe(bytes: number, records: number): void;
}

export function createFetchSizer(): FetchSizer {
  let size = leastFetch;
  return {
    current: () => size,
    observe: (bytes, records) => {
      if (records === 0) size = leastFetch;
      else if (bytes * 2 >= size.bytes || records * 2 >= size.records) {
        size = {
          bytes: Math.min(mostFetch.bytes, size.bytes * 2),
          records: Math.min(mostFetch.records, size.records * 2),
        };
      }
    },
  };
}
