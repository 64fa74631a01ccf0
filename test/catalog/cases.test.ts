import { join } from "node:path";
import { expect, test } from "vitest";
import { readCases } from "../../src/catalog/cases.ts";
import { directoryOf, type Tree } from "./catalog-tree.ts";

const good = (name: string) => ({ name, input: { payloadHex: "00" }, expect: { filtered: true } });

async function read(tree: Tree) {
  const directory = await directoryOf(tree);
  const { cases, findings } = await readCases(directory);
  return {
    cases: cases.map(({ case: { name }, file, shape, index }) => [
      name,
      file.replace(`${directory}/`, ""),
      shape,
      index,
    ]),
    lines: findings.map(
      ({ code, file, line, column, message }) =>
        `${code} ${(file ?? "").replace(`${directory}/`, "")}:${line}:${column} ${message}`,
    ),
  };
}

test("cases come in the order of files and of a file, each with where it stands", async () => {
  const tree = {
    "cases/b.json": [good("b0"), good("b1")],
    "cases/a.json": good("a"),
    "cases/c.json": [good("c0")],
  };
  expect(await read(tree)).toEqual({
    cases: [
      ["a", "cases/a.json", "one", 0],
      ["b0", "cases/b.json", "array", 0],
      ["b1", "cases/b.json", "array", 1],
      ["c0", "cases/c.json", "array", 0],
    ],
    lines: [],
  });
});

test("a template without cases has none, and other files are no cases", async () => {
  expect(await read({ "template.json": "{}" })).toEqual({ cases: [], lines: [] });
  expect(await read({ "cases/README.md": "x", "cases/.a.json": "x", "cases/a.hex": "x" })).toEqual({
    cases: [],
    lines: [],
  });
});

test("a case keeps what its file says", async () => {
  const directory = await directoryOf({ "cases/a.json": good("a") });
  const { cases } = await readCases(directory);
  expect(cases).toEqual([{ case: good("a"), file: join(directory, "cases/a.json"), shape: "one", index: 0 }]);
});

test("a bad case is named with its place, and costs the others nothing", async () => {
  const tree = {
    "cases/a.json":
      '[\n{"name":"x","input":{"payloadHex":"00"},"expect":{"filtered":true}},\n{"name":"y","inputs":{},"expect":{}}\n]',
    "cases/b.json": '{"name": b}',
    "cases/c.json": good("c"),
  };
  const { cases, lines } = await read(tree);
  expect(cases.map(([name]) => name)).toEqual(["x", "c"]);
  expect(lines).toContain('UNKNOWN_KEY cases/a.json:3:13 at /1: unknown key "inputs"; did you mean "input"?');
  expect(lines).toContain("NOT_JSON cases/b.json:1:10 not valid JSON: unexpected token 'b'");
});

test.each<[string, unknown, string]>([
  [
    "no payload",
    { name: "n", input: {}, expect: { filtered: true } },
    "BAD_VALUE cases/a.json:1:21 at /input: exactly one of these keys must be there: payload, payloadBase64, payloadHex",
  ],
  [
    "two expectations",
    { name: "n", input: { payload: 1 }, expect: { filtered: true, event: {} } },
    "at /expect: ",
  ],
  [
    "an org",
    { name: "n", input: { orgId: "acme", payload: 1 }, expect: { filtered: true } },
    'at /input: unknown key "orgId"; ',
  ],
  ["an array in an array", [[good("x")]], "BAD_VALUE cases/a.json:1:2 at /0: an array is not a case"],
  ["a number", 7, "BAD_VALUE cases/a.json:1:1 "],
  ["an empty array", [], "BAD_VALUE cases/a.json:1:1 "],
])("a case with %s is refused", async (_name, content, start) => {
  const { cases, lines } = await read({ "cases/a.json": content });
  expect(cases).toEqual([]);
  expect(lines[0]).toContain(start);
});
