import { AppError } from '../../../../shared/errors';
import type { DatabaseChoice, ObjectSelection } from '../../../../shared/model/migration';
import type { PgSession } from '../../../adapters/postgres/session';

type DatabaseRow = {
  readonly name: string;
  readonly template: boolean;
  readonly current: boolean;
};

/** Where things of a person are recorded: the catalog, the column of their schema, and what of a new database may stand there as well. */
const CATALOGS: readonly (readonly [catalog: string, namespace: string | null, ours?: string])[] = [
  ['pg_namespace', 'oid', "nspname = 'public'"],
  ['pg_class', 'relnamespace'],
  ['pg_proc', 'pronamespace'],
  ['pg_type', 'typnamespace'],
  ['pg_operator', 'oprnamespace'],
  ['pg_opclass', 'opcnamespace'],
  ['pg_collation', 'collnamespace'],
  ['pg_conversion', 'connamespace'],
  ['pg_ts_config', 'cfgnamespace'],
  ['pg_ts_dict', 'dictnamespace'],
  // After pg_upgrade these have a new number.
  ['pg_extension', null, "extname = 'plpgsql'"],
  ['pg_language', null, "lanname = 'plpgsql'"],
  ['pg_cast', null],
  ['pg_foreign_data_wrapper', null],
  ['pg_foreign_server', null],
  ['pg_event_trigger', null],
  ['pg_publication', null],
];
/** Objects below it were made by initdb: `FirstNormalObjectId` of the server. */
const FIRST_OWN = 16_384;

/** Whether the database that the session is in holds anything that initdb has not made. */
async function holdsAnything(session: PgSession): Promise<boolean> {
  const parts = CATALOGS.map(([catalog, namespace, ours = 'false']) => {
    // Schemas of temporary objects of running sessions are nobody's.
    const system =
      namespace === null
        ? 'false'
        : `EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.oid = o.${namespace} AND n.nspname ~ '^pg_')`;
    return `EXISTS (SELECT FROM pg_catalog.${catalog} o WHERE o.oid >= ${FIRST_OWN} AND NOT (${ours}) AND NOT (${system}))`;
  });
  // Large objects have numbers of their own, which a person may choose.
  parts.push('EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)');
  const [row] = await session.query<{ any: boolean }>(`SELECT ${parts.join(' OR ')} AS any`);
  return row?.any ?? true;
}

const wholeDatabase = (name: string): DatabaseChoice => ({ name, newName: '', mode: 'all', schemas: [] });

/**
 * The databases that travel, by name. `all`: every one that is no template and lets people in; `postgres` only when it is named or holds
 * something, as far as that can be seen from this session. Fails with `not-found` when a named one is not there, or lets nobody in.
 */
export async function readDatabases(session: PgSession, selection: ObjectSelection): Promise<DatabaseChoice[]> {
  const rows = await session.query<DatabaseRow>(
    `SELECT datname AS name, datistemplate AS template, datname = pg_catalog.current_database() AS current
     FROM pg_catalog.pg_database WHERE datallowconn ORDER BY datname`,
  );
  const there = new Set(rows.map(({ name }) => name));
  const missing = selection.databases.find(({ name }) => !there.has(name));
  if (missing)
    throw new AppError({
      code: 'not-found',
      message: `The source has no database ${missing.name} that can be connected to`,
      hint: 'It may have been dropped or renamed. Choose the objects again.',
      field: 'objects',
    });
  const chosen = new Map(selection.databases.map((each) => [each.name, each]));
  if (selection.mode === 'partial') return rows.flatMap(({ name }) => chosen.get(name) ?? []);
  const travelling: DatabaseChoice[] = [];
  for (const { name, template, current } of rows) {
    const named = chosen.get(name);
    const empty = async (): Promise<boolean> => name === 'postgres' && current && !(await holdsAnything(session));
    if (named) travelling.push({ ...named, mode: 'all' });
    else if (!template && !(await empty())) travelling.push(wholeDatabase(name));
  }
  return travelling;
}
