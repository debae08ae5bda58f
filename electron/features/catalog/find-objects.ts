import type { ObjectKind, ObjectRef } from '../../../shared/model/catalog';
import type { ObjectName } from '../../../shared/model/object-name';
import type { PgSession } from '../../adapters/postgres/session';
import { FIND_LISTS } from './find-lists';
import { sqlFor, type VersionedSql } from './kinds/kind';

const find = (kind: string): string => `
SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign-table'
         WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' ELSE 'table' END AS kind, c.oid, n.nspname AS schema, c.relname AS name, 1 AS rank
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I') AND c.relname = $2 AND $3::text IS NULL
   AND CASE WHEN $1::text IS NULL THEN n.nspname !~ '^(pg_|information_schema$)' ELSE n.nspname = $1 END
UNION ALL
SELECT ${kind}, p.oid, n.nspname, p.proname, 2 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE p.proname = $2 AND ($3::text IS NULL OR replace(pg_catalog.oidvectortypes(p.proargtypes), ' ', '') = replace($3, ' ', ''))
   AND CASE WHEN $1::text IS NULL THEN n.nspname !~ '^(pg_|information_schema$)' ELSE n.nspname = $1 END
UNION ALL
SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, t.oid, n.nspname, t.typname, 3
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE t.typname = $2 AND $3::text IS NULL AND (t.typtype IN ('e', 'r', 'd', 'b') OR t.typtype = 'c' AND c.relkind = 'c')
   AND CASE WHEN $1::text IS NULL THEN n.nspname !~ '^(pg_|information_schema$)' ELSE n.nspname = $1 END
 ORDER BY rank, schema, oid`;

const FIND: VersionedSql = {
  100000: find("CASE WHEN p.proisagg THEN 'aggregate' ELSE 'function' END"),
  110000: find("CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END"),
};

interface FoundRow {
  readonly kind: ObjectKind;
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}

/**
 * Every object of a name and, when it says one, of a kind; a kind's name may also be that of a system object when the schema is written.
 * Without a kind: relations, functions and types.
 */
export async function findObjects(session: PgSession, name: ObjectName, signal: AbortSignal): Promise<ObjectRef[]> {
  if (name.kind !== null) return findKind(session, name.kind, name, signal);
  const rows = await session.query<FoundRow>(
    sqlFor(FIND, session.serverVersionNum),
    [name.schema, name.name, name.types],
    signal,
  );
  return rows.map(({ kind, oid, schema, name: found }) => ({ kind, oid, schema, name: found, sub: 0 }));
}

async function findKind(
  session: PgSession,
  kind: ObjectKind,
  { schema, of, name, types }: ObjectName,
  signal: AbortSignal,
): Promise<ObjectRef[]> {
  if (kind === 'replica') return [];
  const rows = await session.query<{ oid: number; sub: number; schema: string; name: string }>(
    `SELECT f.oid, f.sub, f.schema, f.name FROM (${sqlFor(FIND_LISTS[kind], session.serverVersionNum)}) f
      WHERE f.name = $1 AND ($5 AND f.schema = $3
          OR CASE WHEN $2::text IS NULL THEN f.schema !~ '^(pg_|information_schema$)' ELSE f.schema = $2 END
            AND ($3::text IS NULL OR f."of" = $3))
        AND ($4::text IS NULL OR replace(f.types, ' ', '') = replace($4, ' ', '')) ORDER BY f.schema, f."of", f.types, f.oid, f.sub`,
    [name, schema, of, types, kind === 'index' && schema === null],
    signal,
  );
  return rows.map((row) => ({ kind, oid: row.oid, schema: row.schema, name: row.name, sub: row.sub }));
}
