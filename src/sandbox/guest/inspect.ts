import {
  arrayBufferByteLength,
  bigintToString,
  bigintValueOf,
  booleanValueOf,
  createList,
  dateGetTime,
  dateToISOString,
  getOwnPropertyDescriptor,
  hasOwn,
  isObject,
  jsonStringify,
  mapForEach,
  mapSize,
  numberToString,
  numberValueOf,
  ownKeys,
  regexpFlags,
  regexpSource,
  sameValue,
  setForEach,
  setSize,
  stringSlice,
  stringValueOf,
  symbolToString,
  typedArrayLength,
  typedArrayTag,
} from "./primordials.ts";
import { stackOf } from "./call-sites.ts";
import { hexText } from "./hex.ts";
import { kindOfObject, type ObjectKind } from "./object-kind.ts";
import { classNameOf, functionText, keyText } from "./object-name.ts";

type ContainerKind = "plain" | "array" | "typed-array" | "map" | "set";

/** How deep and how wide a value is shown; what a console line costs is bounded by its length alone. */
const depthShown = 4;
const itemsShown = 100;
const bytesShown = 50;

/** One rendering under way: `text` grows until it has `limitUnits`, then nothing more is looked at. */
interface Rendering {
  text: string;
  readonly limitUnits: number;
  /** The objects that contain what is being rendered. */
  readonly ancestors: object[];
  depth: number;
}

/** A value as a person reads it, on one line, at most about `limitUnits` long; runs no author code at all. */
export function inspect(value: unknown, limitUnits: number): string {
  const rendering: Rendering = { text: "", limitUnits, ancestors: createList(), depth: 0 };
  render(rendering, value);
  return rendering.text.length > limitUnits
    ? `${stringSlice(rendering.text, 0, limitUnits)}…`
    : rendering.text;
}

function isFull(rendering: Rendering): boolean {
  return rendering.text.length >= rendering.limitUnits;
}

function primitiveText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return jsonStringify(value);
    case "number":
      return sameValue(value, -0) ? "-0" : numberToString(value);
    case "bigint":
      return `${bigintToString(value)}n`;
    case "symbol":
      return symbolToString(value);
    case "boolean":
      return value ? "true" : "false";
    default:
      return value === null ? "null" : "undefined";
  }
}

function render(rendering: Rendering, value: unknown): void {
  if (!isObject(value)) {
    rendering.text += primitiveText(value);
    return;
  }
  const { ancestors } = rendering;
  for (let i = 0; i < rendering.depth; i++) {
    if (ancestors[i] === value) {
      rendering.text += "[Circular]";
      return;
    }
  }
  ancestors[rendering.depth++] = value;
  renderObject(rendering, value);
  rendering.depth--;
}

function renderObject(rendering: Rendering, value: object): void {
  const kind = kindOfObject(value);
  switch (kind) {
    case "plain":
    case "array":
    case "typed-array":
    case "map":
    case "set":
      renderContainer(rendering, value, kind);
      return;
    default:
      rendering.text += leafText(value, kind);
  }
}

/** Text of an object that is shown without looking into it. */
function leafText(value: object, kind: Exclude<ObjectKind, ContainerKind>): string {
  switch (kind) {
    case "proxy":
      return "[Proxy]";
    case "function":
      return functionText(value);
    case "error":
      return stackOf(value);
    case "date":
      return dateGetTime(value) === dateGetTime(value) ? dateToISOString(value) : "Invalid Date";
    case "regexp":
      return `/${regexpSource(value)}/${regexpFlags(value)}`;
    case "string":
      return `[String: ${primitiveText(stringValueOf(value))}]`;
    case "number":
      return `[Number: ${primitiveText(numberValueOf(value))}]`;
    case "boolean":
      return `[Boolean: ${primitiveText(booleanValueOf(value))}]`;
    case "bigint":
      return `[BigInt: ${primitiveText(bigintValueOf(value))}]`;
    case "symbol":
      return `[${symbolToString(value)}]`;
    case "weak":
    case "data-view":
      return `${classNameOf(value)} {}`;
    case "array-buffer":
      return `ArrayBuffer { byteLength: ${numberToString(arrayBufferByteLength(value))} }`;
  }
}

function renderContainer(rendering: Rendering, value: object, kind: ContainerKind): void {
  if (rendering.depth > depthShown) {
    rendering.text += kind === "array" ? "[Array]" : `[${classNameOf(value)}]`;
    return;
  }
  switch (kind) {
    case "plain":
      renderProperties(rendering, value);
      return;
    case "array":
      renderArray(rendering, value as readonly unknown[]);
      return;
    case "typed-array":
      renderTypedArray(rendering, value as Uint8Array);
      return;
    case "map":
      renderMap(rendering, value);
      return;
    case "set":
      renderSet(rendering, value);
  }
}

/** Writes `items` between brackets; `item` writes the one of an index and says whether there was one. */
function renderItems(
  rendering: Rendering,
  count: number,
  brackets: "[]" | "{}",
  item: (index: number) => boolean,
): void {
  let shown = 0;
  rendering.text += brackets[0];
  for (let i = 0; i < count && !isFull(rendering); i++) {
    if (shown === itemsShown) {
      rendering.text += `, … ${numberToString(count - i)} more`;
      break;
    }
    const before = rendering.text;
    rendering.text += shown === 0 ? " " : ", ";
    if (item(i)) shown++;
    else rendering.text = before;
  }
  rendering.text += shown === 0 ? (brackets[1] as string) : ` ${brackets[1]}`;
}

function renderProperties(rendering: Rendering, value: object): void {
  const name = classNameOf(value);
  if (name !== "Object") rendering.text += `${name} `;
  const keys = ownKeys(value);
  renderItems(rendering, keys.length, "{}", (index) => {
    const key = keys[index] as string | symbol;
    const descriptor = getOwnPropertyDescriptor(value, key);
    if (descriptor?.enumerable !== true) return false;
    rendering.text += typeof key === "symbol" ? `[${symbolToString(key)}]: ` : `${keyText(key)}: `;
    if (hasOwn(descriptor, "value")) render(rendering, descriptor.value);
    else rendering.text += descriptor.get === undefined ? "[Setter]" : "[Getter]";
    return true;
  });
}

function renderArray(rendering: Rendering, value: readonly unknown[]): void {
  renderItems(rendering, value.length, "[]", (index) => {
    const descriptor = getOwnPropertyDescriptor(value, index);
    if (descriptor === undefined) rendering.text += "<empty>";
    else if (hasOwn(descriptor, "value")) render(rendering, descriptor.value);
    else rendering.text += "[Getter]";
    return true;
  });
}

function renderTypedArray(rendering: Rendering, value: Uint8Array): void {
  const length = typedArrayLength(value);
  const tag = classNameOf(value);
  if (tag === "Buffer") {
    const shown = length < bytesShown ? length : bytesShown;
    const more = length > shown ? ` … ${numberToString(length - shown)} more bytes` : "";
    rendering.text += `<Buffer${spacedHex(value, shown)}${more}>`;
    return;
  }
  rendering.text += `${tag === "Object" ? typedArrayTag(value) : tag}(${numberToString(length)}) `;
  renderItems(rendering, length, "[]", (index) => {
    render(rendering, value[index]);
    return true;
  });
}

function spacedHex(bytes: Uint8Array, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) text += ` ${hexText(bytes, i, i + 1)}`;
  return text;
}

function renderMap(rendering: Rendering, value: object): void {
  const keys = createList<unknown>();
  const values = createList<unknown>();
  mapForEach(value, (held: unknown, key: unknown) => {
    keys[keys.length] = key;
    values[values.length] = held;
  });
  rendering.text += `Map(${numberToString(mapSize(value))}) `;
  renderItems(rendering, keys.length, "{}", (index) => {
    render(rendering, keys[index]);
    rendering.text += " => ";
    render(rendering, values[index]);
    return true;
  });
}

function renderSet(rendering: Rendering, value: object): void {
  const values = createList<unknown>();
  setForEach(value, (held: unknown) => {
    values[values.length] = held;
  });
  rendering.text += `Set(${numberToString(setSize(value))}) `;
  renderItems(rendering, values.length, "{}", (index) => {
    render(rendering, values[index]);
    return true;
  });
}
