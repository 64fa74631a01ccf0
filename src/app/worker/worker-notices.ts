import type { LaneListener } from "../../lane/port.ts";
import type { SliceReport } from "./slice-work.ts";
import type { WorkerMeter } from "./worker-meter.ts";
import type { WorkerNotice } from "./worker-port.ts";

/** Counts what lanes commit and says what an operator should know. */
export function createLaneListener(
  meter: WorkerMeter,
  notify: (notice: WorkerNotice) => void,
): LaneListener<SliceReport> {
  return {
    onOwned: () => meter.countLane(1),
    onReleased: () => meter.countLane(-1),
    onCommitted: (report) => meter.count(report),
    onGap: ({ topic, partition, expectedOffset, resumedOffset }) => {
      const lost = resumedOffset - expectedOffset;
      const what =
        lost > 0
          ? `${lost} records from offset ${expectedOffset} on are not there any more`
          : `offset ${expectedOffset} lies beyond the end`;
      notify({
        level: "error",
        text: `${topic}/${partition}: ${what}; reading goes on at ${resumedOffset}, the earliest`,
      });
    },
    onFault: ({ topic, partition }, error, waitMs) => {
      const why = error instanceof Error ? error.message : String(error);
      notify({ level: "warn", text: `${topic}/${partition}: ${why}; trying again in ${waitMs} ms` });
    },
  };
}
