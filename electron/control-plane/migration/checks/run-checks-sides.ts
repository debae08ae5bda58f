import { AppError, errorInfo } from '../../../../shared/errors';
import type { Finding } from '../../../../shared/model/migration';
import type { TestStep } from '../../../../shared/model/server';
import { openClient } from '../../../adapters/postgres/connect';
import { openSession, type PgSession } from '../../../adapters/postgres/session';
import { endpoint, profileOf, type Reachable } from '../endpoint';
import type { CheckedSide } from './check';
import { createCheckSessions, type CheckSessions, type SessionView } from './run-checks-sessions';

/** One server of a check while it runs. */
export interface OpenSide {
  readonly sessions: CheckSessions;
  readonly facts: Pick<CheckedSide, 'endpoint' | 'versionNum' | 'major' | 'user' | 'superuser'>;
  /** The side as one check gets it; `leave` ends what the check has left open. */
  lend(): { readonly side: CheckedSide; session(database: string): PgSession; leave(): Promise<void> };
  close(): Promise<void>;
}

/**
 * Names are never looked up in schemas of the person: the checks see the same on every server, and nothing planted runs in their place. Sizes
 * and definitions of a table that somebody has locked would be waited for without end.
 */
const PREPARE =
  "SELECT pg_catalog.set_config('search_path', '', false), pg_catalog.set_config('lock_timeout', '3s', false)";
const ACCOUNT = `SELECT current_user::text AS name, pg_catalog.current_setting('server_version') AS version,
(SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS superuser`;

export const REACHABLE = { check: 'reachable', step: 'ConnectDBCheck', title: 'Connection' } as const;

const STEPS: Readonly<Record<TestStep['step'], string>> = {
  tunnel: 'SSH tunnel',
  name: 'name of the host',
  tcp: 'network',
  tls: 'encryption',
  authentication: 'login',
  database: 'database',
  role: 'role',
};

/** Connects step by step. Answers what was found; null is never an error of ours: `cancelled` is thrown. */
export async function tryReach(
  side: 'source' | 'target',
  to: Reachable,
  jobId: string,
  signal: AbortSignal,
): Promise<Finding> {
  const steps: TestStep[] = [];
  const place = to.host === '' ? to.instanceId : `${to.host}:${to.port}`;
  const told = { ...REACHABLE, side, database: '', count: 0, sql: '', fix: null };
  try {
    const opened = await openClient(profileOf(to, to.database, jobId), signal, (step) => steps.push(step));
    await opened.client.end().catch(() => opened.destroy());
    opened.release();
    return {
      ...told,
      level: 'pass',
      found: `Connected to ${place} as ${to.user}, PostgreSQL ${opened.serverVersion}`,
      items: [],
      effect: '',
      remedy: '',
    };
  } catch (error) {
    const info = errorInfo(error);
    if (info.code === 'cancelled' || !(error instanceof AppError)) throw error;
    const failed = steps.findLast(({ state }) => state === 'failed');
    const why = failed?.detail || info.message;
    const items = steps
      .filter(({ state }) => state !== 'skipped')
      .map(({ step, state, detail }) => `${STEPS[step]}: ${state}${detail === '' ? '' : `, ${detail}`}`);
    return {
      ...told,
      level: 'failed',
      found: `The ${side}${why.includes(place) ? '' : ` ${place}`} cannot be reached${failed ? ` (${STEPS[failed.step]})` : ''}: ${why}`,
      items: items.slice(0, 100),
      count: items.length,
      effect: 'Nothing else can be checked, and the task cannot begin.',
      remedy: failed?.hint || info.hint || 'Check address, port, account and password.',
    };
  }
}

/** Logs in and learns who we are. Fails as `openSession` does. */
export async function openSide(to: Reachable, jobId: string, most: number, signal: AbortSignal): Promise<OpenSide> {
  const extra = new Set<PgSession>();
  const sessions = createCheckSessions({
    most,
    signal,
    open: async (database) => {
      const session = await openSession(profileOf(to, database, jobId), signal);
      try {
        await session.query(PREPARE, [], signal);
      } catch (error) {
        await session.end();
        throw error;
      }
      return session;
    },
  });
  const close = async (): Promise<void> => {
    await Promise.all([sessions.close(), ...[...extra].map((session) => session.end())]);
  };
  try {
    const { server, account } = await sessions.use(to.database, async (session) => ({
      server: { serverVersion: session.serverVersion, serverVersionNum: session.serverVersionNum, tls: session.tls },
      account: (await session.query<{ name: string; superuser: boolean }>(ACCOUNT, [], signal))[0],
    }));
    const facts: OpenSide['facts'] = {
      endpoint: endpoint.parse(to),
      versionNum: server.serverVersionNum,
      major: Math.floor(server.serverVersionNum / 10_000),
      user: account?.name ?? to.user,
      superuser: account?.superuser ?? false,
    };
    const lend: OpenSide['lend'] = () => {
      const views = new Map<string, SessionView>();
      const view = (database: string): PgSession => {
        const known = views.get(database) ?? sessions.view(database, server);
        views.set(database, known);
        return known.session;
      };
      const side: CheckedSide = {
        ...facts,
        server: view(to.database),
        async session(database) {
          await sessions.use(database, async () => undefined);
          return view(database);
        },
        async open(database, how) {
          const session = await openSession(profileOf(to, database, jobId), signal, how);
          extra.add(session);
          session.onClose(() => extra.delete(session));
          return session;
        },
      };
      return {
        side,
        session: view,
        leave: async () => void (await Promise.all([...views.values()].map((each) => each.leave()))),
      };
    };
    return { sessions, facts, lend, close };
  } catch (error) {
    await close();
    throw error;
  }
}
