import * as fc from "fast-check";
import { expect, test } from "vitest";
import { headerNameBytes, readHeaderName } from "../../../src/stream/embedded/header-names.ts";

test("a name is read as it was written, whatever names came before it", () => {
  const anyName = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("org", "asset", "äöü", "", "o€g"));
  fc.assert(
    fc.property(fc.array(anyName), fc.nat(5), (names, start) => {
      for (const name of names) {
        const bytes = headerNameBytes(name);
        expect(bytes.equals(Buffer.from(name, "utf8"))).toBe(true);
        const around = Buffer.concat([Buffer.alloc(start, "x"), bytes, Buffer.from("y")]);
        const text = bytes.toString("utf8");
        expect(readHeaderName(around, start, start + bytes.length)).toBe(text);
        expect(readHeaderName(around, start, start + bytes.length)).toBe(text);
      }
    }),
  );
});

test("more names than are kept, and longer ones, are read and written too", () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `name-${index}`.padEnd(index % 60, "."));
  for (const name of [...names, ...names]) {
    const bytes = headerNameBytes(name);
    expect(bytes.toString("utf8")).toBe(name);
    expect(readHeaderName(bytes, 0, bytes.length)).toBe(name);
  }
});

test("a name that was read stays as it is when the bytes it was read from change", () => {
  const bytes = Buffer.from("trace-id");
  expect(readHeaderName(bytes, 0, 8)).toBe("trace-id");
  bytes.write("other-id");
  expect(readHeaderName(bytes, 0, 8)).toBe("other-id");
  expect(readHeaderName(Buffer.from("trace-id"), 0, 8)).toBe("trace-id");
});
