/** Whether parsed JSON is an object, neither an array nor null. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a value of parsed JSON is, in words that follow "found". */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Most notes about numbers in one event; a device that sends only such numbers shall not fill its event with them. */
const notesPerEvent = 16;

/**
 * Looks through parsed JSON once: says, in words, where it is nested deeper than `levels` (the value itself counts as
 * the first), and adds a note to `notes` for each number that is not finite. Parsed JSON can hold such a number (text
 * such as `1e999` becomes Infinity), and written again it becomes null. The recursion is bounded by `levels`.
 */
export function inspectJson(
  name: string,
  value: unknown,
  levels: number,
  notes: string[],
): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found: Found = { tooDeep: false, notFinite: undefined };
  inspectMembers(value, levels, found);
  if (found.tooDeep) return `\`${name}\` is nested deeper than ${levels} levels`;
  if (found.notFinite !== undefined) notes.push(...describePaths(name, value, levels));
  return undefined;
}

interface Found {
  tooDeep: boolean;
  notFinite: number | undefined;
}

function inspectMembers(value: object, levels: number, found: Found): void {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) inspectMember(value[index], levels, found);
    return;
  }
  // Parsed JSON inherits nothing that can be enumerated, so that this meets own members only.
  for (const key in value) inspectMember((value as Record<string, unknown>)[key], levels, found);
}

function inspectMember(member: unknown, levels: number, found: Found): void {
  if (typeof member === "number") {
    if (!Number.isFinite(member)) found.notFinite = member;
  } else if (typeof member === "object" && member !== null) {
    if (levels === 1) found.tooDeep = true;
    else if (!found.tooDeep) inspectMembers(member, levels - 1, found);
  }
}

/** The slow way, taken only when there is something to say. */
function describePaths(name: string, value: object, levels: number): string[] {
  const notes: string[] = [];
  const walk = (path: string, member: unknown, left: number): void => {
    if (notes.length >= notesPerEvent) return;
    if (typeof member === "number" && !Number.isFinite(member))
      notes.push(`${path}: ${member} is not finite; null is written`);
    if (typeof member !== "object" || member === null || left === 0) return;
    for (const [key, inner] of Object.entries(member)) {
      walk(Array.isArray(member) ? `${path}[${key}]` : `${path}.${key}`, inner, left - 1);
    }
  };
  walk(name, value, levels);
  return notes;
}
