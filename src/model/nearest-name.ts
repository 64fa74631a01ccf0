import { distance } from "fastest-levenshtein";

/** A name further away than this share of its length is no likely slip of the fingers. */
const likelyShare = 0.45;

/** The allowed name that a person most likely meant, or `undefined` where none comes near. */
export function nearestName(written: string, allowed: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of allowed) {
    const slips = distance(written.toLowerCase(), name.toLowerCase());
    if (slips < least) [nearest, least] = [name, slips];
  }
  if (nearest === undefined) return undefined;
  return least <= Math.max(1, Math.floor(nearest.length * likelyShare)) ? nearest : undefined;
}
