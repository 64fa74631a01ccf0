/** What lanes may hold in memory at once. */
export interface MemoryBounds {
  readonly bytes: number;
  readonly records: number;
}

/** A share of the budget, held from before a fetch until what it brought is committed. */
export interface Reservation {
  /** Gives back what turned out not to be needed. It may also turn out that more was: one record comes however large. */
  resize(bytes: number, records: number): void;
  release(): void;
}

/** One budget for all lanes of a worker: who finds it used up waits, in the order of asking. */
export interface MemoryBudget {
  reserve(bytes: number, records: number): Promise<Reservation>;
  inUse(): MemoryBounds;
}

interface Waiting extends MemoryBounds {
  readonly grant: () => void;
}

/** A reservation larger than the whole budget waits until nothing else is held. */
export function createMemoryBudget(bounds: MemoryBounds): MemoryBudget {
  const used = { bytes: 0, records: 0 };
  const waiting: Waiting[] = [];

  const fits = ({ bytes, records }: MemoryBounds): boolean =>
    used.records === 0 || (used.bytes + bytes <= bounds.bytes && used.records + records <= bounds.records);

  const move = (bytes: number, records: number): void => {
    used.bytes += bytes;
    used.records += records;
    for (let next = waiting[0]; next !== undefined && fits(next); next = waiting[0]) {
      waiting.shift();
      used.bytes += next.bytes;
      used.records += next.records;
      next.grant();
    }
  };

  const open = (bytes: number, records: number): Reservation => {
    const held = { bytes, records };
    const resize = (toBytes: number, toRecords: number): void => {
      const [moreBytes, moreRecords] = [toBytes - held.bytes, toRecords - held.records];
      held.bytes = toBytes;
      held.records = toRecords;
      move(moreBytes, moreRecords);
    };
    return { resize, release: () => resize(0, 0) };
  };

  return {
    reserve: (bytes, records) => {
      if (waiting.length === 0 && fits({ bytes, records })) {
        used.bytes += bytes;
        used.records += records;
        return Promise.resolve(open(bytes, records));
      }
      return new Promise((resolve) => {
        waiting.push({ bytes, records, grant: () => resolve(open(bytes, records)) });
      });
    },
    inUse: () => ({ ...used }),
  };
}
