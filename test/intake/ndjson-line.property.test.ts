import fc from "fast-check";
import { expect, it } from "vitest";
import { parseTimestamp } from "../../src/model/timestamp.ts";
import { checkRawEventLine } from "../../src/model/validators.ts";
import { readLine } from "../../src/intake/ndjson-line.ts";

const context = { line: 1, nowMs: 0, limits: { payloadBytes: 1_000_000 } };

/** What the schema says in words only. */
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const hex = /^(?:[0-9A-Fa-f]{2})*$/;

function schemaAccepts(value: unknown): boolean {
  const checked = checkRawEventLine(value);
  if (checked.kind === "invalid") return false;
  const { time, payloadBase64, payloadHex } = checked.value;
  if (time !== undefined && parseTimestamp(time) === undefined) return false;
  return (
    (payloadBase64 === undefined || base64.test(payloadBase64)) &&
    (payloadHex === undefined || hex.test(payloadHex))
  );
}

/** Signs on which grammars turn. */
const sign = fc.constantFrom(
  ..."aZ09.-_/ :+=",
  "\u0000",
  "\n",
  "\u007f",
  "\u0085",
  "\u00a0",
  "\u2028",
  "\u3000",
  "\ufeff",
  "é",
  "😀",
  "\ud800",
  "\udc00",
);
const text = fc.oneof(
  fc.array(sign, { maxLength: 6 }).map((signs) => signs.join("")),
  fc
    .tuple(sign, fc.constantFrom(62, 63, 64, 84, 85, 86, 127, 128, 129, 255, 256, 257))
    .map(([unit, count]) => unit.repeat(count)),
);
const nearMiss = fc.constantFrom(
  "2025-02-29T00:00:00Z",
  "2025-03-01T24:00Z",
  "9999-12-31T23:59:59-00:01",
  "AB==",
  "A=",
  "AA-_",
  "0x",
);
const wrong = fc.oneof(text, nearMiss, fc.jsonValue({ maxDepth: 2 }));
const mostly = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 20, arbitrary: good }, { weight: 1, arbitrary: wrong });
const time = fc.oneof(
  fc.constantFrom("2024-02-29T23:59Z", "2025-03-01T08:15:00,25+0100", "0000-01-01T00:00:00.000Z"),
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31T23:59:59.999Z") })
    .map((date) => date.toISOString()),
);
const likely = fc.record(
  {
    orgId: mostly(fc.constantFrom("acme", "A-9_")),
    assetId: mostly(fc.constantFrom("gate 7", "é")),
    templateId: mostly(fc.constantFrom("gate", "v1.2")),
    eventId: mostly(fc.constantFrom("e-1", " ")),
    time: mostly(time),
    contentType: mostly(fc.constantFrom("application/json", "x")),
    payload: fc.jsonValue({ maxDepth: 2 }),
    payloadBase64: mostly(fc.base64String({ maxLength: 12 })),
    payloadHex: mostly(fc.stringMatching(/^([0-9a-fA-F]{2}){0,3}$/)),
    headers: mostly(fc.dictionary(text, mostly(text) as fc.Arbitrary<string>, { maxKeys: 3 })),
    attributes: mostly(fc.dictionary(text, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })),
  },
  { requiredKeys: ["orgId", "assetId"] },
);
const payloadKeys = ["payload", "payloadBase64", "payloadHex"] as const;
/** One payload field, so that lines are not all refused for having several or none. */
const onePayload = fc.tuple(likely, fc.constantFrom(...payloadKeys), fc.nat(2)).map(([line, key, other]) => {
  const kept = line[key] === undefined ? payloadKeys[other] : key;
  return Object.fromEntries(
    Object.entries(line).filter(([name]) => !name.startsWith("payload") || name === kept),
  );
});
/** One field is anything, so that each grammar's edge decides alone. */
const oneField = fc
  .tuple(
    onePayload,
    fc.constantFrom(
      "orgId",
      "assetId",
      "templateId",
      "eventId",
      "time",
      "contentType",
      "payloadBase64",
      "payloadHex",
      "headers",
      "attributes",
    ),
    wrong,
  )
  .map(([line, key, member]) => ({ ...line, [key]: member }));
const withUnknownKey = fc
  .tuple(
    onePayload,
    fc.oneof(text, fc.constantFrom("__proto__", "orgid", "constructor")),
    fc.jsonValue({ maxDepth: 1 }),
  )
  .map(([members, key, value]) => Object.fromEntries([...Object.entries(members), [key, value]]) as object);
const value = fc.oneof(
  { weight: 6, arbitrary: onePayload },
  { weight: 6, arbitrary: oneField },
  { weight: 3, arbitrary: likely },
  { weight: 2, arbitrary: withUnknownKey },
  { weight: 1, arbitrary: fc.jsonValue() },
);

it("reading a line accepts exactly what schemas/raw-event.schema.json accepts", () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(value, (line) => {
      const json = JSON.stringify(line);
      const accepts = !("fault" in readLine(Buffer.from(json), context));
      if (accepts) accepted += 1;
      else refused += 1;
      expect(accepts).toBe(schemaAccepts(JSON.parse(json)));
    }),
    { numRuns: 5000 },
  );
  // A generator that only ever makes one kind of line would prove nothing.
  expect(Math.min(accepted, refused)).toBeGreaterThan(500);
});
