/** How a payload reaches `decode`: parsed, or as a Buffer. */
export type PayloadKind = "json" | "bytes";

/** The media type of an event whose producer and template name none. */
const defaultMediaType = "application/octet-stream";

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

function isJsonMediaType(mediaType: string): boolean {
  const parameters = mediaType.indexOf(";");
  const essence = (parameters === -1 ? mediaType : mediaType.slice(0, parameters)).trim().toLowerCase();
  if (essence === "application/json") return true;
  const slash = essence.indexOf("/");
  return slash > 0 && essence.endsWith("+json") && essence.length > slash + 1 + "+json".length;
}
