import type { ClassicScript } from "./classic-script.ts";
import type { FindingInFile } from "./finding.ts";
import { findRealmCauses, type RealmCause } from "./realm-causes.ts";

/** The realm that a script can run in, with a hint for each thing that keeps it from the fast one. */
export interface RealmChoice {
  readonly realm: "sealed" | "fresh";
  readonly hints: readonly FindingInFile[];
}

/**
 * Chooses the realm by the text of a script. `sealed` says that nothing in the text speaks against it; whether running
 * it changes a built-in all the same is for a trial run to say.
 */
export function chooseRealm(script: ClassicScript): RealmChoice {
  const causes = findRealmCauses(script.parsed, script.names);
  const bySubject = Map.groupBy(causes, ({ kind, subject }) => `${kind} ${subject}`);
  const hints = [...bySubject.values()].flatMap((same): FindingInFile[] => {
    const [first] = same;
    if (first === undefined) return [];
    const { line, column } = script.positionAt(first.offset);
    return [{ severity: "hint", code: "FRESH_REALM", message: describe(first, same.length), line, column }];
  });
  return { realm: causes.length === 0 ? "sealed" : "fresh", hints };
}

function describe(cause: RealmCause, places: number): string {
  const others = places === 1 ? "" : ` (in ${places} places)`;
  const { what, cure } = words(cause);
  return `${what}${others} gives each event a fresh realm, at about 0.5 ms; ${cure} to share a sealed one`;
}

function words({ kind, subject }: RealmCause): { readonly what: string; readonly cure: string } {
  switch (kind) {
    case "this":
      return { what: "`this`", cure: "pass the value as a parameter" };
    case "globalThis":
      return { what: "`globalThis`", cure: "use a variable" };
    case "with":
      return { what: "`with`", cure: "name the object" };
    case "eval":
      return { what: "`eval`", cure: "do without it, scripts have none," };
    case "global-assigned":
      return { what: `assigning to the built-in \`${subject}\``, cure: "declare a variable of your own" };
    case "builtin-changed":
      return { what: `changing ${quoted(subject)}`, cure: "write a function of your own" };
    case "builtin-handed-on":
      return { what: `handing on ${quoted(subject)}`, cure: "use its functions directly" };
    case "inherited-assigned":
      return { what: `assigning a property \`${subject}\``, cure: "use another name" };
  }
}

/** Subjects are names of built-ins, or words that hold their own quotes. */
function quoted(subject: string): string {
  return /[ `]/.test(subject) ? subject : `\`${subject}\``;
}
