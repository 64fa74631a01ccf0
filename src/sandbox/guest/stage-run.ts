import { codecEntry, runCodec, runNormalize, type CodecResult } from "./lorawan.ts";
import { enterFile, type EntryPoints, type EventMetadata, type FileFactory } from "./entry-points.ts";
import { joinErrors, placelessFault, thrownFault, type GuestFault } from "./guest-fault.ts";
import { createList } from "./primordials.ts";
import { isThenable } from "./thenable.ts";
import { readVerdict } from "./validate-verdict.ts";

export type Stage = "decode" | "validate" | "transform";

/** A template as it stands in a context: which wrapped file serves each stage. */
export interface LoadedTemplate {
  readonly orgId: string;
  readonly templateId: string;
  readonly templateVersion: string;
  readonly dialect: "auto" | "millrace" | "lorawan";
  readonly decode: FileFactory | undefined;
  readonly validate: FileFactory | undefined;
  readonly transform: FileFactory | undefined;
}

/** One event on its way through the stages. A fault ends it. */
export interface EventRun {
  value: unknown;
  /** The payload's text where it came as JSON. */
  readonly text: string | undefined;
  readonly metadata: EventMetadata;
  readonly warnings: string[];
  fault: GuestFault | undefined;
  file: FileFactory | undefined;
  entry: EntryPoints | undefined;
}

export function startRun(value: unknown, text: string | undefined, metadata: EventMetadata): EventRun {
  return {
    value,
    text,
    metadata,
    warnings: createList(),
    fault: undefined,
    file: undefined,
    entry: undefined,
  };
}

/** Runs one stage of an event; a stage that the template leaves out passes its input on. */
export function runStage(template: LoadedTemplate, run: EventRun, stage: Stage): void {
  const file = template[stage];
  if (file === undefined) return;
  try {
    if (run.file !== file) {
      run.file = file;
      run.entry = undefined;
      run.entry = enterFile(file);
    }
    const entry = run.entry as EntryPoints;
    switch (stage) {
      case "decode":
        return runDecode(template, run, entry);
      case "validate":
        return runValidate(run, entry);
      case "transform":
        return runTransform(run, entry);
    }
  } catch (thrown) {
    // A throw while the file is loaded is no verdict of `validate`.
    const refused = stage === "validate" && run.entry !== undefined;
    run.fault = thrownFault(thrown, refused ? "VALIDATE_REFUSED" : "UNCAUGHT");
  }
}

function runDecode(template: LoadedTemplate, run: EventRun, entry: EntryPoints): void {
  const codec = template.dialect === "millrace" ? undefined : codecEntry(entry);
  if (codec !== undefined || (template.dialect === "lorawan" && entry.decode !== undefined))
    return runLorawan(run, entry);
  if (entry.decode === undefined) return missing(run, "decode");
  run.value = entry.decode(run.value, run.metadata);
  refuseThenable(run, run.value, "decode");
}

function runLorawan(run: EventRun, entry: EntryPoints): void {
  const decoded = runCodec(entry, run.value, run.text, run.metadata);
  run.value = decoded.data;
  refuseThenable(run, run.value, "decode");
  if (run.fault !== undefined || takeNotes(run, decoded)) return;
  const normalized = runNormalize(entry, decoded);
  if (normalized === undefined) return;
  refuseThenable(run, normalized.data, "decode");
  if (run.fault !== undefined || takeNotes(run, normalized)) return;
  run.metadata.normalized = normalized.data;
}

/** Keeps a codec's warnings; whether it reported errors, which end the event. */
function takeNotes(run: EventRun, result: CodecResult): boolean {
  for (let index = 0; index < result.warnings.length; index += 1) {
    run.warnings[run.warnings.length] = result.warnings[index] as string;
  }
  if (result.errors.length === 0) return false;
  run.fault = placelessFault("CODEC_ERRORS", joinErrors(result.errors, "the codec reported errors"));
  return true;
}

function runValidate(run: EventRun, entry: EntryPoints): void {
  if (entry.validate === undefined) return missing(run, "validate");
  const decoded = run.value;
  run.value = entry.validate(decoded, run.metadata);
  refuseThenable(run, run.value, "validate");
  if (run.fault !== undefined) return;
  const verdict = readVerdict(run.value, decoded);
  if (verdict.kind === "refused") run.fault = verdict.fault;
  else run.value = verdict.value;
}

function runTransform(run: EventRun, entry: EntryPoints): void {
  if (entry.transform === undefined) return missing(run, "transform");
  run.value = entry.transform(run.value, run.metadata);
  refuseThenable(run, run.value, "transform");
}

function missing(run: EventRun, stage: Stage): void {
  run.fault = placelessFault("NO_ENTRY_POINT", `the file for ${stage} defines no function named ${stage}`);
}

/** Scripts are synchronous, so that nothing they return may resolve later. */
function refuseThenable(run: EventRun, value: unknown, stage: Stage): void {
  if (!isThenable(value)) return;
  run.fault = placelessFault(
    "ASYNC_RESULT",
    `${stage} returned a promise or another object with a method \`then\``,
  );
}
