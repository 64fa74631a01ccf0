import { findNodeAtLocation, parseTree, type Node, type ParseError } from "jsonc-parser";
import type { Position } from "../script/finding.ts";
import { linePositions } from "../script/line-positions.ts";

/** Longest text in which places are looked for, UTF-16 code units: the tree for it takes many times its size. */
const longestTreeText = 8_000_000;

const jsonLineBreak = /\r\n|[\n\r]/g;

/** What a text of JSON holds, or where and why it is none. */
export type JsonText =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "problem"; readonly message: string; readonly position: Position | undefined };

/** Parses strictly: no comments, no trailing commas. */
export function parseJsonText(text: string): JsonText {
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch (error) {
    return problemOf((error as Error).message, text);
  }
}

/** The engine says for some errors where they are, for the others a second parser finds it. */
function problemOf(engineMessage: string, text: string): JsonText {
  const offset = / JSON at position (\d+)/.exec(engineMessage)?.[1];
  const [words = ""] = engineMessage.split(
    / in JSON at position |(?<= JSON) at position |, (?:\.\.\.)?"| is not valid JSON| JSON input/,
  );
  const isAtEnd = words.startsWith("Unexpected end");
  const at = offset === undefined ? (isAtEnd ? text.length : firstErrorOffset(text)) : Number(offset);
  const message = isAtEnd ? "unexpected end of the text" : words.slice(0, 1).toLowerCase() + words.slice(1);
  return {
    kind: "problem",
    message,
    position: at === undefined ? undefined : linePositions(text, jsonLineBreak)(at),
  };
}

function firstErrorOffset(text: string): number | undefined {
  if (text.length > longestTreeText) return undefined;
  const errors: ParseError[] = [];
  parseShallow(text, errors);
  return errors[0]?.offset;
}

/** The tree of a text; `undefined` where it is nested deeper than the stack goes. */
function parseShallow(text: string, errors: ParseError[] = []): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Finds places in a text of JSON; the text is looked through once, when a place is first asked for. */
export interface JsonPlaces {
  /** Where the value stands to which a JSON pointer leads. */
  positionOf(pointer: string): Position | undefined;
  /** Where the key stands in the object to which a pointer leads. */
  positionOfKey(pointer: string, key: string): Position | undefined;
  /** Keys that stand in their object for the second time or more often. */
  duplicateKeys(): readonly { readonly key: string; readonly position: Position }[];
}

export function jsonPlaces(text: string): JsonPlaces {
  let tree: Node | undefined;
  const root = (): Node | undefined => {
    if (tree === undefined && text.length <= longestTreeText) tree = parseShallow(text);
    return tree;
  };
  const nodeAt = (pointer: string): Node | undefined => {
    const top = root();
    return top === undefined ? undefined : findNodeAtLocation(top, pathOf(pointer, top));
  };
  const positionAt = linePositions(text, jsonLineBreak);
  const place = (node: Node | undefined): Position | undefined =>
    node === undefined ? undefined : positionAt(node.offset);
  return {
    positionOf: (pointer) => place(nodeAt(pointer)),
    positionOfKey(pointer, key) {
      const properties = nodeAt(pointer)?.children ?? [];
      return place(properties.find((property) => property.children?.[0]?.value === key)?.children?.[0]);
    },
    duplicateKeys: () =>
      repeatedKeys(root()).map((node) => ({
        key: String(node.value),
        position: positionAt(node.offset),
      })),
  };
}

/** The steps of a JSON pointer; those into an array are numbers. */
function pathOf(pointer: string, root: Node): (string | number)[] {
  const steps = pointer === "" ? [] : pointer.slice(1).split("/");
  let at: Node | undefined = root;
  return steps.map((step) => {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const part = at?.type === "array" ? Number(key) : key;
    at = at === undefined ? undefined : findNodeAtLocation(at, [part]);
    return part;
  });
}

function repeatedKeys(root: Node | undefined): Node[] {
  const repeated: Node[] = [];
  const open = root === undefined ? [] : [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const seen = new Set<unknown>();
    for (const child of node.children ?? []) {
      const key = node.type === "object" ? child.children?.[0] : undefined;
      if (key !== undefined && seen.has(key.value)) repeated.push(key);
      seen.add(key?.value);
      open.push(child);
    }
  }
  return repeated.sort((a, b) => a.offset - b.offset);
}
