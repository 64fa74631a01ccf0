import type { EventFault, SourceLocation } from "../model/script-fault.ts";
import type { RunnableTemplate } from "../sandbox/port.ts";

/** Maps a place in a runnable file to the author's; `undefined` where no author wrote it. */
export type FindOriginal = (
  file: RunnableTemplate["files"][number],
  generated: { readonly line: number; readonly column: number },
) => SourceLocation | undefined;

/** A fault whose location and stack are in the author's files, where those were made into something else to run. */
export function inAuthorSource(
  fault: EventFault,
  template: RunnableTemplate,
  findOriginal: FindOriginal,
): EventFault {
  const { location, stack, ...rest } = fault;
  if (location === undefined || !template.files.some((file) => file.sourceMap !== undefined)) return fault;
  const mapped = place(location, template, findOriginal);
  return {
    ...rest,
    ...(mapped === undefined ? {} : { location: mapped }),
    ...(stack === undefined ? {} : { stack: mapStack(stack, template, findOriginal) }),
  };
}

function place(
  location: SourceLocation,
  template: RunnableTemplate,
  findOriginal: FindOriginal,
): SourceLocation | undefined {
  const file = template.files.find((candidate) => candidate.file === location.file);
  return file === undefined ? location : findOriginal(file, location);
}

/** A frame as the guest writes it: `at name (file:line:column)`. */
const frame = /^(at .* \()(.+):(\d+):(\d+)\)$/;

function mapStack(stack: string, template: RunnableTemplate, findOriginal: FindOriginal): string {
  return stack
    .split("\n")
    .map((line) => {
      const [, before, file, row, column] = frame.exec(line) ?? [];
      if (before === undefined || file === undefined) return line;
      const mapped = place({ file, line: Number(row), column: Number(column) }, template, findOriginal);
      return mapped === undefined ? line : `${before}${mapped.file}:${mapped.line}:${mapped.column})`;
    })
    .join("\n");
}
