import { z } from 'zod';

/** One address of the gateway and the server behind it. */
export const route = z.object({
  /** Id of the instance. */
  id: z.string(),
  host: z.string(),
  port: z.number().int().min(1).max(65_535),
  /** Private socket of the server; `host` and `port` where it listens on a private address. */
  target: z.union([z.object({ path: z.string() }), z.object({ host: z.string(), port: z.number().int() })]),
  /** `hold`: new connections wait (a restart is going on). */
  state: z.enum(['open', 'hold']),
});
export type Route = z.output<typeof route>;

/** What the gateway tells of a session that passes through it. */
export const sessionFacts = z.object({
  routeId: z.string(),
  client: z.string(),
  /** Milliseconds since the epoch. */
  since: z.number(),
  bytesIn: z.number(),
  bytesOut: z.number(),
});
export type SessionFacts = z.output<typeof sessionFacts>;

/** How the rest of the control plane drives the gateway, wherever it runs. */
export interface GatewayControl {
  /** Listens on the route's address, or changes what is behind it. Fails with `conflict` when the address is taken. */
  setRoute(wanted: Route): Promise<void>;
  /** Stops listening and ends the sessions. Unknown ids are no failure. */
  removeRoute(id: string): Promise<void>;
  sessions(): Promise<SessionFacts[]>;
}
