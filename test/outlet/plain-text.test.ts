import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainText } from "../../src/outlet/plain-text.ts";

const oneLine = { lines: "one", limitCharacters: 1000 } as const;

describe("a foreign text", () => {
  it("that is plain stays as it is", () => {
    expect(plainText("Offset 7 is > 3: «Größe» 😀", oneLine)).toBe("Offset 7 is > 3: «Größe» 😀");
  });

  it("has its ANSI escapes and control characters written out, so that no terminal obeys them", () => {
    expect(plainText("\u001b[31mred\u001b[0m\u0007\u0000\u009b2J\u007f", oneLine)).toBe(
      String.raw`\x1b[31mred\x1b[0m\x07\x00\x9b2J\x7f`,
    );
  });

  it("has the signs that turn the direction of text written out", () => {
    expect(plainText("a\u202eb\u2066c\u200f", oneLine)).toBe(String.raw`a\u202eb\u2066c\u200f`);
  });

  it("is put on one line, or keeps its line feeds and tabs", () => {
    expect(plainText("a\r\n\tb\u2028c", oneLine)).toBe(String.raw`a   b\u2028c`);
    expect(plainText("a\r\n\tb", { lines: "many", limitCharacters: 1000 })).toBe("a\\x0d\n\tb");
  });

  it("that is too long is cut with a mark that says how many characters are missing", () => {
    expect(plainText("x".repeat(12), { lines: "one", limitCharacters: 10 })).toBe(
      `${"x".repeat(10)}… (2 more characters)`,
    );
    expect(plainText("x".repeat(10), { lines: "one", limitCharacters: 10 })).toBe("x".repeat(10));
    expect(plainText("xx😀y", { lines: "one", limitCharacters: 3 })).toBe("xx… (3 more characters)");
  });

  it("is harmless and well-formed whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 30 }), (text, limitCharacters) => {
        const shown = plainText(text, { lines: "one", limitCharacters });
        expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\p{Bidi_C}]/u);
        expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });
});
