import { describe, expect, test } from "vitest";
import { jsonPlaces, parseJsonText } from "../../src/catalog/json-text.ts";

describe("a text that is no JSON is refused at its place:", () => {
  test.each<[string, string, string]>([
    ["", "1:1", "unexpected end of the text"],
    ['{"a":1', "1:7", "expected ',' or '}' after property value"],
    ['{"a":', "1:6", "unexpected end of the text"],
    ['{"a":1,}', "1:8", "expected double-quoted property name"],
    ["{'a':1}", "1:2", "expected property name or '}'"],
    ['{\n  "a": yes\n}', "2:8", "unexpected token 'y'"],
    ['{\r\n  "a": +1\r\n}', "2:8", "unexpected token '+'"],
    ["[1,\n2,]", "2:3", "unexpected token ']'"],
    ['// c\n{"a":1}', "1:1", "unexpected token '/'"],
    ['{"a":01}', "1:7", "unexpected number"],
    ['{"a":1}}', "1:8", "unexpected non-whitespace character after JSON"],
    ['{"a":"\n"}', "1:7", "bad control character in string literal"],
    ['{"a":undefined}', "1:6", "unexpected token 'u'"],
  ])("%j", (text, place, message) => {
    const parsed = parseJsonText(text);
    if (parsed.kind !== "problem") throw new Error("it parsed");
    expect(`${parsed.position?.line}:${parsed.position?.column} ${parsed.message}`).toBe(
      `${place} ${message}`,
    );
  });
});

test("places are found by JSON pointer, with its escapes and array indexes", () => {
  const places = jsonPlaces('{\n  "a/b": [1, {"~": 2}],\n  "0": {"x": 1}\n}');
  expect(places.positionOf("")).toEqual({ line: 1, column: 1 });
  expect(places.positionOf("/a~1b/1/~0")).toEqual({ line: 2, column: 20 });
  expect(places.positionOf("/0/x")).toEqual({ line: 3, column: 14 });
  expect(places.positionOfKey("/0", "x")).toEqual({ line: 3, column: 9 });
  expect(places.positionOf("/none/1")).toBeUndefined();
});

test("keys that stand twice are found at any depth", () => {
  const places = jsonPlaces('{"a":1,"b":[{"c":1,"c":2,"a":1}],"a":2}');
  expect(places.duplicateKeys().map(({ key, position: { column } }) => [key, column])).toEqual([
    ["c", 20],
    ["a", 34],
  ]);
});
