import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunnableTemplate, Sandbox } from "../../src/sandbox/port.ts";
import { openSandbox } from "../../src/sandbox/sandbox.ts";
import { sandboxOptions } from "./sandbox-options.ts";
import { eventOf, templateOf, textsOf } from "./small-template.ts";

/**
 * What events do to built-ins, under names that the text does not show. A sealed realm lets none of it pass unseen: it
 * is done over in a fresh realm, where it works.
 */
const deeds: Readonly<Record<string, string>> = {
  nothing: "",
  overrideToString: "set(root, 'toString', function () { return 'mine' });",
  overrideValueOf: "set(root, 'valueOf', function () { return 7 });",
  arrayConstructor: "set(list, 'constructor', function Mine() {});",
  arrayLength: "set(list, 'length', 3);",
  arrayIterator: "set(list, Symbol.iterator, function* () { yield 'mine' });",
  errorMessage: "set(Err, 'message', 'mine');",
  mapGet: "set(maps, 'get', function () { return 'mine' });",
  functionCall: "set(functions, 'call', function () { return 'mine' });",
  implicitGlobal: "left = 'left'; counter = (typeof counter === 'number' ? counter : 0) + 1;",
  thrownAfter: "set(root, 'toString', function () { return 'mine' }); throw new RangeError('after ' + {});",
};

/** Gets at prototypes by ways that the compile step does not follow, and changes them where the payload says so. */
const transform = `
  function set(object, key, value) { object[key] = value; }
  function protoOf(value) { return value["const" + "ructor"]["proto" + "type"]; }
  function transform(p, metadata) {
    const root = protoOf({}), list = protoOf([]), maps = protoOf(new Map()), functions = protoOf(set), Err = protoOf(new Error());
    console.log("doing", p.deed);
    switch (p.deed) { ${Object.entries(deeds)
      .map(([deed, code]) => `case "${deed}": ${code} break;`)
      .join("\n")} }
    return { eventType: "seen", data: {
      n: p.n, text: "" + {}, sum: {} + 1, made: list["const" + "ructor"].name, spread: [...[1, 2]], length: list.length,
      message: new Error().message, got: new Map([[1, 1]]).get(1) || "none", called: set.call({}, {}, "a", 1) || "none",
      left: typeof left, counter: typeof counter, random: Math.random(), now: Date.now(), event: metadata.eventId,
    } };
  }`;

const crossingSizes = [1, 2, 7, 64] as const;

describe("an event that changes a built-in behind the compile step's back", { timeout: 60_000 }, () => {
  const sandboxes: Sandbox[] = [];
  let sealed: RunnableTemplate;
  let fresh: RunnableTemplate;
  beforeAll(async () => {
    for (const crossingEvents of crossingSizes)
      sandboxes.push(await openSandbox(await sandboxOptions({ crossingEvents })));
    sealed = await templateOf({ transform });
    fresh = await templateOf({ transform }, { realm: "fresh" });
    expect(sealed.realm).toBe("sealed");
  }, 60_000);
  afterAll(() => Promise.all(sandboxes.map((sandbox) => sandbox.close())));

  async function bytesOf(
    sandbox: Sandbox,
    template: RunnableTemplate,
    todo: readonly string[],
  ): Promise<string[]> {
    const events = todo.map((deed, n) => eventOf(n, { n, deed }, { debug: "on" }));
    return textsOf(await sandbox.run(template, events));
  }

  /** What it comes to in fresh realms, one event to a crossing. */
  const reference = (todo: readonly string[]): Promise<string[]> =>
    bytesOf(sandboxes[0] as Sandbox, fresh, todo);

  test.each(Object.keys(deeds))(
    "%s: has the bytes of a fresh realm, and so have its neighbours",
    async (deed) => {
      const todo = ["nothing", "nothing", deed, "nothing", deed, deed, "nothing"];
      const expected = await reference(todo);
      for (const sandbox of sandboxes) {
        expect(await bytesOf(sandbox, sealed, todo)).toEqual(expected);
        expect(await bytesOf(sandbox, fresh, todo)).toEqual(expected);
      }
    },
  );

  test("has an effect in a fresh realm: no deed is in vain", async () => {
    const texts: string[] = [];
    for (const deed of Object.keys(deeds)) {
      const [text] = textsOf(await (sandboxes[0] as Sandbox).run(fresh, [eventOf(1, { n: 1, deed })]));
      texts.push(text as string);
    }
    expect(new Set(texts).size).toBe(texts.length);
  });

  test("whatever the mix, also past the point where the template gets fresh realms only", async () => {
    const deed = fc.oneof(
      { weight: 3, arbitrary: fc.constant("nothing") },
      { weight: 2, arbitrary: fc.constantFrom(...Object.keys(deeds)) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 40 }), async (todo) => {
        const expected = await reference(todo);
        for (const sandbox of sandboxes) expect(await bytesOf(sandbox, sealed, todo)).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });
});

test("an event that is doubtful and then does not end is rejected alone", { timeout: 30_000 }, async () => {
  const sandbox = await openSandbox(await sandboxOptions());
  try {
    const code = `
      function set(object, key, value) { object[key] = value; }
      function transform(p) {
        if (p.bad) set({}["const" + "ructor"]["proto" + "type"], "toString", () => "mine");
        if (p.bad && String({}) === "mine") for (;;);
        return { eventType: "seen", data: { n: p.n, text: String({}) } };
      }`;
    const template = await templateOf({ transform: code }, { limits: { stageCpuMs: 40 } });
    expect(template.realm).toBe("sealed");
    const events = [0, 1, 2, 3, 4].map((n) => eventOf(n, { n, bad: n === 2 }));
    const calm = [0, 1, 2, 3, 4].map((n) => eventOf(n, { n }));
    const expected = textsOf(await sandbox.run(template, calm));
    const texts = textsOf(await sandbox.run(template, events));
    expect(texts.toSpliced(2, 1)).toEqual(expected.toSpliced(2, 1));
    expect(texts[2]).toContain('"stage":"transform","type":"timeout","code":"CPU_LIMIT"');
  } finally {
    await sandbox.close();
  }
});
