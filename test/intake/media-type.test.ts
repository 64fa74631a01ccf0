import { describe, expect, it } from "vitest";
import { payloadKind } from "../../src/intake/media-type.ts";

describe("the media type", () => {
  it("is the event's, else the template's, else application/octet-stream", () => {
    expect(payloadKind("application/json", "text/plain")).toBe("json");
    expect(payloadKind("text/plain", "application/json")).toBe("bytes");
    expect(payloadKind(undefined, "application/json")).toBe("json");
    expect(payloadKind(undefined, undefined)).toBe("bytes");
  });

  it.each([
    "application/json",
    "Application/JSON",
    "application/json;charset=utf-8",
    " application/json ; charset=utf-8",
    "application/senml+json",
    "APPLICATION/VND.ACME+JSON; v=1",
    "model/gltf+json",
  ])("%j reaches decode parsed", (mediaType) => {
    expect(payloadKind(mediaType, undefined)).toBe("json");
  });

  it.each([
    "application/octet-stream",
    "text/plain",
    "application/jsonl",
    "application/x-ndjson",
    "text/json",
    "application/json-seq",
    "application/+json",
    "+json",
    "json",
    "",
    "text/plain; a=application/json",
    "text/plain;x=+json",
    "application/senml+json+zip",
  ])("%j reaches decode as a Buffer", (mediaType) => {
    expect(payloadKind(mediaType, undefined)).toBe("bytes");
  });
});
