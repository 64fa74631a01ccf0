import { describe, expect, it } from "vitest";
import { parseSingularPath } from "../../src/outlet/singular-path.ts";

function read(path: string, root: unknown): unknown {
  const parsed = parseSingularPath(path);
  if (parsed.kind === "finding") throw new Error(`${path}: ${parsed.message}`);
  return parsed.get(root);
}

const root: unknown = JSON.parse(
  String.raw`{"a":{"b":{"c":{"d":7}}},"list":[10,20,[30]],"t °C":1,"it's":2,"say \"x\"":3,"back\\slash":4,"☃":5,"_x9":6,"😀":8,"":9,"__proto__":{"own":1},"new\nline":11,"toString":12}`,
);

describe("a singular query of RFC 9535", () => {
  it.each([
    ["$", root],
    ["$.a.b.c.d", 7],
    ["$['a']['b'].c", { d: 7 }],
    ['$["a"]', { b: { c: { d: 7 } } }],
    ["$.list[0]", 10],
    ["$.list[-1][0]", 30],
    ["$.list[-3]", 10],
    ["$['t °C']", 1],
    [String.raw`$['it\'s']`, 2],
    [`$["it's"]`, 2],
    [`$['say "x"']`, 3],
    [String.raw`$["say \"x\""]`, 3],
    [String.raw`$['back\\slash']`, 4],
    ["$.☃", 5],
    [String.raw`$['\u2603']`, 5],
    ["$._x9", 6],
    ["$.😀", 8],
    [String.raw`$['\uD83D\uDE00']`, 8],
    ["$['']", 9],
    [String.raw`$['new\nline']`, 11],
    ["$ .a ['b']\n.c", { d: 7 }],
    ["$[ 'a' ]", { b: { c: { d: 7 } } }],
    ["$.__proto__.own", 1],
    ["$.toString", 12],
  ])("reads %s", (path, value) => {
    expect(read(path, root)).toEqual(value);
  });

  it.each([
    ["$.missing.deeper"],
    ["$.list[3]"],
    ["$.list[-4]"],
    ["$.list.length"],
    ["$.a[0]"],
    ["$.list['0']"],
    ["$.a.b.c.d.e"],
    ["$.constructor"],
    ["$.a.__proto__"],
    ["$.a.hasOwnProperty"],
    ["$['t °C'].toFixed"],
  ])("selects nothing with %s, which is no own member", (path) => {
    expect(read(path, root)).toBeUndefined();
  });

  it.each([
    ["", 1],
    ["a.b", 1],
    ["$a", 2],
    ["$.", 3],
    ["$.9a", 3],
    ["$.a-b", 4],
    ["$..a", 3],
    ["$.*", 3],
    ["$[*]", 3],
    ["$[?@.a]", 3],
    ["$[0:2]", 4],
    ["$[:2]", 3],
    ["$[0,1]", 4],
    ["$['a','b']", 6],
    ["$[01]", 4],
    ["$[-0]", 3],
    ["$[+1]", 3],
    ["$[1.0]", 4],
    ["$[9007199254740992]", 3],
    ["$['a", 3],
    ["$['a'", 6],
    [String.raw`$['\x']`, 4],
    [String.raw`$['\"']`, 4],
    [String.raw`$['\u12']`, 4],
    [String.raw`$['\uD83D']`, 3],
    ["$['a\nb']", 5],
    ["$. a", 3],
    ["$.a ", 5],
    [" $.a", 1],
    ["$[]", 3],
    ["$.a[toString]", 5],
  ])("refuses %j and says where", (path, position) => {
    const parsed = parseSingularPath(path);
    expect(parsed.kind).toBe("finding");
    expect(parsed).toMatchObject({ position });
  });
});
