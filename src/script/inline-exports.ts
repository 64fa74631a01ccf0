import type { ExportNamedDeclaration, Program } from "acorn";
import { parseSource } from "./parse-source.ts";

/** What one exported name stands for in the module's own scope. */
interface Binding {
  readonly exported: string;
  readonly local: string;
}

/**
 * A module's code as a classic script: its `export` words become spaces, so that every place stays where it is, and one
 * line at the end puts what it exports on `exports`. Such a script has none of the wrapping that a converter would add
 * and that would run for each event.
 *
 * @returns `undefined` for a module that exports by default, from elsewhere or patterns: a converter knows those
 */
export function withInlineExports(code: string): string | undefined {
  const parsed = parseSource(code, "module");
  if (parsed.kind === "problem") return undefined;
  const bindings: Binding[] = [];
  let script = code;
  for (const statement of exportsOf(parsed.program)) {
    const own = statement === undefined ? undefined : bindingsOf(statement);
    if (statement === undefined || own === undefined) return undefined;
    bindings.push(...own);
    // A line comment in the list would hide nothing: all but its line ends become spaces.
    const end = statement.declaration?.start ?? statement.end;
    script = script.slice(0, statement.start) + blank(code.slice(statement.start, end)) + script.slice(end);
  }
  const assignments = bindings.map(({ exported, local }) => `exports.${exported}=${local};`);
  return `${script}\n;${assignments.join("")}\n`;
}

/** Every statement that exports; `undefined` for one that is not a list of names or a declaration. */
function exportsOf(program: Program): (ExportNamedDeclaration | undefined)[] {
  return program.body.flatMap((statement) => {
    if (statement.type === "ExportNamedDeclaration") return [statement];
    return statement.type.startsWith("Export") ? [undefined] : [];
  });
}

function bindingsOf({ source, declaration, specifiers }: ExportNamedDeclaration): Binding[] | undefined {
  if (source !== null && source !== undefined) return undefined;
  if (declaration === null || declaration === undefined) {
    const listed = specifiers.flatMap(({ local, exported }) =>
      local.type === "Identifier" && exported.type === "Identifier"
        ? [{ exported: exported.name, local: local.name }]
        : [],
    );
    return listed.length === specifiers.length && listed.every(({ exported }) => exported !== "default")
      ? listed
      : undefined;
  }
  if (declaration.type !== "VariableDeclaration") {
    const { name } = declaration.id;
    return [{ exported: name, local: name }];
  }
  const declared = declaration.declarations.flatMap(({ id }) =>
    id.type === "Identifier" ? [{ exported: id.name, local: id.name }] : [],
  );
  return declared.length === declaration.declarations.length ? declared : undefined;
}

function blank(text: string): string {
  return text.replaceAll(/[^\n\r\u2028\u2029]/g, " ");
}
