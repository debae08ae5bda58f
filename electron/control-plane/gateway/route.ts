import { z } from 'zod';
import { RULE_ACTIONS, RULE_PROTOCOLS } from '../../../shared/model/security-rules';

const securityRule = z.object({
  action: z.enum(RULE_ACTIONS),
  source: z.string(),
  protocol: z.enum(RULE_PROTOCOLS),
  ports: z.string(),
  remark: z.string(),
});

/** Ordered rules of all bound security groups, one group after the other; null lets everyone in (public addresses). */
export const routeRules = z.array(securityRule).nullable();

/** One address of the gateway and the server behind it. */
export const route = z.object({
  /** `<instance>`, `<instance>/2` for its second private address, `<instance>/public`. */
  id: z.string(),
  host: z.string(),
  port: z.number().int().min(1).max(65_535),
  /** Private socket of the server; `host` and `port` where it listens on a private address. */
  target: z.union([z.object({ path: z.string() }), z.object({ host: z.string(), port: z.number().int() })]),
  /** `hold`: new connections wait (a restart or a switch is going on). */
  state: z.enum(['open', 'hold']),
  rules: routeRules,
  /** The port that the rules speak of, where the address had to take another one; its own port when absent. */
  rulePort: z.number().int().min(1).max(65_535).optional(),
});
export type Route = z.output<typeof route>;

/** What the gateway tells of a session that passes through it. */
export const sessionFacts = z.object({
  routeId: z.string(),
  /** `host:port` of the client. */
  client: z.string(),
  /** Milliseconds since the epoch. */
  since: z.number(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  /** `waiting`: held until the route is open; `open`: with a server. */
  state: z.enum(['starting', 'waiting', 'open']),
  /** From the start-up packet; empty under TLS, which only the server can read. */
  user: z.string(),
  database: z.string(),
  application: z.string(),
  tls: z.boolean(),
});
export type SessionFacts = z.output<typeof sessionFacts>;

/** How the rest of the control plane drives the gateway, wherever it runs. */
export interface GatewayControl {
  /**
   * Listens on the route's address, or changes what is behind it, its state or its rules. Sessions that new rules forbid end at once; a new
   * target touches no session: `cut` does. Fails with `conflict` when the address is taken.
   */
  setRoute(wanted: Route): Promise<void>;
  /** Changes who may come in and nothing else: sessions that are forbidden now end at once. Unknown ids are no failure. */
  setRules(id: string, rules: Route['rules']): Promise<void>;
  /**
   * Sets routes whose addresses may be those of each other. An address keeps its listener, with everybody who waits there, whatever route it had
   * before: who waits goes on with the new one. Nobody comes in between. Done twice it does nothing. Fails with `conflict` when an address
   * that no route has is taken by another program.
   */
  exchange(wanted: readonly Route[]): Promise<void>;
  /** Stops listening and ends the sessions. Unknown ids are no failure. */
  removeRoute(id: string): Promise<void>;
  /** Ends the sessions that are with a server (not those that wait): their server is lost. Returns how many. */
  cut(routeIds: readonly string[]): Promise<number>;
  sessions(): Promise<SessionFacts[]>;
}
