/** Items that wait, each in the name of a lane; lanes take turns by what their items have cost so far. */
export interface TurnQueue<T> {
  readonly size: number;
  push(lane: string, item: T): void;
  /** The item whose turn it is: the oldest of the lane that has used least. */
  peek(): T | undefined;
  /** Takes that item out. */
  take(): T | undefined;
  /** What a lane has used, microseconds of CPU; a guess that is put right later may be charged in two parts. */
  charge(lane: string, costUs: number): void;
  /** Empties the queue, in turn. */
  drain(): T[];
}

interface Lane<T> {
  readonly name: string;
  readonly items: T[];
  /** Virtual time: CPU used, from where the others were when the lane came. */
  usedUs: number;
}

/** Lanes without items whose debt is remembered. More cost memory; fewer forgive lanes that come and go. */
const rememberedLanes = 1_000;

export function createTurnQueue<T>(): TurnQueue<T> {
  const lanes = new Map<string, Lane<T>>();
  let size = 0;
  // What the lane that was served last had used: nobody who comes later starts with less, so idling saves up nothing.
  let floorUs = 0;

  const next = (): Lane<T> | undefined => {
    let least: Lane<T> | undefined;
    for (const lane of lanes.values())
      if (lane.items.length > 0 && (least === undefined || lane.usedUs < least.usedUs)) least = lane;
    return least;
  };

  const laneOf = (name: string): Lane<T> => {
    let lane = lanes.get(name);
    if (lane === undefined) {
      lane = { name, items: [], usedUs: floorUs };
      lanes.set(name, lane);
      if (lanes.size > rememberedLanes) forgetIdle();
    }
    return lane;
  };

  const forgetIdle = (): void => {
    for (const { name, items } of lanes.values()) if (items.length === 0) lanes.delete(name);
  };

  const take = (): T | undefined => {
    const lane = next();
    if (lane === undefined) return undefined;
    floorUs = Math.max(floorUs, lane.usedUs);
    size -= 1;
    return lane.items.shift();
  };

  return {
    get size() {
      return size;
    },
    push: (name, item) => {
      const lane = laneOf(name);
      if (lane.items.length === 0) lane.usedUs = Math.max(lane.usedUs, floorUs);
      lane.items.push(item);
      size += 1;
    },
    peek: () => next()?.items[0],
    take,
    charge: (name, costUs) => {
      const lane = lanes.get(name);
      if (lane !== undefined) lane.usedUs += costUs;
    },
    drain: () => {
      const items: T[] = [];
      for (let item = take(); item !== undefined; item = take()) items.push(item);
      return items;
    },
  };
}
