import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Rejection } from "../../src/model/contract.ts";
import type { InputRecord } from "../../src/model/raw-event.ts";
import { checkOutcomeLine } from "../../src/model/validators.ts";
import { fitRejection } from "../../src/outlet/fit-rejection.ts";
import { createRejection } from "../../src/outlet/rejection.ts";
import { fault, identity, record } from "./finished-event.ts";

const large: InputRecord = { ...record, payload: Buffer.alloc(3000, 7) };
const sha256 = createHash("sha256").update(large.payload).digest("hex");

/** A rejection that fits, checked against the schema. */
function fit(
  of: InputRecord,
  limitBytes: number,
  rejection = createRejection({ identity, fault, record: of }),
) {
  const value = fitRejection(rejection, of, ({ byteLength }) => byteLength <= limitBytes);
  const parsed = JSON.parse(Buffer.from(value).toString()) as Rejection;
  expect(checkOutcomeLine({ outcome: "rejected", rejection: parsed })).toMatchObject({ kind: "valid" });
  return { bytes: value.byteLength, rejection: parsed };
}

describe("a rejection", () => {
  it("that fits is whole", () => {
    const { bytes, rejection } = fit(large, Number.POSITIVE_INFINITY);
    expect(rejection).toEqual(createRejection({ identity, fault, record: large }));
    expect(fit(large, bytes).rejection).toEqual(rejection);
  });

  it("that does not fit says payloadOmitted with the payload's size and SHA-256", () => {
    const { bytes } = fit(large, Number.POSITIVE_INFINITY);
    const { payloadBase64, ...stated } = fit(large, bytes).rejection.record;
    expect(payloadBase64).toBe(Buffer.from(large.payload).toString("base64"));
    const cut = fit(large, bytes - 1);
    expect(cut.rejection.record).toEqual({ ...stated, payloadOmitted: { bytes: 3000, sha256 } });
    expect(cut.bytes).toBeLessThan(bytes - 3000);
  });

  it("that still does not fit leaves out headers and key, and says how large they are", () => {
    const headers = Array.from({ length: 500 }, () => ["é", Buffer.from("1")] as const);
    const many = { ...large, headers };
    const { record: stated } = fit(many, 2000).rejection;
    expect(stated).toMatchObject({
      offset: 41,
      keyBase64: null,
      headers: [],
      envelopeOmitted: { headers: 500, bytes: 500 * 3 + 11 },
      payloadOmitted: { bytes: 3000, sha256 },
    });
    expect(fit({ ...many, key: null }, 2000).rejection.record.envelopeOmitted?.bytes).toBe(1500);
  });

  it("is given even where nothing helps", () => {
    expect(fit(large, 1).rejection.code).toBe("UNCAUGHT");
  });

  it("of a record that was too large to be read keeps what stands for its payload", () => {
    const payloadOmitted = { bytes: 50_000_000, sha256: "0".repeat(64) };
    const empty = { ...record, payload: new Uint8Array(0) };
    const given = createRejection({ identity, fault, record: empty, payloadOmitted });
    expect(fit(empty, 10, given).rejection.record.payloadOmitted).toEqual(payloadOmitted);
  });
});
