import { MillraceError } from "../model/error.ts";
import { checkConfig as checkSchema } from "../model/validators.ts";
import { describeOrigin, type Origin } from "./config.ts";

/**
 * Checks a whole configuration. Throws `CONFIG` with one line that says which value is wrong, who set it and what is
 * allowed; where more than one is wrong it says how many more.
 */
export function checkConfig(config: unknown, originOf: (key: string) => Origin | undefined): void {
  const checked = checkSchema(config);
  if (checked.kind === "valid") return;
  const [first = "", ...more] = checked.problems;
  // A problem begins with the place as a JSON pointer: `at /limits/stageCpuMs: …`.
  const [, pointer = "", what = first] = /^at \/(\S*): (.*)$/s.exec(first) ?? [];
  const key = pointer.replaceAll("/", ".");
  const origin = originOf(key);
  const source = origin === undefined ? "" : describeOrigin(origin);
  // `--set limits.stageCpuMs` says the key already.
  const where = source.endsWith(` ${key}`) ? source : source === "" ? key : `${source}: ${key}`;
  const rest = more.length === 0 ? "" : ` (and ${more.length} more)`;
  throw new MillraceError("CONFIG", `${where}: ${what}${rest}`);
}
