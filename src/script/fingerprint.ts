import { createHash } from "node:crypto";
import type { RunnableTemplate } from "../sandbox/port.ts";

/** Raised when the guest or the way sources are converted changes what a template gives. */
const preparationVersion = 1;

/** The engine as far as it decides what a script gives: the language, its locale data, its time zones. */
export const engineIdentity = `v8 ${process.versions.v8}, icu ${process.versions.icu}, tz ${process.versions.tz}`;

/** Everything in a template that decides the outcome of an event. */
export interface FingerprintedTemplate extends Omit<RunnableTemplate, "fingerprint"> {
  readonly contentType: string | undefined;
}

/** SHA-256, hexadecimal, over all that decides an outcome; two templates with the same give the same. */
export function fingerprintOf(template: FingerprintedTemplate, engine = engineIdentity): string {
  const { orgId, templateId, templateVersion, files, realm, dialect, eva, limits, contentType } = template;
  // An array of values in JSON is read in one way only: no text can be taken for the end of another.
  const identity = JSON.stringify([
    preparationVersion,
    engine,
    orgId,
    templateId,
    templateVersion,
    // A source map decides the location that a rejection gives.
    files.map(({ file, code, sourceMap, stages }) => [file, code, sourceMap ?? null, stages]),
    realm,
    dialect,
    contentType ?? null,
    eva,
    [limits.stageCpuMs, limits.memoryBytes, limits.outputBytes],
  ]);
  return createHash("sha256").update(identity, "utf8").digest("hex");
}
