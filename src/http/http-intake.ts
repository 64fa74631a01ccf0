import type { FastifyInstance } from "fastify";
import { MillraceError } from "../model/error.ts";
import type { EventSink } from "./append-events.ts";
import { addEventRoutes, type BodyLimits } from "./event-routes.ts";
import { createGuard } from "./guard.ts";
import { addHealthRoutes, type CheckReady } from "./health-routes.ts";
import { isLoopback } from "./loopback.ts";
import { createServer } from "./server.ts";

export interface HttpIntakeOptions extends EventSink {
  /** An IP address and a port; 0 takes any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** What requests must carry; without it the address must be a loopback. */
  readonly token: string | undefined;
  readonly limits: BodyLimits;
  readonly ready: CheckReady;
}

/** Events over HTTP, into the log. */
export interface HttpIntake {
  /** Where it listens, as `http://HOST:PORT`. */
  readonly address: string;
  /**
   * Takes no more requests, finishes those that have begun (their bodies come within the request's timeout), then ends
   * every connection; idempotent. The log must stay open until then.
   */
  close(): Promise<void>;
}

/** Starts to listen. Rejects with `CONFIG` where it may not or cannot. */
export async function openHttpIntake(options: HttpIntakeOptions): Promise<HttpIntake> {
  const { listen, token, limits, ready, onFault } = options;
  if (token === undefined && !isLoopback(listen.host)) {
    throw new MillraceError(
      "CONFIG",
      `http.listen: ${shown(listen)} can be reached from elsewhere; set http.token or http.tokenFile, or listen on 127.0.0.1`,
    );
  }
  let closing: Promise<void> | undefined;
  const isClosing = (): boolean => closing !== undefined;
  const server = createServer({
    requestTimeoutMs: limits.requestTimeoutMs,
    guard: createGuard({ token, isClosing }),
    onInternal: (cause) => onFault(new MillraceError("INTERNAL", `HTTP: ${String(cause)}`, { cause })),
  });
  addEventRoutes(server, options, limits);
  addHealthRoutes(server, () => (isClosing() ? ["it is closing"] : ready()));
  const begun = countRequests(server, isClosing);
  const address = await startListening(server, listen);
  return { address, close: () => (closing ??= closeServer(server, begun)) };
}

async function startListening(server: FastifyInstance, listen: HttpIntakeOptions["listen"]): Promise<string> {
  try {
    return await server.listen({ ...listen });
  } catch (cause) {
    await server.close();
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
    throw new MillraceError("CONFIG", `http.listen: cannot listen on ${shown(listen)}: ${reason}`, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program has this port; name another port, or end that program",
  EACCES: "this user may not take this port; name one from 1024 on",
  EADDRNOTAVAIL: "this machine has no such address",
};

/** Requests that are under way. */
interface Begun {
  readonly done: () => Promise<void>;
}

/** Counts requests from their headers to the last byte of their answer. */
function countRequests(server: FastifyInstance, isClosing: () => boolean): Begun {
  let count = 0;
  let onNone = (): void => undefined;
  const end = (): void => {
    count -= 1;
    if (count === 0) onNone();
  };
  server.server.on("request", (_request, response) => {
    count += 1;
    // Also comes where the connection breaks before the answer is out.
    response.once("close", end);
  });
  server.addHook("onSend", async (_request, reply) => {
    if (isClosing()) reply.header("connection", "close");
  });
  return {
    done: () =>
      new Promise((resolve) => {
        onNone = resolve;
        if (count === 0) resolve();
      }),
  };
}

/**
 * Node waits for each connection that is not idle, and counts one as busy on which nothing was ever sent: once nothing
 * that began is left, the rest is cut.
 */
async function closeServer(server: FastifyInstance, begun: Begun): Promise<void> {
  const closed = server.close();
  await begun.done();
  server.server.closeAllConnections();
  await closed;
}

function shown({ host, port }: HttpIntakeOptions["listen"]): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
