import { describe, expect, test } from "vitest";
import { anyOf, choosing, showing, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

/** A validate that returns what the expression over its input `v` says. */
function returning(expression: string): { readonly validate: string; readonly transform: string } {
  return { validate: `function validate(v, metadata) { return ${expression} }`, transform: showing };
}

const line = { payload: { n: 1 } };

/** A template whose validate returns any of a table's expressions, which stand second in its rows. */
function returningAny(rows: readonly (readonly [string, string, ...unknown[]])[]) {
  return returning(anyOf(rows.map(([, expression]) => expression)));
}

describe("validate accepts, and the decoded value goes on, with", () => {
  const accepting = [
    ["`true`", "true"],
    ["nothing", "undefined"],
    ["`{valid: true}`", "{ valid: true }"],
    ["`{valid: true, errors}`", "{ valid: true, errors: ['not minded'] }"],
    ["`{valid: true, errors}` in the other order", "{ errors: [], valid: true }"],
    ["a verdict of a class of its own", "new (class Verdict { valid = true })()"],
    ["a verdict without a prototype", "Object.assign(Object.create(null), { valid: true })"],
  ] as const;

  test.each(accepting)("%s", async (_form, expression) => {
    const seen = await engine.shown(returningAny(accepting), choosing(expression, { n: 1 }));
    expect(seen).toEqual({ n: 1 });
  });

  test("no `return` at all, having changed the value where it stands", async () => {
    const validate = "function validate(v) { v.n += 1 }";
    expect(await engine.shown({ validate }, line)).toEqual({ n: 2 });
  });
});

describe("validate refuses, as `validation`/`VALIDATE_REFUSED`, by", () => {
  const refusals = [
    ["throwing an error", "(() => { throw new Error('too warm') })()", "too warm"],
    [
      "throwing an error of another class",
      "(() => { throw new RangeError('too warm') })()",
      "RangeError: too warm",
    ],
    ["throwing a string", "(() => { throw 'too warm' })()", "too warm"],
    ["a fault of its own code", "missing.thing", "ReferenceError: missing is not defined"],
    ["`false`", "false", "validate returned false"],
    ["`{valid: false}`", "{ valid: false }", "validate returned {valid: false} without errors"],
    ["`{valid: false, errors}`", "{ valid: false, errors: ['too warm', 'too wet'] }", "too warm; too wet"],
    ["`errors` as one string", "{ valid: false, errors: 'too warm' }", "too warm"],
    [
      "`errors` with messages",
      "{ valid: false, errors: [{ message: 'too warm' }, new Error('wet')] }",
      "too warm; wet",
    ],
    [
      "`errors` of other kinds",
      "{ valid: false, errors: [7, null, {}] }",
      "7; null; (an object without a message)",
    ],
    ["no `errors`", "{ valid: false, errors: [] }", "validate returned {valid: false} without errors"],
    ["empty `errors`", "{ valid: false, errors: '' }", "validate returned {valid: false} without errors"],
    [
      "`errors` that are no list",
      "{ valid: false, errors: {} }",
      "validate returned {valid: false} without errors",
    ],
  ] as const;

  test.each(refusals)("%s", async (_form, expression, message) => {
    expect(await engine.rejection(returningAny(refusals), choosing(expression))).toMatchObject({
      stage: "validate",
      type: "validation",
      code: "VALIDATE_REFUSED",
      message,
    });
  });

  test("throwing, with the place where it threw", async () => {
    const validate = "function validate(v) {\n  if (v.n < 2) throw new Error('low');\n}";
    expect(await engine.rejection({ validate, transform: showing }, line)).toMatchObject({
      location: { file: "validate.js", line: 2, column: 22 },
    });
  });

  test("a verdict, without a place", async () => {
    expect(await engine.rejection(returning("false"), line)).not.toHaveProperty("location");
  });
});

describe("any other object or array is the validated value:", () => {
  const values = [
    ["an object", "{ n: v.n + 1 }", { n: 2 }],
    ["an empty object", "{}", {}],
    ["an array", "[v.n]", [1]],
    ["an empty array", "[]", []],
    ["an object that has `valid` among other keys", "{ valid: false, n: 5 }", { valid: false, n: 5 }],
    [
      "an object that has `valid`, `errors` and more",
      "{ valid: false, errors: ['x'], at: 1 }",
      { valid: false, errors: ["x"], at: 1 },
    ],
    ["a `valid` that is neither true nor false", "{ valid: 'no' }", { valid: "no" }],
    ["an object that only has `errors`", "{ errors: ['x'] }", { errors: ["x"] }],
    ["an inherited `valid`", "Object.create({ valid: false })", {}],
    ["a Date", "new Date(0)", "1970-01-01T00:00:00.000Z"],
    ["a boxed `false`", "Object(false)", false],
  ] as const;

  test.each(values)("%s", async (_form, expression, expected) => {
    const seen = await engine.shown(returningAny(values), choosing(expression, { n: 1 }));
    expect(seen).toEqual(expected);
  });

  test("a `valid` whose other key is a symbol", async () => {
    const validate = "function validate() { return { valid: false, [Symbol('note')]: 1 } }";
    expect(await engine.shown({ validate }, line)).toEqual({ valid: false });
  });
});

describe("any other primitive or null is `validation`/`VALIDATE_RESULT`:", () => {
  const others = [
    ["null", "null", "null"],
    ["a number", "1", "a number"],
    ["0", "0", "a number"],
    ["a string", "'ok'", "a string"],
    ["an empty string", "''", "a string"],
    ["a BigInt", "1n", "a bigint"],
    ["a symbol", "Symbol()", "a symbol"],
    ["a function", "() => true", "a function"],
  ] as const;

  test.each(others)("%s", async (_form, expression, kind) => {
    expect(await engine.rejection(returningAny(others), choosing(expression))).toMatchObject({
      stage: "validate",
      type: "validation",
      code: "VALIDATE_RESULT",
      message: `validate returned ${kind}; true, false, nothing, an object or an array are understood`,
    });
  });
});
