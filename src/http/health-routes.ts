import type { FastifyInstance } from "fastify";

/** Why this process is not ready, a line each; none when it is. */
export type CheckReady = () => readonly string[] | Promise<readonly string[]>;

/** `/healthz` says that the process lives, `/readyz` whether it can do its work. */
export function addHealthRoutes(server: FastifyInstance, checkReady: CheckReady): void {
  const options = { config: { access: "open" } } as const;
  server.get("/healthz", options, () => ({ status: "alive" }));
  server.get("/readyz", options, async (_request, reply) => {
    const reasons = await checkReady();
    reply.code(reasons.length === 0 ? 200 : 503);
    return reasons.length === 0 ? { status: "ready" } : { status: "not ready", reasons };
  });
}
