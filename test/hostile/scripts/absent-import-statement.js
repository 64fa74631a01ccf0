// Attempt: A module of the host, by an import.
// Others: alike
// At: decode
// Outcome: rejected syntax IMPORT_REFUSED at decode
import { readFileSync } from "node:fs";
export function decode(p) {
  return readFileSync("/etc/passwd", "utf8");
}
