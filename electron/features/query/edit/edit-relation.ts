import type { PgSession } from '../../../adapters/postgres/session';

/** A column of a relation, as the catalogs tell it. */
export interface RelationColumn {
  readonly number: number;
  readonly name: string;
  /** As the server writes it, modifier included. */
  readonly type: string;
  /** The type under all domains, schema-qualified, without its modifier: what a text can be cast to without losing anything. */
  readonly baseType: string;
  readonly baseTypeOid: number;
  readonly notNull: boolean;
  /** Different texts are never equal. */
  readonly deterministic: boolean;
  readonly hasDefault: boolean;
  readonly generated: boolean;
  readonly alwaysIdentity: boolean;
  readonly writable: boolean;
  readonly privileged: boolean;
  readonly labels: readonly string[];
  readonly references: { readonly schema: string; readonly table: string; readonly column: string } | null;
}

/** A relation whose rows might be edited. */
export interface Relation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `relkind` of pg_class. */
  readonly kind: string;
  /** A plain table that other tables inherit from: its keys don't count their rows. */
  readonly hasHeirs: boolean;
  readonly readOnly: boolean;
  readonly mayInsert: boolean;
  readonly mayUpdate: boolean;
  readonly mayDelete: boolean;
  readonly privileged: boolean;
  readonly columns: readonly RelationColumn[];
  /** Keys without NULL by column numbers, the best first. */
  readonly keys: readonly (readonly number[])[];
}

/** Bits of pg_relation_is_updatable: 1 << CmdType (src/include/nodes/nodes.h). */
const RELATION = `SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind,
  c.relkind = 'r' AND EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid) AS heirs,
  pg_catalog.pg_is_in_recovery() OR n.nspname IN ('pg_catalog', 'information_schema', 'pg_toast')
    OR (SELECT s.reset_val FROM pg_catalog.pg_settings s WHERE s.name = 'default_transaction_read_only') = 'on' AS read_only,
  pg_catalog.pg_relation_is_updatable(c.oid, true) AS events,
  pg_catalog.has_schema_privilege(r.name, n.oid, 'USAGE') AS usable,
  pg_catalog.has_any_column_privilege(r.name, c.oid, 'INSERT') AS may_insert,
  pg_catalog.has_any_column_privilege(r.name, c.oid, 'UPDATE') AS may_update,
  pg_catalog.has_table_privilege(r.name, c.oid, 'DELETE') AS may_delete
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN (SELECT coalesce(nullif($2, ''), current_user)::pg_catalog.name AS name) r WHERE c.oid = $1`;

const columnsSql = (version: number): string => `SELECT a.attnum AS number, a.attname AS name,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, pg_catalog.format_type(b.base, -1) AS base_type, b.base::int8::text AS base_oid,
  ${version >= 120000 ? 'NOT EXISTS (SELECT 1 FROM pg_catalog.pg_collation l WHERE l.oid = a.attcollation AND NOT l.collisdeterministic)' : 'true'} AS deterministic,
  a.attnotnull OR b.not_null AS not_null, a.atthasdef OR a.attidentity <> '' OR b.has_default AS has_default,
  ${version >= 120000 ? "a.attgenerated <> ''" : 'false'} AS generated, a.attidentity = 'a' AS always_identity,
  pg_catalog.pg_column_is_updatable(a.attrelid, a.attnum, true) AS writable,
  pg_catalog.has_column_privilege(r.name, a.attrelid, a.attnum, 'UPDATE') OR pg_catalog.has_column_privilege(r.name, a.attrelid, a.attnum, 'INSERT') AS privileged,
  ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = b.base ORDER BY e.enumsortorder) AS labels,
  f.schema AS foreign_schema, f.name AS foreign_table, f.attribute AS foreign_column
FROM pg_catalog.pg_attribute a
CROSS JOIN (SELECT coalesce(nullif($2, ''), current_user)::pg_catalog.name AS name) r
CROSS JOIN LATERAL (
  WITH RECURSIVE chain (oid, base, not_null, has_default, depth) AS (
    SELECT t.oid, t.typbasetype, t.typnotnull, t.typdefault IS NOT NULL, 0 FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid
    UNION ALL
    SELECT t.oid, t.typbasetype, c.not_null OR t.typnotnull, c.has_default OR t.typdefault IS NOT NULL, c.depth + 1
    FROM chain c JOIN pg_catalog.pg_type t ON t.oid = c.base
  ) SELECT oid AS base, not_null, has_default FROM chain ORDER BY depth DESC LIMIT 1
) b
LEFT JOIN LATERAL (
  SELECT n.nspname AS schema, p.relname AS name, k.attname AS attribute
  FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class p ON p.oid = o.confrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace
  JOIN pg_catalog.pg_attribute k ON k.attrelid = o.confrelid AND k.attnum = o.confkey[1]
  WHERE o.contype = 'f' AND o.conrelid = a.attrelid AND o.conkey = ARRAY[a.attnum] ORDER BY o.oid LIMIT 1
) f ON true
WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

const keysSql = (version: number): string => `SELECT ARRAY(
    SELECT i.indkey[n]::text FROM pg_catalog.generate_series(0, ${version >= 110000 ? 'i.indnkeyatts' : 'i.indnatts'} - 1) n ORDER BY n) AS numbers
FROM pg_catalog.pg_index i WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY i.indimmediate DESC, i.indisprimary DESC, i.indnatts, i.indexrelid`;

interface RelationRow {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly heirs: boolean;
  readonly read_only: boolean;
  readonly events: number;
  readonly usable: boolean;
  readonly may_insert: boolean;
  readonly may_update: boolean;
  readonly may_delete: boolean;
}

interface ColumnRow {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly base_type: string;
  readonly base_oid: string;
  readonly deterministic: boolean;
  readonly not_null: boolean;
  readonly has_default: boolean;
  readonly generated: boolean;
  readonly always_identity: boolean;
  readonly writable: boolean;
  readonly privileged: boolean;
  readonly labels: readonly string[];
  readonly foreign_schema: string | null;
  readonly foreign_table: string | null;
  readonly foreign_column: string | null;
}

const VIEW = 'v';
const FOREIGN = 'f';
const EVENT = { update: 1 << 2, insert: 1 << 3, delete: 1 << 4 } as const;

/** Whether a row is found again by all of its values: no index of it is in the catalogs. */
export const isKeyless = (kind: string): boolean => kind === VIEW || kind === FOREIGN;

/** Reads a relation by its number, with what a role may do (empty: the session's own); null when this session can't see it. */
export async function readRelation(
  session: PgSession,
  { oid, role }: { readonly oid: number; readonly role: string },
  signal: AbortSignal,
): Promise<Relation | null> {
  const [row] = await session.query<RelationRow>(RELATION, [oid, role], signal);
  if (!row) return null;
  const version = session.serverVersionNum;
  const columns = await session.query<ColumnRow>(columnsSql(version), [oid, role], signal);
  const indexes = await session.query<{ numbers: readonly string[] }>(keysSql(version), [oid], signal);
  const notNull = new Set(columns.filter((column) => column.not_null).map((column) => column.number));
  const keys = indexes
    .map(({ numbers }) => numbers.map(Number))
    .filter((key) => key.every((each) => notNull.has(each)));
  return {
    oid,
    schema: row.schema,
    name: row.name,
    kind: row.kind,
    hasHeirs: row.heirs,
    readOnly: row.read_only || row.events === 0,
    mayInsert: row.usable && row.may_insert && (row.events & EVENT.insert) !== 0,
    mayUpdate: row.usable && row.may_update && (row.events & EVENT.update) !== 0,
    mayDelete: row.usable && row.may_delete && (row.events & EVENT.delete) !== 0,
    privileged: row.usable && (row.may_insert || row.may_update || row.may_delete),
    columns: columns.map((column) => columnOf(column, row.kind)),
    keys,
  };
}

const columnOf = (row: ColumnRow, kind: string): RelationColumn => ({
  number: row.number,
  name: row.name,
  type: row.type,
  baseType: row.base_type,
  baseTypeOid: Number(row.base_oid),
  deterministic: row.deterministic,
  notNull: row.not_null,
  // DEFAULT of a view's column is the default of the table's.
  hasDefault: row.has_default || kind === VIEW,
  generated: row.generated,
  alwaysIdentity: row.always_identity,
  writable: row.writable,
  privileged: row.privileged,
  labels: row.labels,
  references:
    row.foreign_schema === null || row.foreign_table === null || row.foreign_column === null
      ? null
      : { schema: row.foreign_schema, table: row.foreign_table, column: row.foreign_column },
});
