import { diffLinesUnified } from "jest-diff";
import type { CaseExpectation } from "../../model/contract.ts";
import type { Colors } from "../host.ts";
import { printable } from "../printable.ts";

/** What was expected against what came out: in words where the two are of different kinds, else line by line. */
export function differenceText(expected: CaseExpectation, actual: CaseExpectation, colors: Colors): string[] {
  if (kindOf(expected) === kindOf(actual)) return lineDifference(expected, actual, colors);
  return [
    colors.green(`- expected   ${kindOf(expected)}`),
    colors.red(`+ came out   ${kindOf(actual)}`),
    // A rejection is told in its own words.
    ...("event" in actual || "events" in actual ? jsonLines(actual).map(printable) : []),
  ];
}

function kindOf(expectation: CaseExpectation): string {
  if ("rejection" in expectation) return "a rejection";
  return "filtered" in expectation ? "nothing: filtered" : "a standard event";
}

/** With two equal lines around each difference. */
function lineDifference(expected: CaseExpectation, actual: CaseExpectation, colors: Colors): string[] {
  const text = diffLinesUnified(jsonLines(expected), jsonLines(actual), {
    aAnnotation: "expected",
    bAnnotation: "came out",
    aColor: colors.green,
    bColor: colors.red,
    changeColor: colors.inverse,
    commonColor: colors.dim,
    patchColor: colors.yellow,
    contextLines: 2,
    expand: false,
  });
  return plainUnless(colors, text).split("\n");
}

/** JSON with its keys in order and a comma behind each value, so that a line differs only where its value does. */
function jsonLines(value: CaseExpectation): string[] {
  const lines = JSON.stringify(value, inOrder, 2).split("\n");
  return lines.map((line, index) => (/[[{,]$/.test(line) || index === lines.length - 1 ? line : `${line},`));
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The values come from devices and scripts; the colours of the difference itself stay. */
function plainUnless(colors: Colors, text: string): string {
  if (!colors.isColorSupported) return printable(text);
  return text
    .split(/(\u001b\[\d+m)/)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join("");
}
