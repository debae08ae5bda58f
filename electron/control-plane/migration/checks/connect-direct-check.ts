import { AppError } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';
import { importSnapshot } from '../copy/snapshot';
import type { Check, CheckContext, CheckedSide, Found } from './check';
import { passed } from './saying';

/**
 * A load balancer sends connections to several servers, a pooler gives them to whoever is free. Neither can be seen from one connection.
 */

const INSTANCE_SQL = `SELECT coalesce(pg_catalog.inet_server_addr()::text, 'local') || ' port '
  || coalesce(pg_catalog.inet_server_port()::text, '') || ', started ' || pg_catalog.pg_postmaster_start_time()::text AS server`;
const PID_SQL = 'SELECT pg_catalog.pg_backend_pid() AS pid';
const EXPORT_SQL = 'SELECT pg_catalog.pg_export_snapshot() AS id';
const CONNECTIONS = 3;
const ASKED = 3;

interface Verdict {
  readonly problem: string;
  readonly items: readonly string[];
  readonly sql: string;
}

async function readServers(sessions: readonly PgSession[], signal: AbortSignal): Promise<Verdict | null> {
  const servers = new Set<string>();
  for (const session of sessions) {
    const [row] = await session.query<{ server: string }>(INSTANCE_SQL, [], signal);
    servers.add(row?.server ?? '');
  }
  if (servers.size < 2) return null;
  return {
    problem: `${CONNECTIONS} connections reached ${servers.size} different servers`,
    items: [...servers],
    sql: INSTANCE_SQL,
  };
}

/** A pooler gives one backend to several of us, or several to one of us. */
async function readBackends(sessions: readonly PgSession[], signal: AbortSignal): Promise<Verdict | null> {
  const backends = new Map<number, PgSession>();
  for (let asked = 0; asked < ASKED; asked += 1) {
    for (const session of sessions) {
      const [row] = await session.query<{ pid: number }>(PID_SQL, [], signal);
      const pid = row?.pid ?? 0;
      const known = backends.get(pid) ?? session;
      backends.set(pid, session);
      if (known === session && backends.size <= sessions.length) continue;
      return {
        problem: 'Connections share backends of the server, as a pooler in transaction mode has it',
        items: [...backends.keys()].map((each) => `backend ${each}`),
        sql: PID_SQL,
      };
    }
  }
  return null;
}

async function trySnapshot(holder: PgSession, other: PgSession, signal: AbortSignal): Promise<Verdict | null> {
  await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', [], signal);
  try {
    const [row] = await holder.query<{ id: string }>(EXPORT_SQL, [], signal);
    for (const statement of importSnapshot(row?.id ?? '').split('; ')) await other.query(statement, [], signal);
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'sql') throw error;
    return { problem: `A second connection cannot share a snapshot: ${error.message}`, items: [], sql: EXPORT_SQL };
  } finally {
    await holder.query('ROLLBACK', []).catch(() => undefined);
    await other.query('ROLLBACK', []).catch(() => undefined);
  }
}

async function look(name: 'source' | 'target', side: CheckedSide, signal: AbortSignal): Promise<Found> {
  const sessions: PgSession[] = [];
  try {
    for (let made = 0; made < CONNECTIONS; made += 1) sessions.push(await side.open(side.endpoint.database));
    const [first, second] = sessions;
    const verdict =
      (await readServers(sessions, signal)) ??
      (await readBackends(sessions, signal)) ??
      (name === 'source' && first && second ? await trySnapshot(first, second, signal) : null);
    if (!verdict)
      return passed({ side: name }, `${CONNECTIONS} connections reached the same server directly`, INSTANCE_SQL);
    return {
      level: 'failed',
      side: name,
      database: '',
      found: verdict.problem,
      items: [...verdict.items],
      effect:
        name === 'source'
          ? 'Tables would be read from different states, or not at all: a snapshot is known to one server only.'
          : 'Rows would go to different servers, and settings of a session would be lost.',
      remedy: `Give the address of one server itself for the ${name}: not a load balancer, and no pooler in transaction mode (with PgBouncer pool_mode = session, or the port of PostgreSQL).`,
      sql: verdict.sql,
    };
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
  }
}

export const directEndpoint: Check = {
  id: 'direct-endpoint',
  step: 'ConnectDBCheck',
  title: 'Direct connections',
  applies: () => true,
  run: async ({ source, target, signal }: CheckContext) => [
    await look('source', source, signal),
    await look('target', target, signal),
  ],
};
