import { createServer, type Server } from 'node:net';
import { compileRules, type Decide } from '../../../shared/model/security-rules';
import { AppError } from '../../../shared/errors';
import type { GatewayControl, Route } from './route';
import { serveClient, type Session, type SessionLimits } from './session';

export interface GatewayLimits extends SessionLimits {
  /** Connections of one address that have not begun a session yet. */
  readonly halfOpen: number;
}

export const GATEWAY_LIMITS: GatewayLimits = { startupMs: 10_000, loginMs: 75_000, holdMs: 60_000, halfOpen: 200 };

interface Listener {
  route: Route;
  decide: Decide | null;
  readonly server: Server;
  readonly sessions: Set<Session>;
  /** Connections that wait for the route to open. */
  readonly waiting: Set<(open: boolean) => void>;
  removed: boolean;
}

const sameAddress = (a: Route, b: Route): boolean => a.host === b.host && a.port === b.port;

function listen(server: Server, { host, port }: Route): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL';
      reject(
        taken
          ? new AppError(
              {
                code: 'conflict',
                message: `The private address ${host}:${port} cannot be used (${error.code ?? ''}): another program listens there`,
                hint: 'Stop the program that uses this address.',
                retry: true,
              },
              { cause: error },
            )
          : error,
      );
    };
    server.once('error', failed);
    server.listen({ host, port, backlog: 511 }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

/** The gateway itself: one listener per route, and all that passes through. */
export function createGateway(
  log: (text: string) => void,
  limits: GatewayLimits = GATEWAY_LIMITS,
): GatewayControl & { keepOnly(ids: readonly string[]): Promise<void>; close(): Promise<void> } {
  const listeners = new Map<string, Listener>();
  const keys = new Map<string, Route['target']>();

  const whenOpen = (listener: Listener, ms: number): Promise<boolean> => {
    if (listener.removed) return Promise.resolve(false);
    if (listener.route.state === 'open') return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = (open: boolean): void => {
        clearTimeout(timer);
        listener.waiting.delete(done);
        resolve(open);
      };
      const timer = setTimeout(() => done(false), ms);
      listener.waiting.add(done);
    });
  };

  const release = (listener: Listener, open: boolean): void => {
    for (const done of listener.waiting) done(open);
  };

  const accept = (listener: Listener): void => {
    listener.server.on('connection', (client) => {
      if (!mayEnter(listener, client.remoteAddress ?? '')) {
        client.destroy();
        return;
      }
      let halfOpen = 0;
      for (const session of listener.sessions) if (!session.started) halfOpen += 1;
      if (halfOpen >= limits.halfOpen) {
        client.destroy();
        return;
      }
      const session = serveClient(
        client,
        {
          limits,
          route: () => (listener.removed ? null : listener.route),
          whenOpen: (ms) => whenOpen(listener, ms),
          rememberKey: (key, target) => void keys.set(key, target),
          forgetKey: (key) => void keys.delete(key),
          targetOf: (key) => keys.get(key) ?? null,
          log: (text) => log(`${listener.route.id}: ${text}`),
        },
        () => listener.sessions.delete(session),
      );
      listener.sessions.add(session);
    });
    listener.server.on('error', (error) => log(`${listener.route.id}: ${error.message}`));
  };

  const mayEnter = ({ decide, route }: Listener, source: string): boolean =>
    decide === null || decide(source, route.port).action === 'ACCEPT';

  const remove = async (id: string): Promise<void> => {
    const listener = listeners.get(id);
    if (!listener) return;
    listeners.delete(id);
    listener.removed = true;
    release(listener, false);
    const closed = new Promise<void>((resolve) => listener.server.close(() => resolve()));
    for (const session of listener.sessions) session.end();
    await closed;
  };

  return {
    async setRoute(wanted) {
      const known = listeners.get(wanted.id);
      if (known && sameAddress(known.route, wanted)) {
        known.route = wanted;
        known.decide = wanted.rules && compileRules(wanted.rules);
        for (const session of known.sessions) if (!mayEnter(known, session.address)) session.end();
        if (wanted.state === 'open') release(known, true);
        return;
      }
      if (known) await remove(wanted.id);
      const listener: Listener = {
        route: wanted,
        decide: wanted.rules && compileRules(wanted.rules),
        server: createServer({ allowHalfOpen: true }),
        sessions: new Set(),
        waiting: new Set(),
        removed: false,
      };
      await listen(listener.server, wanted);
      accept(listener);
      listeners.set(wanted.id, listener);
    },
    removeRoute: remove,
    async cut(routeIds) {
      const found = [...listeners.values()]
        .filter(({ route }) => routeIds.includes(route.id))
        .flatMap(({ sessions }) => [...sessions])
        .filter(({ state }) => state === 'open');
      for (const session of found) session.end();
      return found.length;
    },
    sessions: async () =>
      [...listeners.values()].flatMap((listener) =>
        [...listener.sessions].map((session) => ({
          routeId: listener.route.id,
          client: session.client,
          since: session.since,
          bytesIn: session.traffic.in,
          bytesOut: session.traffic.out,
          state: session.state,
          user: session.user,
          database: session.database,
          application: session.application,
          tls: session.tls,
        })),
      ),
    async keepOnly(ids) {
      await Promise.all([...listeners.keys()].filter((id) => !ids.includes(id)).map(remove));
    },
    async close() {
      await Promise.all([...listeners.keys()].map(remove));
    },
  };
}
