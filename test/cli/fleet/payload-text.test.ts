import { expect, test } from "vitest";
import { linePayloadText, payloadText } from "../../../src/cli/fleet/payload-text.ts";

const device = { orgId: "acme", assetId: "a1" };

test.each([
  ["bytes", { payloadHex: "01ff00" }, "01 ff 00"],
  ["text", { payloadBase64: Buffer.from("$GNRMC,1*00\r\n").toString("base64") }, "$GNRMC,1*00\\r\\n"],
  ["text that is not ASCII", { payloadHex: Buffer.from("21 °C").toString("hex") }, "21 °C"],
  ["half of a character", { payloadHex: "41c3" }, "41 c3"],
  ["JSON", { payload: { t: 4.1, s: "é" } }, '{"t":4.1,"s":"é"}'],
  ["nothing", { payloadHex: "" }, "(empty)"],
])("a payload of %s is shown as what it is", (_what, payload, shown) => {
  expect(linePayloadText({ ...device, ...payload })).toBe(shown);
});

test("what could steer a terminal is never shown as text", () => {
  expect(payloadText(Buffer.from("a\u001b[2J"))).toBe("61 1b 5b 32 4a");
  expect(payloadText(Buffer.from("a\u202eb"))).toBe("a\\u{202e}b");
  expect(linePayloadText({ ...device, payload: "\u009b2J" })).toBe('"\\u{9b}2J"');
});
