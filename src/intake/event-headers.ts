/** What an event without headers has; sharing it spares every such event an object. */
export const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Names of the headers that Millrace reads itself, in lower case. On Kafka they are the envelope, so scripts never see
 * them; a line of NDJSON may carry such names too, and behaves alike.
 */
const envelopeHeaders: ReadonlySet<string> = new Set([
  "org",
  "asset",
  "template",
  "content-type",
  "event-id",
  "time",
  "attributes",
  "traceparent",
  "ce_org",
  "ce_asset",
  "ce_template",
  "ce_id",
  "ce_time",
]);

/** Whether Millrace reads this header itself; `name` is in lower case. */
export function isEnvelopeHeader(name: string): boolean {
  return envelopeHeaders.has(name);
}

/** Headers as scripts see them: without the envelope, names in lower case, of two alike the last. */
export function scriptHeaders(
  headers: Iterable<readonly [name: string, value: string]>,
): Readonly<Record<string, string>> {
  const kept: [string, string][] = [];
  for (const [name, value] of headers) {
    const lowerName = name.toLowerCase();
    if (!isEnvelopeHeader(lowerName)) kept.push([lowerName, value]);
  }
  // Object.fromEntries defines its members, so that a header may be called `__proto__`.
  return kept.length === 0 ? noHeaders : Object.fromEntries(kept);
}
