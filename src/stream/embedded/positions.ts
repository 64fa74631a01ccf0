import type { DatabaseSync } from "node:sqlite";
import { MillraceError } from "../../model/error.ts";
import type { OffsetClaim, OwnedPosition } from "./write-request.ts";

/** Who owns a partition for a group, and up to where the group has come. */
export interface Positions {
  /** Fences every earlier owner of the partition, by a higher epoch, and then reads its offset. */
  own(group: string, partitionId: number): Pick<OwnedPosition, "epoch" | "committed">;
  /** Throws `FENCED` unless every claim's epoch and offset are those in the file. */
  check(group: string, claims: readonly OffsetClaim[]): void;
  /** Moves the offsets of claims that were checked in the same transaction. */
  move(group: string, claims: readonly OffsetClaim[]): void;
}

interface PositionRow {
  readonly epoch: number;
  readonly next_offset: number | null;
  readonly metadata: string;
}

export function openPositions(db: DatabaseSync): Positions {
  const fence = db.prepare(
    `INSERT INTO position (consumer_group, partition, epoch, metadata) VALUES (?, ?, 1, '')
     ON CONFLICT DO UPDATE SET epoch = epoch + 1 RETURNING epoch, next_offset, metadata`,
  );
  const select = db.prepare(
    "SELECT epoch, next_offset FROM position WHERE consumer_group = ? AND partition = ?",
  );
  const update = db.prepare(
    "UPDATE position SET next_offset = ?, metadata = ? WHERE consumer_group = ? AND partition = ?",
  );
  return {
    own: (group, partitionId) => {
      const row = fence.get(group, partitionId) as unknown as PositionRow;
      const { epoch, next_offset: offset, metadata } = row;
      return { epoch, committed: offset === null ? null : { offset, metadata } };
    },
    check: (group, claims) => {
      for (const { partitionId, epoch, expectedOffset } of claims) {
        const row = select.get(group, partitionId) as Omit<PositionRow, "metadata"> | undefined;
        if (row?.epoch !== epoch) {
          throw new MillraceError("FENCED", `group ${group}: another owner has taken the partition`);
        }
        if (row.next_offset !== expectedOffset) {
          throw new MillraceError(
            "FENCED",
            `group ${group}: the offset is at ${row.next_offset ?? "no record"}, not at ${expectedOffset ?? "none"}`,
          );
        }
      }
    },
    move: (group, claims) => {
      for (const { partitionId, nextOffset, metadata } of claims) {
        update.run(nextOffset, metadata, group, partitionId);
      }
    },
  };
}
