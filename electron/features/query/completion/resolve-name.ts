import type { PgSession } from '../../../adapters/postgres/session';
import type { ObjectKind, ObjectRef } from '../../../../shared/model/catalog';

interface Row {
  kind: ObjectKind;
  oid: number;
  schema: string;
  name: string;
  sub: number;
}

const functionKind = (version: number): string => {
  const trigger =
    "WHEN p.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype) THEN 'trigger-function'";
  return version >= 110_000
    ? `CASE ${trigger} WHEN p.prokind = 'p' THEN 'procedure' WHEN p.prokind = 'a' THEN 'aggregate' ELSE 'function' END`
    : `CASE ${trigger} WHEN p.proisagg THEN 'aggregate' ELSE 'function' END`;
};

/** $1 is the name, $2 the schemas in the order in which they are looked at. Relations come before functions, these before types. */
const things = (version: number): string => `
SELECT kind, oid, schema, name, 0 AS sub FROM (
  SELECT 1 AS rank, CASE c.relkind WHEN 'f' THEN 'foreign-table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' WHEN 'S' THEN 'sequence'
           WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' WHEN 'c' THEN 'type' ELSE 'table' END AS kind,
         c.oid, n.nspname::text AS schema, c.relname::text AS name
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relname = $1 AND n.nspname = ANY ($2) AND c.relkind <> 't'
  UNION ALL
  SELECT 2, ${functionKind(version)}, p.oid, n.nspname::text, p.proname::text
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.proname = $1 AND n.nspname = ANY ($2)
  UNION ALL
  SELECT 3, CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, t.oid, n.nspname::text, t.typname::text
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
   WHERE t.typname = $1 AND n.nspname = ANY ($2) AND t.typrelid = 0
) found ORDER BY rank, pg_catalog.array_position($2::text[], schema), oid LIMIT 1`;

const SCHEMA = `SELECT 'schema' AS kind, oid, '' AS schema, nspname::text AS name, 0 AS sub FROM pg_catalog.pg_namespace WHERE nspname = $1`;

const COLUMN = `
SELECT 'column' AS kind, c.oid, n.nspname::text AS schema, a.attname::text AS name, a.attnum::int4 AS sub
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
 WHERE c.relname = $1 AND n.nspname = ANY ($2) AND a.attname = $3 AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY pg_catalog.array_position($2::text[], n.nspname::text) LIMIT 1`;

/**
 * The object that a name with one to three parts means: a relation, a function (the first of its forms), a type, a schema, or a column of a
 * relation. `path` are the schemas where names without one are looked for.
 */
export async function resolveName(
  session: PgSession,
  names: readonly string[],
  path: readonly string[],
  signal: AbortSignal,
): Promise<ObjectRef | null> {
  const ask = async (sql: string, params: readonly unknown[]): Promise<ObjectRef | null> => {
    const [row] = await session.query<Row & Record<string, unknown>>(sql, params, signal);
    return row ? { kind: row.kind, oid: row.oid, schema: row.schema, name: row.name, sub: row.sub } : null;
  };
  const [first = '', second = '', third = ''] = names;
  const version = session.serverVersionNum;
  if (names.length === 1) return (await ask(things(version), [first, path])) ?? ask(SCHEMA, [first]);
  if (names.length === 3) return ask(COLUMN, [second, [first], third]);
  return (await ask(things(version), [second, [first]])) ?? ask(COLUMN, [first, path, second]);
}
