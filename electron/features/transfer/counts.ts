import type { PgSession } from '../../adapters/postgres/session';
import { quoteQualified } from '../../../shared/model/quote';

export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** User tables that hold rows themselves: plain tables and partitions, and partitioned tables through `ONLY` nothing. */
export async function listTables(session: PgSession, signal: AbortSignal): Promise<TableName[]> {
  return session.query<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.relname AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1, 2`,
    [],
    signal,
  );
}

/** Exact rows of one table, without those of its children. */
export async function countRows(session: PgSession, table: TableName, signal: AbortSignal): Promise<number> {
  const [row] = await session.query<{ n: string }>(
    `SELECT count(*)::text AS n FROM ONLY ${quoteQualified(table.schema, table.name)}`,
    [],
    signal,
  );
  return Number(row?.n ?? 0);
}

/** Number of user objects by kind; extension members are left out. Kinds are keys of the translations of `transfer.objects`. */
export async function countObjects(session: PgSession, signal: AbortSignal): Promise<Map<string, number>> {
  const rows = await session.query<{ kind: string; n: number }>(
    `WITH own AS (
       SELECT oid FROM pg_namespace WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\\_toast%' AND nspname NOT LIKE 'pg\\_temp%'
     ), members AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
     SELECT CASE c.relkind WHEN 'r' THEN 'tables' WHEN 'p' THEN 'tables' WHEN 'v' THEN 'views' WHEN 'm' THEN 'materialized-views'
                           WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'foreign-tables' ELSE 'indexes' END AS kind, count(*)::int AS n
       FROM pg_class c WHERE c.relnamespace IN (SELECT oid FROM own) AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I')
        AND ('pg_class'::regclass, c.oid) NOT IN (SELECT classid, objid FROM members)
      GROUP BY 1
     UNION ALL
     SELECT 'functions', count(*)::int FROM pg_proc p WHERE p.pronamespace IN (SELECT oid FROM own)
        AND ('pg_proc'::regclass, p.oid) NOT IN (SELECT classid, objid FROM members)
     UNION ALL
     SELECT 'types', count(*)::int FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
      WHERE t.typnamespace IN (SELECT oid FROM own) AND t.typtype IN ('c', 'd', 'e', 'r') AND (c.oid IS NULL OR c.relkind = 'c')
        AND ('pg_type'::regclass, t.oid) NOT IN (SELECT classid, objid FROM members)
     UNION ALL
     SELECT CASE contype WHEN 'f' THEN 'foreign-keys' ELSE 'constraints' END, count(*)::int
       FROM pg_constraint WHERE connamespace IN (SELECT oid FROM own) AND contype IN ('f', 'p', 'u', 'x', 'c') GROUP BY 1
     UNION ALL
     SELECT 'triggers', count(*)::int FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
      WHERE NOT g.tgisinternal AND c.relnamespace IN (SELECT oid FROM own)
     UNION ALL
     SELECT 'schemas', count(*)::int FROM own
     UNION ALL
     SELECT 'extensions', count(*)::int FROM pg_extension WHERE extname <> 'plpgsql'`,
    [],
    signal,
  );
  return new Map(rows.map((row) => [row.kind, row.n]));
}

/** Reads `public.film` or `"Odd.Name".t` as the script writes it; a name without schema is of `public`. */
export function parseTableName(text: string): TableName {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^\s."]+)/g)].map(
    (match) => match[1]?.replaceAll('""', '"') ?? (match[2] ?? '').toLowerCase(),
  );
  return parts.length > 1
    ? { schema: parts[0] ?? '', name: parts[1] ?? '' }
    : { schema: 'public', name: parts[0] ?? '' };
}
