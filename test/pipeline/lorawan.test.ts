import { describe, expect, test } from "vitest";
import { showing, shows, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

const hello = { payloadHex: "0102ff" };
const uplink = (body: string): string => `function decodeUplink(input) { ${body} }`;

/** The entry points as scripts, each telling its name and what it was called with. */
const entries = {
  decodeUplink:
    "function decodeUplink(input) { return { data: ['decodeUplink', input.bytes, input.fPort] } }",
  Decoder: "function Decoder(bytes, port) { return ['Decoder', bytes, port, arguments.length] }",
  Decode:
    "function Decode(fPort, bytes, variables) { return ['Decode', fPort, bytes, variables, arguments.length] }",
  decode: "function decode(input, metadata) { return ['decode', Array.isArray(input), metadata.eventId] }",
};

describe("the LoRaWAN dialect is recognised by its entry points:", () => {
  const onPort = { ...hello, attributes: { fPort: 7 } };

  test("`decodeUplink({bytes, fPort, recvTime, variables})`", async () => {
    const seen = await engine.shown({ decode: entries.decodeUplink }, onPort);
    expect(seen).toEqual(["decodeUplink", [1, 2, 255], 7]);
    const keys = "return { data: Object.keys(input) }";
    expect(await engine.shown({ decode: uplink(keys) }, hello)).toEqual([
      "bytes",
      "fPort",
      "recvTime",
      "variables",
    ]);
  });

  test("`Decoder(bytes, port)`", async () => {
    const seen = await engine.shown({ decode: entries.Decoder }, onPort);
    expect(seen).toEqual(["Decoder", [1, 2, 255], 7, 2]);
  });

  test("`Decode(fPort, bytes, variables)`", async () => {
    const seen = await engine.shown({ decode: entries.Decode }, onPort);
    expect(seen).toEqual(["Decode", 7, [1, 2, 255], { room: "101", fPort: 7 }, 3]);
  });

  test("`decode` is Millrace's own, and gets the Buffer", async () => {
    expect(await engine.shown({ decode: entries.decode }, onPort)).toEqual(["decode", false, "line-1"]);
  });

  test("in this order where a file has several", async () => {
    const order = ["decodeUplink", "Decoder", "Decode", "decode"] as const;
    for (const [index, first] of order.entries()) {
      const rest = order.slice(index).toReversed();
      const decode = rest.map((name) => entries[name]).join("\n");
      expect(await engine.shown({ decode }, hello)).toMatchObject({ 0: first });
    }
  });

  test("also where `module.exports` names them, and then a private function of another kind's name is none", async () => {
    const decode = `${entries.decodeUplink}\n${entries.Decoder}\nmodule.exports = { Decoder };`;
    expect(await engine.shown({ decode }, hello)).toMatchObject({ 0: "Decoder" });
  });
});

describe("`dialect` overrides:", () => {
  const both = `${entries.decodeUplink}\n${entries.decode}`;

  test("`millrace` calls `decode` with what was sent", async () => {
    const seen = await engine.shown({ decode: both, dialect: "millrace" }, hello);
    expect(seen).toEqual(["decode", false, "line-1"]);
  });

  test("`lorawan` calls `decode` with bytes where there is nothing else", async () => {
    const seen = await engine.shown({ decode: entries.decode, dialect: "lorawan" }, hello);
    expect(seen).toEqual(["decode", true, "line-1"]);
    expect(await engine.shown({ decode: both, dialect: "lorawan" }, hello)).toMatchObject({
      0: "decodeUplink",
    });
  });

  test("`millrace` with nothing but a codec is `NO_ENTRY_POINT`", async () => {
    const rejection = await engine.rejection({ decode: entries.Decoder, dialect: "millrace" }, hello);
    expect(rejection).toMatchObject({ stage: "decode", type: "syntax", code: "NO_ENTRY_POINT" });
  });
});

describe("what a codec is given:", () => {
  test("`bytes` is a plain array of numbers", async () => {
    const plain =
      "const { bytes } = input; return { data: [Array.isArray(bytes), bytes.constructor === Array, bytes.every((b) => typeof b === 'number'), bytes] }";
    expect(await engine.shown({ decode: uplink(plain) }, hello)).toEqual([true, true, true, [1, 2, 255]]);
    expect(await engine.shown({ decode: uplink(plain) }, { payloadHex: "" })).toEqual([true, true, true, []]);
  });

  test("`bytes` of a payload that came as JSON, and is no uplink, are those of its text", async () => {
    const decode = uplink("return { data: Buffer.from(input.bytes).toString() }");
    expect(await engine.shown({ decode }, { payload: { a: "é" } })).toBe('{"a":"é"}');
  });

  test("`recvTime` is a Date, by default `time`", async () => {
    const decode = uplink("return { data: [input.recvTime instanceof Date, input.recvTime] }");
    const line = { ...hello, time: "2025-02-28T22:00:00Z" };
    expect(await engine.shown({ decode }, line)).toEqual([true, "2025-02-28T22:00:00.000Z"]);
  });

  test("`fPort` comes from the attributes or headers, as a number", async () => {
    const port = async (line: object): Promise<unknown> =>
      engine.shown({ decode: uplink("return { data: { port: input.fPort } }") }, { ...hello, ...line });
    expect(await port({})).toEqual({});
    expect(await port({ attributes: { fPort: 5 } })).toEqual({ port: 5 });
    expect(await port({ attributes: { fPort: "5" } })).toEqual({ port: 5 });
    expect(await port({ attributes: { f_port: 5 } })).toEqual({ port: 5 });
    expect(await port({ headers: { fPort: "6" } })).toEqual({ port: 6 });
    expect(await port({ headers: { "F-Port": "6" } })).toEqual({ port: 6 });
    expect(await port({ headers: { F_Port: "6" } })).toEqual({ port: 6 });
    expect(await port({ attributes: { fPort: 5 }, headers: { fPort: "6" } })).toEqual({ port: 5 });
  });

  test.each([["five"], [""], [" "], [true], [[5]], [{}], [null], [-1], [256], [2.5]])(
    "an `fPort` that is no port is none: %j",
    async (fPort) => {
      const decode = uplink("return { data: { port: input.fPort } }");
      expect(await engine.shown({ decode }, { ...hello, attributes: { fPort } })).toEqual({});
    },
  );

  test("`variables` are the attributes", async () => {
    const decode = uplink("return { data: input.variables }");
    const line = { ...hello, attributes: { offset: 2 } };
    expect(await engine.shown({ decode }, line)).toEqual({ room: "101", offset: 2 });
  });
});

describe("what a codec returns:", () => {
  test("`data` is the decoded value, as it is", async () => {
    const template = {
      decode: uplink("return { data: new Date(5) }"),
      validate: "function validate(v) { return v instanceof Date }",
      transform: shows("v.getTime()"),
    };
    expect(await engine.shown(template, hello)).toBe(5);
  });

  test("without `data` the decoded value is undefined", async () => {
    const template = { decode: uplink("return {}"), transform: shows("typeof v") };
    expect(await engine.shown(template, hello)).toBe("undefined");
  });

  test("non-empty `errors` is `decode`/`validation`/`CODEC_ERRORS`, with `data` or without", async () => {
    for (const data of ["", "data: { t: 1 }, "]) {
      const decode = uplink(`return { ${data}errors: ['bad header', { message: 'too short' }] }`);
      expect(await engine.rejection({ decode, transform: showing }, hello)).toMatchObject({
        stage: "decode",
        type: "validation",
        code: "CODEC_ERRORS",
        message: "bad header; too short",
      });
    }
  });

  test("empty `errors` and `warnings` are nothing", async () => {
    const template = { decode: uplink("return { data: 1, errors: [], warnings: [] }"), transform: showing };
    expect(await engine.event(template, hello)).not.toHaveProperty("warnings");
    const nulls = { decode: uplink("return { data: 1, errors: null, warnings: null }"), transform: showing };
    expect(await engine.event(nulls, hello)).not.toHaveProperty("warnings");
  });

  test("`warnings` go to the standard event", async () => {
    const decode = uplink("return { data: 1, warnings: ['battery low', { message: 'old firmware' }] }");
    expect((await engine.event({ decode, transform: showing }, hello)).warnings).toEqual([
      "battery low",
      "old firmware",
    ]);
  });

  test("`warnings` go to each of several standard events", async () => {
    const decode = uplink("return { data: 1, warnings: ['battery low'] }");
    const transform = "function transform(v) { return [1, 2].map((n) => ({ eventType: 'x', data: { n } })) }";
    const { events } = await engine.one({ decode, transform }, hello);
    expect(events?.map(({ warnings }) => warnings)).toEqual([["battery low"], ["battery low"]]);
  });

  test("of `Decoder` and `Decode` the whole is the decoded value: `errors` in it are data", async () => {
    const decode = "function Decoder() { return { errors: ['x'], warnings: ['y'] } }";
    const event = await engine.event({ decode, transform: showing }, hello);
    expect(event.data["v"]).toEqual({ errors: ["x"], warnings: ["y"] });
    expect(event).not.toHaveProperty("warnings");
  });

  test("what it throws is `decode`/`runtime`/`UNCAUGHT` at its place", async () => {
    const decode = uplink("\n  throw new Error('no');");
    expect(await engine.rejection({ decode }, hello)).toMatchObject({
      stage: "decode",
      code: "UNCAUGHT",
      location: { file: "decode.js", line: 2, column: 9 },
    });
  });
});

describe("`normalizeUplink`", () => {
  const normalizing = (body: string): string =>
    `${uplink("return { data: { t: 215 }, warnings: ['w1'] }")}\nfunction normalizeUplink(input) { ${body} }`;

  test("gives `metadata.normalized`, which later stages see", async () => {
    const template = {
      decode: normalizing("return { data: { air: { temperature: input.data.t / 10 } } }"),
      validate: "function validate(v, metadata) { metadata.seen = metadata.normalized.air.temperature }",
      transform: shows("[v, metadata.seen, metadata.normalized]"),
    };
    expect(await engine.shown(template, hello)).toEqual([{ t: 215 }, 21.5, { air: { temperature: 21.5 } }]);
  });

  test("gives nothing that leaves by itself", async () => {
    const decode = normalizing("return { data: { air: { temperature: 21.5 } } }");
    const event = await engine.event({ decode, transform: showing }, hello);
    expect(event).not.toHaveProperty("metadata");
    expect(event.data).toEqual({ v: { t: 215 } });
  });

  test("adds its warnings, and its errors are `CODEC_ERRORS`", async () => {
    const warned = normalizing("return { data: {}, warnings: ['w2'] }");
    expect((await engine.event({ decode: warned, transform: showing }, hello)).warnings).toEqual([
      "w1",
      "w2",
    ]);
    const refused = normalizing("return { errors: ['e'] }");
    expect(await engine.rejection({ decode: refused }, hello)).toMatchObject({
      stage: "decode",
      code: "CODEC_ERRORS",
      message: "e",
    });
  });

  test("is not asked where the codec reported errors", async () => {
    const decode = `${uplink("return { errors: ['e'] }")}\nfunction normalizeUplink() { throw new Error('asked') }`;
    expect(await engine.rejection({ decode }, hello)).toMatchObject({ code: "CODEC_ERRORS", message: "e" });
  });
});
