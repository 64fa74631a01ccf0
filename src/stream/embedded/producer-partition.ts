import { partitionOfKey } from "../partition-of-key.ts";
import type { ChoosePartition } from "./routing.ts";

/**
 * How a producer's records find their partitions: by their keys, and those without one by turns. All of one call stay
 * together, as in a batch of Kafka's, and the next call's go to the next partition; each producer begins anywhere.
 */
export function partitionForProducer(): () => ChoosePartition {
  let turn = Math.floor(Math.random() * 2 ** 16);
  return () => {
    turn += 1;
    const ofThisCall = turn;
    return ({ key }, { partitions }) =>
      key === null ? ofThisCall % partitions : partitionOfKey(key, partitions);
  };
}
