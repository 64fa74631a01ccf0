import { Script } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { prepareText } from "./prepare.ts";

/** Pieces of JavaScript that get in each other's way. */
const pieces = [
  "function decode(p) {", "}", "{", "(", ")", "[", "]", ";", ",", "=", "=>", "...", ".", "?.", "`", "${", "'", '"', "/", "/*", "*/", "//",
  "\n", "\u2028", "\\", "var", "let", "const", "a", "b", "Map", "this", "await", "async", "yield", "of", "in", "with", "delete", "class",
  "extends", "super", "static", "get", "#p", "1", "0x", "/a/v", "<!--", "-->", "#!", "import", "export", "default", "from", "new", "new.target",
  "return", "break", "label:", "try", "catch", "eval", "arguments", "'use strict'", "𝒳", "\ud800", ":", "?", "++", "**=", "||=", "if", "else", "for",
]; // prettier-ignore

const text = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(" "));
const withDecode = fc
  .tuple(text, fc.boolean())
  .map(([soup, before]) => (before ? `${soup}\nfunction decode() {}` : `function decode() {}\n${soup}`));

test("whatever the text is, preparing it gives a template or what is wrong, in any language", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, withDecode), fc.constantFrom("a.js", "a.ts"), async (source, file) => {
      const prepared = await prepareText(source, { file });
      if (prepared.kind === "broken") {
        expect(prepared.findings.some(({ severity }) => severity === "error")).toBe(true);
      }
      for (const { message, line = 1, column = 1 } of prepared.findings) {
        expect(message).not.toMatch(/[\n\r]/);
        expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 500 },
  );
});

test("what is accepted compiles as the body of a function, and cannot close it", async () => {
  await fc.assert(
    fc.asyncProperty(withDecode, async (source) => {
      const prepared = await prepareText(source);
      if (prepared.kind === "broken") return;
      const code = prepared.runnable.files[0]?.code ?? "";
      expect(() => new Script(code)).not.toThrow();
      expect(() => new Script(`(function () {${code}\n})`)).not.toThrow();
    }),
    { numRuns: 3000 },
  );
});
