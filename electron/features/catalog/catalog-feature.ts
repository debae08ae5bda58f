import type { Contract } from '../../../shared/contract/index';
import type { Handlers } from '../../../shared/contract/define';
import type { ObjectRef } from '../../../shared/model/catalog';
import type { ObjectName } from '../../../shared/model/object-name';
import type { Logger } from '../../log';
import type { Connections } from '../../ports';
import { readChildren, readFolders, readProperties } from './catalog-reader';
import { createCatalogSessions } from './catalog-sessions';
import { databaseDdl, type DatabaseDdl } from './ddl/database-ddl';
import { objectDdl } from './ddl/object-ddl';
import { findObjects } from './find-objects';

export interface CatalogFeature {
  readonly handlers: Handlers<Contract['catalog']>;
  /** The statements that make a whole database anew; for the command line. */
  databaseDdl(serverId: string, database: string, signal: AbortSignal): Promise<DatabaseDdl>;
  /** The statements of every object with a name, e.g. all functions `public.total`; for the command line. */
  namedDdl(
    serverId: string,
    database: string,
    name: ObjectName,
    signal: AbortSignal,
  ): Promise<{ readonly object: ObjectRef; readonly sql: string }[]>;
  /** Ends every session. */
  close(): Promise<void>;
}

/** The object tree: what is in a server, what is known of one object, and the statements that make it anew. */
export function createCatalogFeature(deps: {
  readonly connections: Connections;
  readonly log: Logger;
}): CatalogFeature {
  const sessions = createCatalogSessions(deps.connections, deps.log);
  const databaseOf = (database: string): string | null => (database === '' ? null : database);
  return {
    handlers: {
      folders: ({ serverId, database, parent, showSystem }, { signal }) =>
        sessions.use(serverId, databaseOf(database), signal, (session) =>
          readFolders(session, parent, showSystem, signal),
        ),
      children: ({ serverId, database, folder, parent, showSystem }, { signal }) =>
        sessions.use(serverId, databaseOf(database), signal, (session) =>
          readChildren(session, folder, parent, showSystem, signal),
        ),
      properties: ({ serverId, database, object }, { signal }) =>
        sessions.use(serverId, databaseOf(database), signal, (session) => readProperties(session, object, signal)),
      ddl: async ({ serverId, database, object }, { signal }) => ({
        sql: await sessions.use(serverId, databaseOf(database), signal, (session) =>
          objectDdl(session, object, signal),
        ),
      }),
    },
    databaseDdl: (serverId, database, signal) =>
      sessions.use(serverId, database, signal, (session) => databaseDdl(session, signal)),
    namedDdl: (serverId, database, name, signal) =>
      sessions.use(serverId, database, signal, async (session) => {
        const found: { object: ObjectRef; sql: string }[] = [];
        for (const object of await findObjects(session, name, signal)) {
          found.push({ object, sql: await objectDdl(session, object, signal) });
        }
        return found;
      }),
    close: () => sessions.close(),
  };
}
