import { fastify, type FastifyError, type FastifyInstance } from "fastify";
import type { Guard } from "./guard.ts";
import { refuse, sendRefusal, type Refusal } from "./refusal.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** `open`: may be asked without a token. */
    access?: "open";
  }
}

export interface ServerOptions {
  /** How long a request may take to arrive whole. */
  readonly requestTimeoutMs: number;
  readonly guard: Guard;
  /** A bug of ours came up in a request. */
  readonly onInternal: (error: unknown) => void;
}

/** Longest part of a path: an asset id of 256 bytes of which each is written as `%XX`. */
const pathPartCharacters = 768;

/** After a slow body has been answered its connection is ended from outside, with this delay. */
const answerMarginMs = 1_000;

/** How often connections are looked at, milliseconds at most. */
const connectionCheckMs = 5_000;

/** What each path takes; every other method is told so. */
const routes: readonly (readonly [path: RegExp, methods: string])[] = [
  [/^\/v1\/events$/, "POST"],
  [/^\/v1\/orgs\/[^/]+\/assets\/[^/]+\/events$/, "POST"],
  [/^\/(?:healthz|readyz)$/, "GET, HEAD"],
];

/** A server without routes: who may ask, how refusals look, and nothing that reads a body. */
export function createServer({ requestTimeoutMs, guard, onInternal }: ServerOptions): FastifyInstance {
  const server = fastify({
    logger: false,
    requestTimeout: requestTimeoutMs + answerMarginMs,
    http: {
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(connectionCheckMs, requestTimeoutMs),
    },
    routerOptions: { maxParamLength: pathPartCharacters },
    // The guard says it in our words, with when to come again.
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => void sendRefusal(reply, frameworkRefusal(error)),
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _payload, done) => done(null));
  server.addHook("onRequest", async (request, reply) => {
    const refusal = guard(request);
    if (refusal !== undefined) return sendRefusal(reply, refusal);
    return undefined;
  });
  server.setNotFoundHandler((request, reply) => sendRefusal(reply, noRoute(request.method, request.url)));
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const refusal = frameworkRefusal(error);
    if (refusal.status === 500) onInternal(error);
    return sendRefusal(reply, refusal);
  });
  return server;
}

function noRoute(method: string, url: string): Refusal {
  const [path = ""] = url.split("?");
  const methods = routes.find(([pattern]) => pattern.test(path))?.[1];
  if (methods === undefined) return refuse(404, "NO_ROUTE", "there is nothing at this path");
  return refuse(405, "METHOD_NOT_ALLOWED", `${method} is not taken here, but ${methods}`, { allow: methods });
}

function frameworkRefusal({ code, message, statusCode }: Partial<FastifyError>): Refusal {
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
    return refuse(415, "BAD_MEDIA_TYPE", "the Content-Type is not a media type");
  if (statusCode === undefined || statusCode >= 500)
    return refuse(500, "INTERNAL", "something broke here; the server's log says more");
  return refuse(statusCode, "BAD_REQUEST", message ?? "the request is not understood");
}
