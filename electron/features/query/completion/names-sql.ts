import type { PgSession } from '../../../adapters/postgres/session';
import type { FunctionName, RelationDetail, RelationName } from '../../../../shared/model/completion/names';
import type { NameList } from '../../../../shared/model/completion/name-table';

/** A `search_path` that a new session has. */
export interface LoginPath {
  /** Empty: everybody who has none of their own. */
  readonly user: string;
  readonly setting: string;
}

/** Names of a database and what decides how they are looked for. */
export interface DatabaseRead extends NameList {
  /** `search_path` of a new session of `login`, as the setting is written. */
  readonly searchPath: string;
  /** Who logged in to read them. */
  readonly login: string;
  /** What other users' sessions begin with. */
  readonly loginPaths: readonly LoginPath[];
  /** Equal digests mean equal names. */
  readonly digest: string;
}

const VISIBLE_SCHEMA = "n.nspname !~ '^pg_(toast|temp_|toast_temp_)'";
const HAS_ROWS = "c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')";

/** A number that changes with what is created, dropped, renamed or moved: far cheaper than the names. */
const DIGEST = `
SELECT pg_catalog.concat_ws(':',
  (SELECT pg_catalog.concat_ws(',', count(*), sum(pg_catalog.hashtext(c.relname::text)::int8 # (c.oid::int8 * 31 + c.relnamespace::int8)))
     FROM pg_catalog.pg_class c WHERE ${HAS_ROWS}),
  (SELECT pg_catalog.concat_ws(',', count(*), sum(pg_catalog.hashtext(p.proname::text)::int8 # (p.oid::int8 * 31 + p.pronamespace::int8)))
     FROM pg_catalog.pg_proc p),
  (SELECT pg_catalog.concat_ws(',', count(*), sum(pg_catalog.hashtext(t.typname::text)::int8 # (t.oid::int8 * 31 + t.typnamespace::int8)))
     FROM pg_catalog.pg_type t WHERE t.typtype <> 'c'),
  (SELECT pg_catalog.concat_ws(',', count(*), sum(pg_catalog.hashtext(n.nspname::text)::int8 # n.oid::int8)) FROM pg_catalog.pg_namespace n),
  (SELECT pg_catalog.concat_ws(',', count(*), sum(pg_catalog.hashtext(r.rolname::text)::int8 # r.oid::int8)) FROM pg_catalog.pg_roles r),
  (SELECT pg_catalog.concat_ws(',', count(*), sum(pg_catalog.hashtext(d.datname::text)::int8 # d.oid::int8)) FROM pg_catalog.pg_database d),
  (SELECT sum(pg_catalog.hashtext(pg_catalog.concat(s.setdatabase, s.setrole, s.setconfig))::int8) FROM pg_catalog.pg_db_role_setting s),
  (SELECT count(*) FROM pg_catalog.pg_trigger)) AS digest`;

export async function readDigest(session: PgSession, signal: AbortSignal): Promise<string> {
  const [row] = await session.query<{ digest: string }>(DIGEST, [], signal);
  return row?.digest ?? '';
}

/** One row for each schema: 50,000 names come as a few arrays. */
const RELATIONS = `
SELECT n.nspname::text AS schema, pg_catalog.array_agg(c.oid) AS oids, pg_catalog.array_agg(c.relname::text) AS names,
       pg_catalog.string_agg(c.relkind::text, '') AS kinds
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE ${HAS_ROWS} AND ${VISIBLE_SCHEMA} GROUP BY 1`;

const functionsSql = (version: number): string => `
SELECT p.oid, n.nspname::text AS schema, p.proname::text AS name, pg_catalog.pg_get_function_identity_arguments(p.oid) AS args,
       coalesce(pg_catalog.pg_get_function_result(p.oid), '') AS result,
       ${version >= 110_000 ? 'p.prokind::text' : "CASE WHEN p.proisagg THEN 'a' ELSE 'f' END"} AS kind
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${VISIBLE_SCHEMA}`;

/** Types that a person writes: neither those of arrays nor those of tables. */
const TYPES = `
SELECT n.nspname::text AS schema, t.typname::text AS name
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE ${VISIBLE_SCHEMA} AND (t.typrelid = 0 OR c.relkind = 'c') AND t.typtype <> 'p'
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)`;

const OTHERS = `
SELECT ARRAY(SELECT n.nspname::text FROM pg_catalog.pg_namespace n WHERE ${VISIBLE_SCHEMA} ORDER BY 1) AS schemas,
       ARRAY(SELECT rolname::text FROM pg_catalog.pg_roles ORDER BY 1) AS roles,
       ARRAY(SELECT datname::text FROM pg_catalog.pg_database WHERE datallowconn ORDER BY 1) AS databases,
       ARRAY(SELECT name FROM pg_catalog.pg_settings ORDER BY 1) AS settings,
       ARRAY(SELECT tgfoid FROM pg_catalog.pg_trigger WHERE NOT tgisinternal ORDER BY oid) AS "triggerFunctions",
       ARRAY(SELECT tgrelid FROM pg_catalog.pg_trigger WHERE NOT tgisinternal ORDER BY oid) AS "triggerTables",
       (SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'search_path') AS "searchPath", session_user::text AS login`;

/** The most specific for each user comes first; what is set for all databases or all users counts less. */
const LOGIN_PATHS = `
SELECT coalesce(r.rolname::text, '') AS user, pg_catalog.substr(c.setting, 13) AS setting
  FROM pg_catalog.pg_db_role_setting s CROSS JOIN pg_catalog.unnest(s.setconfig) c (setting) LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
 WHERE c.setting LIKE 'search\\_path=%' AND (s.setrole = 0 OR r.oid IS NOT NULL)
   AND (s.setdatabase = 0 OR s.setdatabase = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
 ORDER BY s.setdatabase = 0`;

interface OtherNames {
  schemas: string[];
  roles: string[];
  databases: string[];
  settings: string[];
  triggerFunctions: number[];
  triggerTables: number[];
  searchPath: string;
  login: string;
}

const FUNCTION_KINDS: Readonly<Record<string, FunctionName['kind']>> = { p: 'procedure', a: 'aggregate' };
const kindOf = (relkind: string): RelationName['kind'] => (relkind === 'v' || relkind === 'm' ? 'view' : 'table');

/** Reads all names but those of columns. */
export async function readNames(session: PgSession, signal: AbortSignal): Promise<DatabaseRead> {
  const digest = await readDigest(session, signal);
  const schemas = await session.query<{ schema: string; oids: number[]; names: string[]; kinds: string }>(
    RELATIONS,
    [],
    signal,
  );
  const functions = await session.query<{
    oid: number;
    schema: string;
    name: string;
    args: string;
    result: string;
    kind: string;
  }>(functionsSql(session.serverVersionNum), [], signal);
  const types = await session.query<{ schema: string; name: string }>(TYPES, [], signal);
  const loginPaths = await session.query<{ user: string; setting: string }>(LOGIN_PATHS, [], signal);
  const [others] = await session.query<OtherNames & Record<string, unknown>>(OTHERS, [], signal);
  return {
    digest,
    searchPath: others?.searchPath ?? '',
    login: others?.login ?? '',
    loginPaths,
    schemas: others?.schemas ?? [],
    roles: others?.roles ?? [],
    databases: others?.databases ?? [],
    settings: others?.settings ?? [],
    triggers: (others?.triggerFunctions ?? []).map((oid, at) => ({
      function: oid,
      table: others?.triggerTables[at] ?? 0,
    })),
    relations: schemas.flatMap(({ schema, oids, names, kinds }) =>
      names.map((name, at) => ({ oid: oids[at] ?? 0, schema, name, kind: kindOf(kinds[at] ?? '') })),
    ),
    functions: functions.map((each) => ({ ...each, kind: FUNCTION_KINDS[each.kind] ?? 'function' })),
    types,
  };
}

const COLUMNS = `
SELECT a.attrelid AS relation, a.attname::text AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type
  FROM pg_catalog.pg_attribute a WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`;

/** Foreign keys of the tables and those that point at them, as seen from each. */
const KEYS = `
SELECT k.relation, k.other, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
       ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(k.own) WITH ORDINALITY u (at, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = k.relation AND a.attnum = u.at ORDER BY u.place) AS own,
       ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(k.others) WITH ORDINALITY u (at, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = k.other AND a.attnum = u.at ORDER BY u.place) AS others
  FROM (SELECT conrelid AS relation, confrelid AS other, conkey AS own, confkey AS others
          FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conrelid = ANY ($1)
        UNION ALL
        SELECT confrelid, conrelid, confkey, conkey FROM pg_catalog.pg_constraint
         WHERE contype = 'f' AND confrelid = ANY ($1) AND confrelid <> conrelid) k
  JOIN pg_catalog.pg_class c ON c.oid = k.other JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 ORDER BY n.nspname, c.relname LIMIT 2000`;

interface KeyRow {
  relation: number;
  other: number;
  schema: string;
  name: string;
  kind: string;
  own: string[];
  others: string[];
}

/** Columns and foreign keys of some relations; each that was asked for has an entry. */
export async function readDetails(
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, RelationDetail>> {
  const columns = await session.query<{ relation: number; name: string; type: string }>(COLUMNS, [oids], signal);
  const keys = await session.query<KeyRow & Record<string, unknown>>(KEYS, [oids], signal);
  return new Map(
    oids.map((oid) => [
      oid,
      {
        columns: columns.filter(({ relation }) => relation === oid).map(({ name, type }) => ({ name, type })),
        keys: keys
          .filter(({ relation }) => relation === oid)
          .map(({ other, schema, name, kind, own, others }) => ({
            own,
            others,
            other: { oid: other, schema, name, kind: kindOf(kind) },
          })),
      },
    ]),
  );
}

/** What functions give: the columns of their OUT arguments, else of the table or type that they return. */
const RESULTS = `
SELECT p.oid AS function, o.name, pg_catalog.format_type(o.type, NULL) AS type
  FROM pg_catalog.pg_proc p, ROWS FROM (pg_catalog.unnest(p.proargnames), pg_catalog.unnest(p.proargmodes::text[]), pg_catalog.unnest(p.proallargtypes))
       WITH ORDINALITY o (name, mode, type, place)
 WHERE p.oid = ANY ($1) AND o.mode IN ('o', 'b', 't')
UNION ALL
SELECT p.oid, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod)
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_type t ON t.oid = p.prorettype
  JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE p.oid = ANY ($1) AND t.typrelid <> 0`;

/** Columns of what some functions return; each that was asked for has an entry. */
export async function readResults(
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, readonly { name: string; type: string }[]>> {
  const rows = await session.query<{ function: number; name: string; type: string }>(RESULTS, [oids], signal);
  return new Map(
    oids.map((oid) => [
      oid,
      rows.filter((row) => row.function === oid).map(({ name, type }) => ({ name: name ?? '', type })),
    ]),
  );
}
