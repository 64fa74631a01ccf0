import type { RawEventLine } from "../model/contract.ts";

/**
 * The lines as NDJSON text in pieces of about `chunkCharacters`, each of whole lines. Pieces of tens of thousands of
 * characters cost a writer one call for some hundred lines; larger ones gain nothing and hold memory.
 */
export function* ndjsonChunks(
  events: Iterable<{ readonly line: RawEventLine }>,
  chunkCharacters = 65_536,
): Generator<string, void, undefined> {
  let chunk = "";
  for (const { line } of events) {
    chunk += JSON.stringify(line);
    chunk += "\n";
    if (chunk.length >= chunkCharacters) {
      yield chunk;
      chunk = "";
    }
  }
  if (chunk !== "") yield chunk;
}
