import type { ObjectKind, ObjectRef } from '../../../shared/model/catalog';
import type { ObjectName } from '../../../shared/model/object-name';
import type { PgSession } from '../../adapters/postgres/session';
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

/** Relations, functions (every one of that name) and types with a name. */
export async function findObjects(session: PgSession, name: ObjectName, signal: AbortSignal): Promise<ObjectRef[]> {
  const rows = await session.query<FoundRow>(
    sqlFor(FIND, session.serverVersionNum),
    [name.schema, name.name, name.types],
    signal,
  );
  return rows.map(({ kind, oid, schema, name: found }) => ({ kind, oid, schema, name: found, sub: 0 }));
}
