import { performance } from 'node:perf_hooks';
import type { dashboard } from '../../../shared/contract/dashboard';
import type { CallContext, Handlers } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import type { Look } from '../../../shared/model/dashboard';
import { createCatalogSessions } from '../../adapters/postgres/catalog-sessions';
import type { PgSession } from '../../adapters/postgres/session';
import type { Logger } from '../../log';
import type { Connections } from '../../ports';
import { readActivity } from './activity';
import { readSettings } from './configuration';
import { readHealth } from './health';
import { readLog } from './logs';
import { readReplication } from './replication';
import { readBlocking, readLocks, readPrepared, readSessions } from './sessions';
import { signalBackends } from './signals';

/** Seconds a look may take: a server under load is not to be burdened by being looked at. */
const LOOK_SECONDS = 15;

export interface DashboardFeature {
  readonly handlers: Handlers<typeof dashboard>;
  close(): Promise<void>;
}

export interface DashboardDeps {
  readonly connections: Connections;
  readonly log: Logger;
}

interface Where {
  readonly serverId: string;
  readonly database: string;
}

/** What a server is doing now: asked only while somebody looks, over one read-only session for each database that is looked at. */
export function createDashboardFeature({ connections, log }: DashboardDeps): DashboardFeature {
  const sessions = createCatalogSessions(
    {
      ...connections,
      profile: async (serverId, database, signal) => ({
        ...(await connections.profile(serverId, database, signal)),
        statementTimeout: LOOK_SECONDS,
      }),
    },
    log,
  );

  const look =
    <Input extends Where, T>(read: (session: PgSession, input: Input, signal: AbortSignal) => Promise<T>) =>
    (input: Input, { signal }: CallContext): Promise<Look<T>> =>
      sessions.use(input.serverId, input.database, signal, async (session) => {
        const started = performance.now();
        const value = await read(session, input, signal);
        return { ms: performance.now() - started, value };
      });

  return {
    handlers: {
      activity: look((session, { of }, signal) => readActivity(session, of === 'database', signal)),
      sessions: look((session, _where, signal) => readSessions(session, signal)),
      blocking: look((session, _where, signal) => readBlocking(session, signal)),
      locks: look((session, _where, signal) => readLocks(session, signal)),
      prepared: look((session, _where, signal) => readPrepared(session, signal)),
      replication: look((session, _where, signal) => readReplication(session, signal)),
      settings: look((session, _where, signal) => readSettings(session, signal)),
      log: look((session, { file, bytes }, signal) => readLog(session, file, bytes, signal)),
      health: look((session, _where, signal) => readHealth(session, signal)),
      signal: async ({ serverId, database, deed, backends }, { signal }) => {
        if ((await connections.profile(serverId, database, signal)).readOnly) {
          throw new AppError({
            code: 'denied',
            message: 'This server is registered as read-only',
            hint: 'Turn Read-only off in the registration of the server, or use another one.',
          });
        }
        return sessions.use(serverId, database, signal, (session) => signalBackends(session, deed, backends, signal));
      },
      leave: async ({ serverId }) => sessions.leave(serverId),
    },
    close: () => sessions.close(),
  };
}
