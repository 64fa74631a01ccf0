import type { Config } from "../config/config.ts";
import { readHttpToken } from "../config/http-token.ts";
import { openHttpIntake, type HttpIntake, type HttpIntakeOptions } from "../http/http-intake.ts";

/** What of HTTP the configuration does not say. */
export type HttpParts = Pick<HttpIntakeOptions, "log" | "ready" | "onFault">;

/** Takes events over HTTP as the configuration says; the ingest topic must be there. Rejects with `CONFIG`. */
export async function openHttp(config: Config, parts: HttpParts): Promise<HttpIntake> {
  const { http, limits, topics } = config;
  return openHttpIntake({
    ...parts,
    ingestTopic: topics.ingest,
    listen: http.listen,
    token: readHttpToken(http),
    limits: { ...http, payloadBytes: limits.payloadBytes, lineBytes: limits.lineBytes },
  });
}
