import { expect, test } from "vitest";
import { printable, printableLine } from "../../src/cli/printable.ts";

test("what would steer a terminal is written out", () => {
  expect(printable("a\u001b[2Jb\u009bc\r\u202edef\u0000")).toBe(
    "a\\u{1b}[2Jb\\u{9b}c\\u{d}\\u{202e}def\\u{0}",
  );
  expect(printable("line\n\ttab é 😀")).toBe("line\n\ttab é 😀");
  expect(printableLine("line\n\ttab")).toBe("line\\n tab");
});
