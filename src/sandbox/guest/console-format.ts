import { createList, numberToString, stringSlice } from "./primordials.ts";
import { inspect } from "./inspect.ts";

/** Text of a call's arguments, as Node's console has it but on one line for each value. */
export function format(values: ArrayLike<unknown>, limitUnits: number): string {
  const first = values.length > 0 ? values[0] : undefined;
  let text = "";
  let next = 0;
  if (typeof first === "string") {
    const filled = fillPlaceholders(first, values, limitUnits);
    text = filled.text;
    next = filled.next;
  }
  for (; next < values.length && text.length <= limitUnits; next++) {
    if (next > 0) text += " ";
    text += shown(values[next], limitUnits);
  }
  return text;
}

function shown(value: unknown, limitUnits: number): string {
  return typeof value === "string" ? stringSlice(value, 0, limitUnits + 1) : inspect(value, limitUnits);
}

/** Replaces `%s`, `%d` and their like by the values that follow; returns the index of the first value not used. */
function fillPlaceholders(
  template: string,
  values: ArrayLike<unknown>,
  limitUnits: number,
): { text: string; next: number } {
  const cut = stringSlice(template, 0, limitUnits + 1);
  let next = 1;
  if (values.length === 1) return { text: cut, next };
  let text = "";
  let copied = 0;
  for (let i = 0; i + 1 < cut.length; i++) {
    if (cut[i] !== "%") continue;
    const filling = placeholderText(cut[i + 1] as string, next < values.length, values[next], limitUnits);
    if (filling === undefined) continue;
    text += stringSlice(cut, copied, i) + filling.text;
    next += filling.used;
    copied = i + 2;
    i++;
  }
  return { text: text + stringSlice(cut, copied), next };
}

interface Filling {
  readonly text: string;
  readonly used: 0 | 1;
}

function placeholderText(
  letter: string,
  given: boolean,
  value: unknown,
  limitUnits: number,
): Filling | undefined {
  if (letter === "%") return { text: "%", used: 0 };
  if (!given) return undefined;
  switch (letter) {
    case "s":
    case "o":
    case "O":
    case "j":
      return { text: shown(value, limitUnits), used: 1 };
    case "d":
    case "f":
      return { text: numberText(value), used: 1 };
    case "i":
      return { text: numberText(typeof value === "number" ? value - (value % 1) : value), used: 1 };
    case "c":
      return { text: "", used: 1 };
    default:
      return undefined;
  }
}

/** What a failed assertion says. */
export function assertionValues(values: ArrayLike<unknown>): ArrayLike<unknown> {
  const said = createList<unknown>();
  said[0] = "Assertion failed";
  for (let i = 1; i < values.length; i++) said[i] = values[i];
  return said;
}

function numberText(value: unknown): string {
  if (typeof value === "bigint" || typeof value === "number") return inspect(value, 400);
  return numberToString(typeof value === "string" ? +value : 0 / 0);
}
