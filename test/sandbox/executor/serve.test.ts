import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { encodeCrossing, type CrossingMode } from "../../../src/sandbox/crossing-frame.ts";
import { createExecutorServer } from "../../../src/sandbox/executor/serve.ts";
import { frameKinds, type Frame, type FrameKind } from "../../../src/sandbox/frame.ts";
import { stageMarks } from "../../../src/sandbox/guest/slots.ts";
import type { ExecutorHello, ExecutorStats } from "../../../src/sandbox/hello.ts";
import type { RunnableTemplate, SandboxEvent } from "../../../src/sandbox/port.ts";
import { decodeResults, type CrossingResults } from "../../../src/sandbox/results-frame.ts";
import { guestBundle } from "../../../src/script/guest-bundle.ts";
import { eventOf, shownBy, shows, templateOf, textsOf } from "../small-template.ts";

let bundle: string;
beforeAll(async () => {
  bundle = await guestBundle();
});

/** The inside of an executor, asked by frames as a supervisor asks it. */
interface Served {
  readonly frames: readonly Frame[];
  take(kind: FrameKind, id: number, body: Buffer): void;
  teach(number: number, template: RunnableTemplate): void;
  run(number: number, mode: CrossingMode, events: readonly SandboxEvent[]): CrossingResults;
  stats(): ExecutorStats;
  /** Does all work that is left for idle moments. */
  rest(): void;
}

function serve(pool: Partial<ExecutorHello["pool"]> = {}): Served {
  const frames: Frame[] = [];
  const server = createExecutorServer(
    (kind, id, body) => frames.push({ kind, id, body }),
    () => {},
  );
  onTestFinished(() => server.close());
  const take = (kind: FrameKind, id: number, body: Buffer): void => server.take({ kind, id, body });
  const ask = (kind: FrameKind, body: Buffer): Buffer => {
    take(kind, frames.length + 1, body);
    return frames.at(-1)?.body as Buffer;
  };
  const hello: ExecutorHello = {
    guestBundle: bundle,
    crossingEvents: 64,
    pool: { ceiling: 8, spares: 0, pressureBytes: 2 ** 40, ...pool },
  };
  take(frameKinds.hello, 0, Buffer.from(JSON.stringify(hello)));
  return {
    frames,
    take,
    teach: (number, template) => take(frameKinds.template, number, Buffer.from(JSON.stringify(template))),
    run: (number, mode, events) => decodeResults(ask(frameKinds.run, encodeCrossing(mode, number, events))),
    stats: () => JSON.parse(ask(frameKinds.stats, Buffer.alloc(0)).toString("utf8")) as ExecutorStats,
    rest: () => {
      while (server.tend() === "more");
    },
  };
}

const payloads = (count: number): SandboxEvent[] =>
  Array.from({ length: count }, (_none, number) => eventOf(number, { n: number }));

describe("an executor", () => {
  test("says that it is ready, and answers each crossing under its number", async () => {
    const served = serve();
    expect(served.frames).toMatchObject([{ kind: frameKinds.ready }]);
    served.teach(1, await templateOf(shows("p.n")));
    served.take(frameKinds.run, 77, encodeCrossing("group", 1, payloads(3)));
    expect(served.frames.at(-1)).toMatchObject({ kind: frameKinds.results, id: 77 });
    const { end, results } = served.run(1, "group", payloads(3));
    expect(end).toEqual({ kind: "done" });
    expect(results.map(shownBy)).toEqual([0, 1, 2]);
  });

  test("gives the same bytes whichever way a crossing is asked for", async () => {
    const served = serve();
    const rest = "p.n % 3 ? [p.n, Math.random(), new Date().toISOString()] : p.missing.field";
    for (const realm of ["sealed", "fresh"] as const) {
      const template = await templateOf(
        { decode: "function decode(p) { console.log(p.n); return p }", ...shows(rest) },
        { realm },
      );
      served.teach(realm.length, template);
      const events = payloads(7).map((event) => ({ ...event, debug: "on" as const }));
      const together = textsOf(served.run(realm.length, "group", events).results);
      expect(together).toHaveLength(7);
      for (const mode of ["group", "single", "alone"] as const) {
        const apart = events.flatMap((event) => served.run(realm.length, mode, [event]).results);
        expect(textsOf(apart)).toEqual(together);
      }
    }
  });

  test("says before each stage of a lone event where it will be, and only of a lone event", async () => {
    const served = serve();
    served.teach(1, await templateOf({ decode: "function decode(p) { return p }", ...shows("p.n") }));
    const before = served.frames.length;
    served.run(1, "group", payloads(2));
    served.run(1, "single", payloads(1));
    expect(served.frames.slice(before).map(({ kind }) => kind)).toEqual([
      frameKinds.results,
      frameKinds.results,
    ]);
    served.run(1, "alone", payloads(1));
    const stages = served.frames.slice(before + 2).filter(({ kind }) => kind === frameKinds.stage);
    expect(stages.map(({ body }) => stageMarks[body.readInt32LE(0)])).toEqual([
      "decode",
      "decode",
      "validate",
      "transform",
      "output",
    ]);
  });

  test("refuses a frame of a kind that it does not know with WIRE", () => {
    const served = serve();
    expect(() => served.take(frameKinds.results, 1, Buffer.alloc(0))).toThrow(
      expect.objectContaining({ code: "WIRE" }),
    );
  });

  test("gives each event of a template whose source V8 refuses that fault", async () => {
    const served = serve();
    const template = await templateOf(shows("p.n"));
    const [file] = template.files;
    served.teach(1, { ...template, files: [{ ...file!, code: "function transform( {" }] });
    expect(served.run(1, "group", payloads(2)).end).toMatchObject({
      kind: "broken",
      fault: { type: "syntax", code: "SYNTAX_ERROR", location: { file: "transform.js" } },
    });
    expect(served.stats().isolates).toEqual({ spare: 0, busy: 0, idle: 1 });
  });
});

describe("what an executor says of itself", () => {
  test("counts crossings and the events that have an outcome", async () => {
    const served = serve();
    served.teach(1, await templateOf(shows("p.n")));
    served.run(1, "group", payloads(5));
    served.run(1, "single", payloads(1));
    expect(served.stats()).toMatchObject({ crossings: 2, events: 6 });
  });

  test("tells why isolates were thrown away", async () => {
    const served = serve({ ceiling: 1 });
    const loops = "function transform(p) { if (p.n === 1) for (;;); return { eventType: 'x', data: p } }";
    served.teach(1, await templateOf({ transform: loops }, { limits: { stageCpuMs: 20 } }));
    served.teach(2, await templateOf(shows("p.n"), { orgId: "globex" }));
    const { end, results } = served.run(1, "group", payloads(3));
    expect(end).toMatchObject({ kind: "stopped", reason: "timeout", index: 1, stage: "transform" });
    expect(results).toHaveLength(1);
    served.run(2, "alone", payloads(1));
    served.run(2, "group", payloads(1));
    served.run(1, "group", payloads(1));
    expect(served.stats().recycled).toEqual({ timeout: 1, alone: 1, evicted: 1 });
  });

  test("gives an org whose memory limit has changed an isolate with the new one", async () => {
    const served = serve();
    served.teach(1, await templateOf(shows("p.n")));
    served.teach(2, await templateOf(shows("p.n"), { limits: { memoryBytes: 32 * 2 ** 20 } }));
    served.run(1, "group", payloads(1));
    served.run(2, "group", payloads(1));
    served.run(2, "group", payloads(1));
    expect(served.stats()).toMatchObject({ recycled: { limit: 1 }, isolates: { idle: 1 } });
  });

  test("tells the isolates that are spare and idle", async () => {
    const served = serve({ spares: 2 });
    expect(served.stats().isolates).toEqual({ spare: 0, busy: 0, idle: 0 });
    served.teach(1, await templateOf(shows("p.n")));
    served.run(1, "group", payloads(1));
    served.rest();
    expect(served.stats().isolates).toEqual({ spare: 2, busy: 0, idle: 1 });
    served.run(1, "alone", payloads(1));
    expect(served.stats().isolates).toEqual({ spare: 1, busy: 0, idle: 1 });
  });
});

describe("an org's isolate with many templates", () => {
  test("gives the same for each of more templates than it keeps contexts", async () => {
    const served = serve();
    const count = 40;
    for (let number = 0; number < count; number += 1) {
      const template = await templateOf(shows(`(left = typeof left, [${number}, p.n, left])`), {
        templateId: `t${number}`,
      });
      served.teach(number, template);
    }
    for (const round of [1, 2]) {
      for (let number = 0; number < count; number += 1) {
        const [result] = served.run(number, "group", [eventOf(1, { n: round })]).results;
        expect(shownBy(result)).toEqual([number, round, "undefined"]);
      }
    }
    expect(served.stats().isolates).toEqual({ spare: 0, busy: 0, idle: 1 });
  });

  test("forgets a template when told, and runs it again when taught again", async () => {
    const served = serve();
    const template = await templateOf(shows("p.n"));
    served.teach(1, template);
    served.run(1, "group", payloads(1));
    served.take(frameKinds.forget, 1, Buffer.alloc(0));
    expect(() => served.run(1, "group", payloads(1))).toThrow("unknown template");
    served.teach(2, template);
    expect(served.run(2, "group", payloads(1)).results.map(shownBy)).toEqual([0]);
  });
});
