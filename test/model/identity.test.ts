import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assetIdProblem,
  eventIdProblem,
  orgIdProblem,
  templateIdProblem,
  templateVersionProblem,
} from "../../src/model/identity.ts";
import { checkRawEventLine, checkTemplate } from "../../src/model/validators.ts";

/** Texts at the edges of the grammars, and any others. */
const nearId = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."aZ09_.- /é".split("")), maxLength: 66 }),
  fc.string({
    unit: fc.constantFrom("a", "é", "€", "😀", " ", "\u00a0", "\u0085", "\u2028", "\ufeff"),
    maxLength: 90,
  }),
  fc.string({ unit: "binary", maxLength: 10 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 })
    .map((units) => String.fromCharCode(...units)),
  fc.nat(300).map((length) => "x".repeat(length)),
);

const line = { orgId: "o", assetId: "a", payload: 1 };

describe("the grammars say the same as the schemas", () => {
  test.each([
    ["orgId", orgIdProblem],
    ["assetId", assetIdProblem],
    ["templateId", templateIdProblem],
    ["eventId", eventIdProblem],
  ] as const)("of %s", (key, problemOf) => {
    fc.assert(
      fc.property(nearId, (id) => {
        const checked = checkRawEventLine({ ...line, [key]: id });
        const problem = problemOf(id);
        if (problem === undefined) expect(checked.kind).toBe("valid");
        else
          expect(checked).toMatchObject({
            code: "BAD_ID",
            message: expect.stringContaining(problem) as string,
          });
      }),
      { numRuns: 500 },
    );
  });

  test("of a version", () => {
    fc.assert(
      fc.property(nearId, (version) => {
        expect(checkTemplate({ version }).kind).toBe(
          templateVersionProblem(version) === undefined ? "valid" : "invalid",
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe("an org id", () => {
  test.each(["a", "9", "Acme_1-x", "a".repeat(63)])("may be %s", (id) => {
    expect(orgIdProblem(id)).toBeUndefined();
  });
  test.each([
    ["", "is empty"],
    ["-a", "must begin with a letter or a digit"],
    ["_a", "must begin with a letter or a digit"],
    [".", "must begin with a letter or a digit"],
    ["a.b", "may hold only letters and digits"],
    ["a/b", "may hold only letters and digits"],
    ["a\n", "may hold only letters and digits"],
    ["ä", "must begin with a letter or a digit"],
    ["a".repeat(64), "is 64 characters long, at most 63 are allowed"],
  ])("may not be %j", (id, problem) => {
    expect(orgIdProblem(id)).toContain(problem);
  });
});

describe("a template id and a version", () => {
  test.each(["cold-room", "v1.4.0", "0", "a..b", "a".repeat(63)])("may be %s", (id) => {
    expect(templateIdProblem(id)).toBeUndefined();
    expect(templateVersionProblem(id)).toBeUndefined();
  });
  test.each(["", ".", "..", "-v1", "v 1", "a/b", "a\\b", "a".repeat(64)])("may not be %j", (id) => {
    expect(templateIdProblem(id)).toBeTypeOf("string");
    expect(templateVersionProblem(id)).toBeTypeOf("string");
  });
});

describe("an asset id", () => {
  test.each([
    "a",
    "pump 7",
    "urn:dev:mac:0024befffe804ff1",
    "Zähler/3",
    "😀",
    "é".repeat(128),
    "x".repeat(256),
  ])("may be %s", (id) => {
    expect(assetIdProblem(id)).toBeUndefined();
  });
  test.each([
    ["", "is empty"],
    [" a", "begins or ends with white space"],
    ["a\u00a0", "begins or ends with white space"],
    ["a\tb", "holds a control character"],
    ["a\u007f", "holds a control character"],
    ["a\u0085b", "holds a control character"],
    ["x".repeat(257), "is 257 bytes long, at most 256 are allowed"],
    ["é".repeat(129), "is 258 bytes long, at most 256 are allowed"],
    ["a\ud800", "is not Unicode text"],
  ])("may not be %j", (id, problem) => {
    expect(assetIdProblem(id)).toContain(problem);
  });
});

describe("an event id", () => {
  test("is as an asset id, but may have outer spaces", () => {
    fc.assert(
      fc.property(nearId, (id) => {
        const isAssetId = assetIdProblem(id) === undefined;
        expect(isAssetId).toBe(eventIdProblem(id) === undefined && id.trim() === id);
      }),
    );
  });
});
