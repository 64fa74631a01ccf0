import stringWidth from "string-width";
import { expect, test } from "vitest";
import { snippet } from "../../src/script/snippet.ts";

test("a snippet is the line and a caret under the column", () => {
  expect(snippet("var a;\nreturn a.b.c;\n", { line: 2, column: 10 })).toBe(
    "2 | return a.b.c;\n  |          ^",
  );
});

test("line numbers of any length keep the caret in its place", () => {
  const text = `${"\n".repeat(1233)}x = y`;
  expect(snippet(text, { line: 1234, column: 5 })).toBe("1234 | x = y\n     |     ^");
});

test("tabs become spaces up to the next stop", () => {
  expect(snippet("\tif (a)\t{", { line: 1, column: 9 })).toBe("1 |     if (a)  {\n  |             ^");
  expect(snippet("\tx", { line: 1, column: 1 })).toBe("1 |     x\n  | ^");
});

test("wide and combining characters and emoji do not move the caret", () => {
  for (const before of ["// 温度は ", "// cafe\u0301 ", "// 👩‍🔧 😀 "]) {
    const [line = "", caret = ""] = snippet(`${before}X`, { line: 1, column: before.length + 1 })!.split(
      "\n",
    );
    expect(stringWidth(caret.slice(0, -1))).toBe(stringWidth(line.slice(0, line.indexOf("X"))));
  }
  expect(snippet("温度", { line: 1, column: 2 })).toBe("1 | 温度\n  |   ^");
});

test("a column in the middle of a character marks the character, one past the end the place after it", () => {
  expect(snippet("a😀b", { line: 1, column: 3 })).toBe("1 | a😀b\n  |  ^");
  expect(snippet("ab", { line: 1, column: 3 })).toBe("1 | ab\n  |   ^");
  expect(snippet("ab", { line: 1, column: 99 })).toBe("1 | ab\n  |   ^");
});

test("a long line is cut to what is around the caret", () => {
  const text = `${"a".repeat(5000)}X${"b".repeat(5000)}`;
  const [line = "", caret = ""] = snippet(text, { line: 1, column: 5001 })!.split("\n");
  expect(line.length).toBeLessThanOrEqual(100);
  expect(line[caret.indexOf("^")]).toBe("X");
  expect(line).toMatch(/^1 \| …a+Xb+…$/);
});

test("a cut says on which side something is missing", () => {
  const text = `START${"a".repeat(300)}END`;
  expect(snippet(text, { line: 1, column: 1 })).toMatch(/^1 \| STARTa+…\n {2}\| \^$/);
  const [line = "", caret = ""] = snippet(text, { line: 1, column: text.length })!.split("\n");
  expect(line).toMatch(/^1 \| …a+END$/);
  expect(line[caret.indexOf("^")]).toBe("D");
});

test("a line of many megabytes takes no time", () => {
  const startMs = performance.now();
  expect(snippet("ab".repeat(5_000_000), { line: 1, column: 4_000_001 })).toContain("…");
  expect(performance.now() - startMs).toBeLessThan(2000);
});

test("control characters cannot reach the terminal", () => {
  const shown = snippet("a\u001b[31mb\u202ec\u0007", { line: 1, column: 7 });
  expect(shown).toBe("1 | a\ufffd[31mb\ufffdc\ufffd\n  |       ^");
});

test("lines end as the engine's do", () => {
  expect(snippet("a\r\nb\u2028c\rd", { line: 3, column: 1 })).toBe("3 | c\n  | ^");
  expect(snippet("a\r\nb\u2028c\rd", { line: 4, column: 1 })).toBe("4 | d\n  | ^");
});

test("a line that is not there has no snippet", () => {
  expect(snippet("a\nb", { line: 3, column: 1 })).toBeUndefined();
});
