import { quoteIdent, quoteQualified } from '../../../../../shared/model/quote';
import type { PgSession } from '../../../../adapters/postgres/session';
import type { TargetName } from './ddl-plan';

/** A column as either side has it now. */
export interface ColumnNow {
  readonly name: string;
  /** With its modifier, and its schema where it is not pg_catalog. */
  readonly type: string;
  readonly notNull: boolean;
  /** Gets a value by itself. */
  readonly filled: boolean;
}

/** Needs a search path of pg_catalog, or none, for types to be named with their schemas. */
const COLUMNS = `SELECT a.attname::text AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
    a.atthasdef OR a.attidentity <> '' AS filled
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

/** Columns of a table as its server has them now; none where there is no such table. */
export async function readColumns(
  session: PgSession,
  { schema, name }: TargetName,
  signal: AbortSignal,
): Promise<ColumnNow[]> {
  const [path] = await session.query<{ path: string }>(
    `SELECT pg_catalog.current_setting('search_path') AS path`,
    [],
    signal,
  );
  await session.query(`SELECT pg_catalog.set_config('search_path', '', false)`, [], signal);
  try {
    return await session.query<ColumnNow & Record<string, unknown>>(COLUMNS, [schema, name], signal);
  } finally {
    if (!session.closed)
      await session.query(`SELECT pg_catalog.set_config('search_path', $1, false)`, [path?.path ?? '']);
  }
}

/** Whether both have the same columns, in whatever order. */
export function sameColumns(one: readonly ColumnNow[], other: readonly ColumnNow[]): boolean {
  const types = new Map(other.map(({ name, type }) => [name, type]));
  return one.length === other.length && one.every(({ name, type }) => types.get(name) === type);
}

/**
 * Statements that bring a table of the receiving side nearer to the one of the source. A proposal to a person: nothing is dropped in it, and a
 * column that may have another name only is renamed when no other can be meant.
 */
export function proposeChanges(
  source: readonly ColumnNow[],
  target: readonly ColumnNow[],
  table: TargetName,
): string[] {
  const alter = `ALTER TABLE ${quoteQualified(table.schema, table.name)}`;
  const there = new Map(target.map((column) => [column.name, column]));
  const here = new Set(source.map(({ name }) => name));
  const missing = source.filter(({ name }) => !there.has(name));
  const surplus = target.filter(({ name }) => !here.has(name));
  const [only] = missing;
  const [extra] = surplus;
  if (only && extra && missing.length === 1 && surplus.length === 1 && only.type === extra.type)
    return [`${alter} RENAME COLUMN ${quoteIdent(extra.name)} TO ${quoteIdent(only.name)}`];
  return [
    ...missing.map(({ name, type }) => `${alter} ADD COLUMN ${quoteIdent(name)} ${type}`),
    ...surplus
      .filter(({ notNull, filled }) => notNull && !filled)
      .map(({ name }) => `${alter} ALTER COLUMN ${quoteIdent(name)} DROP NOT NULL`),
    ...source.flatMap(({ name, type }) => {
      const column = there.get(name);
      return column && column.type !== type ? [`${alter} ALTER COLUMN ${quoteIdent(name)} TYPE ${type}`] : [];
    }),
  ];
}
