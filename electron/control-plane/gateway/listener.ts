import { createServer, type Server } from 'node:net';
import { AppError } from '../../../shared/errors';
import { compileRules, type Decide } from '../../../shared/model/security-rules';
import type { CancelKeys } from './cancel';
import type { Route } from './route';
import { serveClient, type Session, type SessionHost, type SessionLimits } from './session';
import { acceptedWire } from './wire';

export interface GatewayLimits extends SessionLimits {
  /** Connections of one address that have not said yet what they want: the oldest gives way to a new one. */
  readonly halfOpen: number;
  /** Connections of one address that wait for it to open. */
  readonly held: number;
}

/** One address of the gateway: who may come in, who is there, who waits. */
export interface Listener {
  readonly route: Route;
  readonly sessions: ReadonlySet<Session>;
  /** Of the same address: what is behind it, its state, its rules. Sessions that the rules forbid end. */
  change(wanted: Route): void;
  cut(): number;
  /** Stops listening and ends the sessions. */
  remove(): Promise<void>;
}

function listen(server: Server, { id, host, port }: Route): Promise<void> {
  const kind = id.endsWith('/public') ? 'public' : 'private';
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL';
      reject(
        taken
          ? new AppError(
              {
                code: 'conflict',
                message: `The ${kind} address ${host}:${port} cannot be used (${error.code ?? ''}): another program listens there`,
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

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const KEEP_ALIVE_MS = 60_000;
const LOG_EVERY_MS = 1_000;

/** At most one line a second, whatever clients do. */
function slowly(log: (text: string) => void): (text: string) => void {
  let last = 0;
  let skipped = 0;
  return (text) => {
    if (Date.now() - last < LOG_EVERY_MS) {
      skipped += 1;
      return;
    }
    last = Date.now();
    log(skipped === 0 ? text : `${text} (and ${skipped} more lines before)`);
    skipped = 0;
  };
}

/** Fails with `conflict` when the address is taken. */
export async function openListener(
  first: Route,
  limits: GatewayLimits,
  keys: CancelKeys,
  logLine: (text: string) => void,
): Promise<Listener> {
  let route = first;
  let decide: Decide | null = first.rules && compileRules(first.rules);
  let isRemoved = false;
  const log = slowly((text) => logLine(`${route.id}: ${text}`));
  const sessions = new Set<Session>();
  /** In the order of arrival. */
  const halfOpen = new Set<Session>();
  const waiting = new Set<(open: boolean) => void>();
  const mayEnter = (source: string): boolean =>
    decide === null || decide(source, route.rulePort ?? route.port).action === 'ACCEPT';

  const host: SessionHost = {
    limits,
    keys,
    log,
    route: () => (isRemoved ? null : route),
    greeted: (session) => void halfOpen.delete(session),
    async whenOpen(ms) {
      if (isRemoved) return 'removed';
      if (route.state === 'open') return 'open';
      if (ms <= 0) return 'late';
      if (waiting.size >= limits.held) return 'full';
      const isOpen = await new Promise<boolean>((resolve) => {
        const done = (open: boolean): void => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve(open);
        };
        const timer = setTimeout(() => done(false), ms);
        waiting.add(done);
      });
      return isOpen ? 'open' : isRemoved ? 'removed' : 'late';
    },
    unreadable: () => {
      const found = [...sessions].flatMap(({ tls, target }) => (tls && target ? [target] : []));
      return [...new Map(found.map((target) => [JSON.stringify(target), target])).values()];
    },
  };

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (accepted) => {
    const source = accepted.remoteAddress ?? '';
    if (isRemoved || !mayEnter(source)) {
      accepted.destroy();
      return;
    }
    if (halfOpen.size >= limits.halfOpen) for (const oldest of [...halfOpen].slice(0, 1)) oldest.end();
    const wire = acceptedWire(accepted);
    wire.socket.setNoDelay(true);
    if (!LOOPBACK.test(source)) wire.socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const session = serveClient(wire, host, () => {
      sessions.delete(session);
      halfOpen.delete(session);
    });
    sessions.add(session);
    halfOpen.add(session);
  });
  await listen(server, first);
  server.on('error', (error) => log(error.message));

  return {
    get route() {
      return route;
    },
    sessions,
    change(wanted) {
      route = wanted;
      decide = wanted.rules && compileRules(wanted.rules);
      for (const session of sessions) if (!mayEnter(session.address)) session.end();
      if (wanted.state === 'open') for (const done of waiting) done(true);
    },
    cut: () => [...sessions].filter((session) => session.cut()).length,
    async remove() {
      isRemoved = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const done of waiting) done(false);
      for (const session of sessions) session.end();
      await closed;
    },
  };
}
