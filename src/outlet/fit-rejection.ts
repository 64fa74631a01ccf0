import { createHash } from "node:crypto";
import type { Rejection } from "../model/contract.ts";
import type { InputRecord } from "../model/raw-event.ts";

/**
 * A rejection as JSON that fits. Where it is too large whole, the payload is left out, with its size and SHA-256 in its
 * place; where that is not enough (many small headers take ten times their bytes in JSON) headers and key go too, for
 * their rejection must not stop the lane. What is left is bounded by the limits on ids, messages and stacks, and is
 * given even where `fits` says no.
 */
export function fitRejection(
  rejection: Rejection,
  record: InputRecord,
  fits: (value: Uint8Array) => boolean,
): Uint8Array {
  const whole = write(rejection);
  if (fits(whole)) return whole;
  const small = withoutPayload(rejection, record);
  const value = write(small);
  return fits(value) ? value : write(withoutEnvelope(small, record));
}

function write(rejection: Rejection): Uint8Array {
  return Buffer.from(JSON.stringify(rejection), "utf8");
}

function withoutPayload(rejection: Rejection, { payload }: InputRecord): Rejection {
  const { payloadBase64, ...kept } = rejection.record;
  // Of a record that was too large to be read at all the payload is left out already.
  if (payloadBase64 === undefined) return rejection;
  const sha256 = createHash("sha256").update(payload).digest("hex");
  return { ...rejection, record: { ...kept, payloadOmitted: { bytes: payload.byteLength, sha256 } } };
}

function withoutEnvelope(rejection: Rejection, { key, headers }: InputRecord): Rejection {
  let bytes = key?.byteLength ?? 0;
  for (const [name, value] of headers) bytes += Buffer.byteLength(name, "utf8") + value.byteLength;
  const envelopeOmitted = { headers: headers.length, bytes };
  return { ...rejection, record: { ...rejection.record, keyBase64: null, headers: [], envelopeOmitted } };
}
