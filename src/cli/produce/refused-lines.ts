import type { IntakeFault } from "../../intake/intake-fault.ts";
import type { RawEvent } from "../../model/raw-event.ts";
import type { Host } from "../host.ts";
import { printableLine } from "../printable.ts";

/** Lines that are told one by one; a file of another kind would fill the screen. */
const linesTold = 20;

/** Tells of bad lines and counts them. */
export interface RefusedLines {
  /** The events of a group; what is no event is told. */
  leaveOut(group: readonly (RawEvent | IntakeFault)[]): readonly RawEvent[];
  count(): number;
}

/** Nothing refused yet. */
export function createRefusedLines(host: Host): RefusedLines {
  let count = 0;
  const tell = ({ fault }: IntakeFault): void => {
    count += 1;
    if (count <= linesTold) {
      host.say(host.colors.yellow(`millrace: ${printableLine(fault.message)} (${fault.code})`));
    } else if (count === linesTold + 1) {
      host.say(host.colors.yellow("millrace: further lines that are refused are only counted"));
    }
  };
  return {
    leaveOut: (group) =>
      group.flatMap((item) => {
        if (!("fault" in item)) return [item];
        tell(item);
        return [];
      }),
    count: () => count,
  };
}
