const orgId = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
const label = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const controlCharacter = /\p{Cc}/u;

/**
 * Longest asset id and event id, bytes of UTF-8. It protects record keys, headers and file names, into which ids go.
 */
const longestIdBytes = 256;

/*
 * Each function says what is wrong with an id, as the rest of a sentence that begins with the id's name; `undefined`
 * where nothing is. The same grammars stand in `schemas/field.schema.json`, and a test holds the two together.
 */

/** Grammar of org ids. */
export function orgIdProblem(id: string): string | undefined {
  if (orgId.test(id)) return undefined;
  return id.length === 0 ? "is empty" : labelProblem(id, '"_" and "-"');
}

/** Grammar of template ids. */
export function templateIdProblem(id: string): string | undefined {
  if (label.test(id)) return undefined;
  return id.length === 0 ? "is empty" : labelProblem(id, '".", "_" and "-"');
}

/** Grammar of version labels. */
export function templateVersionProblem(version: string): string | undefined {
  return templateIdProblem(version);
}

/** Grammar of asset ids. */
export function assetIdProblem(id: string): string | undefined {
  return eventIdProblem(id) ?? (id.trim() === id ? undefined : "begins or ends with white space");
}

/** Grammar of the event ids that producers give. */
export function eventIdProblem(id: string): string | undefined {
  if (id.length === 0) return "is empty";
  if (!id.isWellFormed()) return "is not Unicode text (it holds half of a surrogate pair)";
  if (controlCharacter.test(id)) return "holds a control character";
  // A UTF-16 unit takes one to three bytes, so that most ids need no count.
  if (id.length * 3 <= longestIdBytes) return undefined;
  const bytes = Buffer.byteLength(id, "utf8");
  return bytes > longestIdBytes ? `is ${bytes} bytes long, at most ${longestIdBytes} are allowed` : undefined;
}

function labelProblem(id: string, others: string): string {
  if (id.length > 63) return `is ${id.length} characters long, at most 63 are allowed`;
  if (/^[^A-Za-z0-9]/.test(id)) return "must begin with a letter or a digit (A-Z, a-z, 0-9)";
  return `may hold only letters and digits (A-Z, a-z, 0-9), ${others}`;
}
