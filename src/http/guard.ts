import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { isLocalAuthority } from "./loopback.ts";
import { refuse, refuseForNow, type Refusal } from "./refusal.ts";

/** Lets a request through, or says why not. */
export type Guard = (request: FastifyRequest) => Refusal | undefined;

export interface GuardOptions {
  /** Without it only this machine's own requests go through. */
  readonly token: string | undefined;
  readonly isClosing: () => boolean;
}

/** Who may ask for what; routes whose `config.access` is `open` may be asked by anyone who may ask at all. */
export function createGuard({ token, isClosing }: GuardOptions): Guard {
  const checkSender = token === undefined ? checkLocal : checkToken(token);
  return (request) => {
    const { access } = request.routeOptions.config;
    const refusal = token !== undefined && access === "open" ? undefined : checkSender(request);
    if (refusal !== undefined || access === "open" || !isClosing()) return refusal;
    return refuseForNow(503, "CLOSING", "this server is closing; send it again");
  };
}

/**
 * A web page that a person here has open can have its browser send requests to this machine: under a name of the page's
 * own that was made to lead here (a foreign `Host`), or from the page (a foreign `Origin`). Neither may send events.
 */
function checkLocal({ headers }: FastifyRequest): Refusal | undefined {
  const { host, origin } = headers;
  if (host !== undefined && !isLocalAuthority(host)) {
    return refuse(
      403,
      "FOREIGN_HOST",
      "without a token only localhost, 127.0.0.1 and [::1] may stand in Host; set http.token to be reached by another name",
    );
  }
  if (origin !== undefined && !(URL.canParse(origin) && isLocalAuthority(new URL(origin).host))) {
    return refuse(403, "FOREIGN_ORIGIN", "without a token no page of another site may send events");
  }
  return undefined;
}

function checkToken(token: string): Guard {
  const expected = digest(token);
  return ({ headers }) => {
    const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
    // Of equal length, so that the time which comparing takes says nothing of the token.
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return undefined;
    return refuse(401, "UNAUTHORIZED", "send the token as Authorization: Bearer TOKEN", {
      "www-authenticate": 'Bearer realm="millrace"',
    });
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
