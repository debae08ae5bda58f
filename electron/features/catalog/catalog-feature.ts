import { errorInfo } from '../../../shared/errors';
import type { Contract } from '../../../shared/contract/index';
import type { Handlers } from '../../../shared/contract/define';
import type { ObjectRef } from '../../../shared/model/catalog';
import type { ObjectName } from '../../../shared/model/object-name';
import type { PgSession } from '../../adapters/postgres/session';
import type { Logger } from '../../log';
import type { ConnectionProfile, Connections } from '../../ports';
import { readChildren, readFolders, readProperties } from './catalog-reader';
import { createCatalogSessions } from '../../adapters/postgres/catalog-sessions';
import { databaseDdl, type DatabaseDdl } from './ddl/database-ddl';
import { objectDdl } from './ddl/object-ddl';
import { planDrop } from './drop-plan';
import { findObjects } from './find-objects';
import { readChoices } from './forms/choices';
import { readFormState } from './forms/read-form-state';
import { readListing } from './listing';
import { readNode } from './node-reader';
import { passwordVerifier } from './password-verifier';
import { readRelated } from './related-objects';
import { countRows } from './row-count';
import { needsEmptyDatabase, runStatements } from './run-statements';
import { searchObjects } from './search-objects';
import { readStatistics } from './statistics';

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
  const reading = <T>(
    serverId: string,
    database: string,
    signal: AbortSignal,
    work: (session: PgSession) => Promise<T>,
  ): Promise<T> => sessions.use(serverId, databaseOf(database), signal, work);
  /** Work on a session of its own; a connection that is lost under it is told as one of the tree's is. */
  const alone = async <T>(
    serverId: string,
    database: string,
    signal: AbortSignal,
    work: (profile: ConnectionProfile) => Promise<T>,
  ): Promise<T> => {
    const profile = await deps.connections.profile(serverId, databaseOf(database), signal);
    try {
      return await work(profile);
    } catch (error) {
      const { code, message } = errorInfo(error);
      if (code === 'lost-connection') deps.connections.reportLost(serverId, message);
      throw error;
    }
  };
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
      node: ({ serverId, database, object }, { signal }) =>
        reading(serverId, database, signal, (session) => readNode(session, object, signal)),
      properties: ({ serverId, database, object }, { signal }) =>
        sessions.use(serverId, databaseOf(database), signal, (session) => readProperties(session, object, signal)),
      ddl: async ({ serverId, database, object }, { signal }) => ({
        sql: await sessions.use(serverId, databaseOf(database), signal, (session) =>
          objectDdl(session, object, signal),
        ),
      }),
      listing: ({ serverId, database, folder, parent, showSystem }, { signal }) =>
        reading(serverId, database, signal, (session) => readListing(session, folder, parent, showSystem, signal)),
      statistics: ({ serverId, database, object }, { signal }) =>
        reading(serverId, database, signal, (session) => readStatistics(session, object, signal)),
      related: ({ serverId, database, object, direction }, { signal }) =>
        reading(serverId, database, signal, (session) => readRelated(session, object, direction, signal)),
      search: ({ serverId, database, ...search }, { signal }) =>
        reading(serverId, database, signal, (session) => searchObjects(session, search, signal)),
      session: ({ serverId, database }, { signal }) =>
        reading(serverId, database, signal, async (session) => {
          const [row] = await session.query<{ user: string; standby: boolean }>(
            'SELECT current_user::text AS user, pg_catalog.pg_is_in_recovery() AS standby',
            [],
            signal,
          );
          return { version: session.serverVersionNum, user: row?.user ?? '', standby: row?.standby === true };
        }),
      formState: ({ serverId, database, object }, { signal }) =>
        reading(serverId, database, signal, (session) => readFormState(session, object, signal)),
      choices: ({ serverId, database, source, of }, { signal }) =>
        reading(serverId, database, signal, (session) => readChoices(session, source, of, signal)),
      passwordVerifier: async ({ password }) => ({ verifier: await passwordVerifier(password) }),
      dropPlan: ({ serverId, database, objects, cascade, force }, { signal }) =>
        reading(serverId, database, signal, (session) => planDrop(session, objects, { cascade, force }, signal)),
      execute: async ({ serverId, database, statements }, { signal }) => {
        if (statements.some(({ sql }) => needsEmptyDatabase(sql))) sessions.leave(serverId);
        return {
          notices: await alone(serverId, database, signal, (profile) => runStatements(profile, statements, signal)),
        };
      },
      // Counting takes long, and the tree must not wait.
      countRows: async ({ serverId, database, object }, { signal }) => ({
        rows: await alone(serverId, database, signal, (profile) => countRows(profile, object, signal)),
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
