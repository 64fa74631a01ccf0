import { expect, test } from "vitest";
import { authorSource, originalPosition } from "../../src/script/original-position.ts";
import { fileOf, prepareText } from "./prepare.ts";

test("a file that was taken as it is maps to itself", () => {
  const file = { file: "decode.js", code: "x" };
  expect(originalPosition(file, { line: 7, column: 3 })).toEqual({ file: "decode.js", line: 7, column: 3 });
  expect(authorSource(file)).toBe("x");
});

test("a converted file carries the author's text", async () => {
  const text = "export const decode = (p: number) => p; // ü";
  expect(authorSource(fileOf(await prepareText(text, { file: "decode.ts" })))).toBe(text);
});
