import type { query } from '../../../shared/contract/query';
import type { Emit } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import type { CatalogSessions } from '../../adapters/postgres/catalog-sessions';
import type { Logger } from '../../log';
import type { Connections, FileTokens, QueryHistory, TaskRunner } from '../../ports';
import type { QuerySession } from './query-session';
import type { ResultSet } from './result-set';

export interface QueryFeatureDeps {
  readonly connections: Connections;
  readonly runner: TaskRunner;
  readonly files: FileTokens;
  readonly history: QueryHistory;
  readonly emit: Emit<typeof query>;
  readonly log: Logger;
  /** Folder of this program alone, where rows that don't fit into memory go. Must exist. */
  readonly tempFolder: string;
}

/** What all groups of the feature's handlers stand on. */
export interface QueryCore {
  readonly deps: QueryFeatureDeps;
  readonly sessions: Map<string, QuerySession>;
  /** Sessions beside those of the tabs, for names and lookups: a tab's own is never waited for. */
  readonly aside: CatalogSessions;
  /** Fails with `not-found` when it is closed. */
  sessionOf(sessionId: string): QuerySession;
  /** Fails with `not-found` when it is no longer held. */
  resultOf(resultId: string): { session: QuerySession; result: ResultSet };
}

export function createQueryCore(deps: QueryFeatureDeps, aside: CatalogSessions): QueryCore {
  const sessions = new Map<string, QuerySession>();
  return {
    deps,
    sessions,
    aside,
    sessionOf(sessionId) {
      const session = sessions.get(sessionId);
      if (!session) throw new AppError({ code: 'not-found', message: 'This session is closed' });
      return session;
    },
    resultOf(resultId) {
      const session = sessions.get(resultId.split('.')[0] ?? '');
      const result = session?.result(resultId);
      if (!session || !result) throw new AppError({ code: 'not-found', message: 'This result is no longer held' });
      return { session, result };
    },
  };
}
