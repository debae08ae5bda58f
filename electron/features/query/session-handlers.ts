import { randomBytes } from 'node:crypto';
import type { query } from '../../../shared/contract/query';
import type { Handlers } from '../../../shared/contract/define';
import type { SessionMode } from '../../../shared/model/query';
import type { QueryCore } from './query-core';
import { QuerySession } from './query-session';

type SessionCalls =
  | 'open'
  | 'close'
  | 'attach'
  | 'run'
  | 'cancel'
  | 'drop'
  | 'state'
  | 'setMode'
  | 'transact'
  | 'setRole'
  | 'roles'
  | 'restore'
  | 'pin'
  | 'arrange';

const PLAIN_MODE: SessionMode = { autocommit: true, onError: 'stop' };

/** Roles that a user may set; from 16 on membership alone is not enough. Names come first that a person may know. */
const ROLES = `SELECT r.rolname AS name FROM pg_catalog.pg_roles r
  WHERE r.rolname <> $1 AND pg_catalog.pg_has_role($1::name, r.oid, $2)
  ORDER BY r.rolname LIKE 'pg\\_%', r.rolname`;

/** Sessions of tabs and what runs in them. */
export function sessionHandlers(core: QueryCore): Pick<Handlers<typeof query>, SessionCalls> {
  const { deps, sessions, sessionOf, resultOf, aside } = core;
  return {
    async open({ serverId, database, as = null, mode = PLAIN_MODE }, { signal }) {
      const id = randomBytes(8).toString('hex');
      const session = new QuerySession(
        id,
        { serverId, database, as, mode },
        {
          connections: deps.connections,
          tempFolder: deps.tempFolder,
          changed: (state) => deps.emit('state', state),
          ran: (entry) => deps.history.record(entry),
          bug: (error) => deps.log.bug('query', error),
        },
      );
      const info = await session.open(signal);
      sessions.set(id, session);
      return info;
    },
    async close({ sessionId }) {
      const session = sessions.get(sessionId);
      sessions.delete(sessionId);
      await session?.close();
    },
    attach: async ({ sessionId }) => sessionOf(sessionId).info(),
    run: async ({ sessionId, sql, explain = null }) => ({ runId: sessionOf(sessionId).run(sql, explain) }),
    cancel: async ({ sessionId }) => sessionOf(sessionId).cancel(),
    drop: async ({ sessionId }) => sessionOf(sessionId).disconnect('The connection was closed by this program'),
    state: async ({ sessionId }) => sessionOf(sessionId).state(),
    setMode: async ({ sessionId, mode }) => sessionOf(sessionId).setMode(mode),
    transact: async ({ sessionId, deed, name }) => sessionOf(sessionId).transact(deed, name),
    setRole: async ({ sessionId, role }) => sessionOf(sessionId).setRole(role),
    async roles({ sessionId }, { signal }) {
      const { serverId, database, user, serverVersionNum } = sessionOf(sessionId).info();
      const right = serverVersionNum >= 160_000 ? 'SET' : 'MEMBER';
      const rows = await aside.use(serverId, database, signal, (session) =>
        session.query<{ name: string }>(ROLES, [user, right], signal),
      );
      return { roles: rows.map(({ name }) => name) };
    },
    restore: async ({ sessionId, again }) => sessionOf(sessionId).restore(again),
    async pin({ resultId, pinned }) {
      const { session, result } = resultOf(resultId);
      session.pin(result, pinned);
    },
    async arrange({ resultId, arrangement }, { signal }) {
      const { session, result } = resultOf(resultId);
      return { resultId: await session.arrange(result, arrangement, signal) };
    },
  };
}
