import type { WorkerNotice } from "../../app/worker/worker-port.ts";
import type { Host } from "../host.ts";
import { printableLine } from "../printable.ts";

/** One line for what an operator should know. */
export function sayNotice(
  { say, colors }: Pick<Host, "say" | "colors">,
  { level, text }: WorkerNotice,
): void {
  const line = `millrace: ${printableLine(text)}`;
  say(level === "error" ? colors.red(line) : colors.yellow(line));
}
