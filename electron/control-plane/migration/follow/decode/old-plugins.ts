import { AppError } from '../../../../../shared/errors';
import { quoteIdent } from '../../../../../shared/model/quote';
import type { ReplicationSession } from '../../../../adapters/postgres/replication-session';
import type { Relation } from '../change-stream';
import type { Asking } from '../follow-model';
import { MESSAGE_PREFIX } from '../follow-model';
import type { FindRelation } from './text-tuple';

/** Output plugins of servers that have no pgoutput. */
export type OldPlugin = 'wal2json' | 'test_decoding';

const WAL2JSON = {
  'format-version': '2',
  'include-xids': '1',
  'include-timestamp': '1',
  'include-lsn': '1',
  'include-transaction': '1',
  // Names of types are not always JSON; their numbers are.
  'include-types': '0',
  'include-type-oids': '1',
  'numeric-data-types-as-string': '1',
};
const TEST_DECODING = { 'include-xids': '1', 'include-timestamp': '1', 'skip-empty-xacts': '1' };
/** Logical messages are known from here on. */
const MESSAGES_FROM = 90_600;

/** Options of START_REPLICATION for a plugin, with their brackets. `versionNum` as of `server_version_num`. */
export function startOptions(plugin: OldPlugin, versionNum: number): string {
  const messages = versionNum >= MESSAGES_FROM ? { 'add-msg-prefixes': MESSAGE_PREFIX } : {};
  const options = plugin === 'wal2json' ? { ...WAL2JSON, ...messages } : TEST_DECODING;
  return `(${Object.entries(options)
    .map(([name, value]) => `"${name}" '${value}'`)
    .join(', ')})`;
}

/** What a server says that has no such plugin. */
const NO_FILE = '58P01';
const TEMPORARY_FROM = 100_000;

/** Which plugin the server can load; null when neither. Makes a slot of the name and drops it. Fails with `sql` where it may not. */
export async function pluginOf(
  session: ReplicationSession,
  slot: string,
  signal?: AbortSignal,
): Promise<OldPlugin | null> {
  const temporary = session.serverVersionNum >= TEMPORARY_FROM ? 'TEMPORARY ' : '';
  for (const plugin of ['wal2json', 'test_decoding'] as const) {
    try {
      await session.query(`CREATE_REPLICATION_SLOT ${quoteIdent(slot)} ${temporary}LOGICAL ${plugin}`, signal);
      await session.query(`DROP_REPLICATION_SLOT ${quoteIdent(slot)}`, signal);
      return plugin;
    } catch (error) {
      if (!(error instanceof AppError) || error.info.sqlstate !== NO_FILE) throw error;
    }
  }
  return null;
}

interface Row extends Record<string, unknown> {
  readonly oid: string;
  readonly identity: string;
  readonly column: string;
  readonly typeOid: string;
  readonly typeModifier: number;
  readonly key: boolean;
}

/** Columns in their order, with those of the replica identity. `$1` is the schema, `$2` the name. */
const TABLE = `SELECT c.oid::int8::text AS oid, c.relreplident::text AS identity, a.attname::text AS "column", a.atttypid::int8::text AS "typeOid",
    a.atttypmod AS "typeModifier", c.relreplident = 'f' OR coalesce(i.indkey::int2[] @> ARRAY[a.attnum], false) AS key
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
    AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END
  WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind = 'r' ORDER BY a.attnum`;
const IDENTITIES: Readonly<Record<string, Relation['identity']>> = {
  d: 'default',
  n: 'nothing',
  f: 'full',
  i: 'index',
};

/** Looks tables up on the source. */
export const findRelationBy =
  (source: Asking, signal: AbortSignal): FindRelation =>
  (schema, name) =>
    source(async (session) => {
      const rows = await session.query<Row>(TABLE, [schema, name], signal);
      const [first] = rows;
      if (!first) return null;
      return {
        oid: Number(first.oid),
        schema,
        name,
        identity: IDENTITIES[first.identity] ?? 'default',
        columns: rows.map(({ column, typeOid, typeModifier, key }) => ({
          name: column,
          typeOid: Number(typeOid),
          typeModifier,
          key,
        })),
      };
    });
