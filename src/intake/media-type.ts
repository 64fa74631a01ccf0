/** How a payload reaches `decode`: parsed, or as a Buffer. */
export type PayloadKind = "json" | "bytes";

/** The media type of an event whose producer and template name none. */
const defaultMediaType = "application/octet-stream";

const structuredMediaType = "application/cloudevents+json";

/**
 * How the payload of an event is handed to `decode`. The event's media type counts, else the template's. JSON is
 * `application/json` and every subtype with the suffix `+json`; case and parameters do not matter.
 */
export function payloadKind(
  contentType: string | undefined,
  templateContentType: string | undefined,
): PayloadKind {
  const mediaType = contentType ?? templateContentType ?? defaultMediaType;
  // The two spellings that nearly all events have need no parsing.
  if (mediaType === "application/json") return "json";
  if (mediaType === defaultMediaType) return "bytes";
  return isJsonMediaType(mediaType) ? "json" : "bytes";
}

/** Longest media type, characters. */
const mediaTypeCharacters = 256;

/** What is wrong with a media type's length, as the rest of a sentence; nothing else about it can be wrong. */
export function mediaTypeProblem(mediaType: string): string | undefined {
  // JSON Schema counts characters, and a character takes at most two units.
  const fits =
    mediaType.length <= mediaTypeCharacters ||
    (mediaType.length <= 2 * mediaTypeCharacters && [...mediaType].length <= mediaTypeCharacters);
  return fits && mediaType !== "" ? undefined : `must be a string of 1 to ${mediaTypeCharacters} characters`;
}

/** Whether a payload is a CloudEvent in JSON with the event's own payload in it: CloudEvents' structured mode. */
export function isStructuredMode(contentType: string | undefined): boolean {
  // Looking at the length first spares nearly all events the parsing.
  return (
    contentType !== undefined &&
    contentType.length >= structuredMediaType.length &&
    essenceOf(contentType) === structuredMediaType
  );
}

/** A media type without its parameters, in lower case. */
function essenceOf(mediaType: string): string {
  const parameters = mediaType.indexOf(";");
  return (parameters === -1 ? mediaType : mediaType.slice(0, parameters)).trim().toLowerCase();
}

function isJsonMediaType(mediaType: string): boolean {
  const essence = essenceOf(mediaType);
  if (essence === "application/json") return true;
  const slash = essence.indexOf("/");
  return slash > 0 && essence.endsWith("+json") && essence.length > slash + 1 + "+json".length;
}
