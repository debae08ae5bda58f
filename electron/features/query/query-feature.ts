import { createCatalogSessions } from '../../adapters/postgres/catalog-sessions';
import { sweepSpoolFiles } from '../../adapters/postgres/spool-file';
import type { query } from '../../../shared/contract/query';
import type { Handlers } from '../../../shared/contract/define';
import { completionHandlers } from './completion/completion-handlers';
import { editHandlers } from './edit/edit-handlers';
import { exportHandlers } from './export/export-handlers';
import { createQueryCore, type QueryFeatureDeps } from './query-core';
import { resultHandlers } from './result-handlers';
import { sessionHandlers } from './session-handlers';

export interface QueryFeature {
  readonly handlers: Handlers<typeof query>;
  /** Ends every session. */
  close(): Promise<void>;
}

/** Query tabs: sessions, runs, and the results that the window pulls. */
export function createQueryFeature(deps: QueryFeatureDeps): QueryFeature {
  const aside = createCatalogSessions(deps.connections, deps.log);
  const core = createQueryCore(deps, aside);
  void sweepSpoolFiles(deps.tempFolder);
  const bug = (error: unknown): string => deps.log.bug('query', error);

  const stopListening = deps.connections.onDisconnect((serverId) => {
    for (const session of core.sessions.values()) if (session.serverId === serverId) session.disconnect().catch(bug);
  });

  return {
    handlers: {
      ...sessionHandlers(core),
      ...resultHandlers(core),
      ...exportHandlers(core),
      ...editHandlers(core),
      ...completionHandlers(core),
    },
    async close() {
      stopListening();
      await Promise.all([...core.sessions.values()].map((session) => session.close()));
      core.sessions.clear();
      await aside.close();
    },
  };
}
