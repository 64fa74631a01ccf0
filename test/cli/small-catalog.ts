/** An org with one template whose scripts are two lines each, for tests that need a catalog that can be broken at will. */
export const smallCatalog: Readonly<Record<string, string>> = {
  "acme/assets.json": '[{ "assetId": "a1", "templateId": "echo", "attributes": { "room": "101" } }]\n',
  "acme/templates/echo/template.json":
    '{ "version": "1", "decode": "decode.js", "transform": "transform.js" }\n',
  "acme/templates/echo/decode.js": [
    "function decode(payload) {",
    '  if (payload.fail) throw new RangeError("asked to fail");',
    '  console.log("decoding", payload.n);',
    "  return payload;",
    "}",
    "",
  ].join("\n"),
  "acme/templates/echo/transform.js": [
    "function transform(value, metadata) {",
    "  if (value.skip) return [];",
    '  const event = { eventType: "echo", data: { n: value.n, room: metadata.attributes.room } };',
    "  return value.twice ? [event, event] : event;",
    "}",
    "",
  ].join("\n"),
  "acme/templates/echo/cases/echo.json": [
    "[",
    '  { "name": "a number", "input": { "payload": { "n": 1 } }, "expect": { "event": { "data": { "n": 1 } } } },',
    '  { "name": "nothing", "input": { "payload": { "skip": true } }, "expect": { "filtered": true } }',
    "]",
    "",
  ].join("\n"),
};

/** A line for the small catalog. */
export function line(payload: unknown, more: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({ orgId: "acme", assetId: "a1", ...more, payload })}\n`;
}
