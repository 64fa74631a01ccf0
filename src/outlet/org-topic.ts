/** The topic of records whose org is not known. No org can have it: an org id does not begin with `_`. */
const unknownOrg = "_unknown";

const place = "{org}";

/**
 * The topic of an org's records: the pattern with the org's id for `{org}`, or the pattern itself where it has no such
 * place. With `dead-letters.{org}` rejections of nobody's records go to `dead-letters._unknown`, which therefore must
 * exist beside the orgs' own.
 */
export function orgTopic(pattern: string, orgId: string | null): string {
  // A function, for in a text `$` would mean something.
  return pattern.replace(place, () => orgId ?? unknownOrg);
}
