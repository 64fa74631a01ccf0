import fc from "fast-check";
import { expect, it } from "vitest";
import { nestsDeeper } from "../../src/intake/json-nesting.ts";

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

it("the nesting of JSON text is that of the value, whatever its strings hold", () => {
  const hard = fc.string({ unit: fc.constantFrom("[", "]", "{", "}", '"', "\\", "é", "a") });
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      hard,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(hard, tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 8 }), (json, levels) => {
      expect(nestsDeeper(Buffer.from(JSON.stringify(json)), levels)).toBe(depthOf(json) > levels);
    }),
    { numRuns: 1000 },
  );
});
