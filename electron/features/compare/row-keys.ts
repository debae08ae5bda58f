import { quoteIdent } from '../../../shared/model/quote';

/** How values of a type that are equal can look different: `citext` in upper and lower case, `numeric` and `float` in figures. */
export const VALUE_KINDS = ['text', 'integer', 'numeric', 'float4', 'float8', 'citext'] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** A column of the key, and how its values are matched. */
export interface RowKey {
  readonly column: string;
  readonly kind: Exclude<ValueKind, 'integer'>;
}

/** The kind of the column `a`, through domains. */
export const KIND_SQL = `(WITH RECURSIVE base AS (
    SELECT t.oid, t.typtype, t.typbasetype, t.typname FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid
    UNION ALL SELECT t.oid, t.typtype, t.typbasetype, t.typname FROM base JOIN pg_catalog.pg_type t ON t.oid = base.typbasetype WHERE base.typtype = 'd')
  SELECT CASE WHEN oid IN (20, 21, 23) THEN 'integer' WHEN oid = 1700 THEN 'numeric' WHEN oid = 700 THEN 'float4' WHEN oid = 701 THEN 'float8'
      WHEN typname = 'citext' AND oid >= 16384 THEN 'citext' ELSE 'text' END FROM base WHERE typtype <> 'd')`;

/** A table's columns and their kinds, in the same order. */
export interface KindTable {
  readonly columns: readonly string[];
  readonly kinds: readonly ValueKind[];
}

/** How the columns of a key are matched between two tables, whose types need not be the same. */
export const rowKeys = (key: readonly string[], source: KindTable, target: KindTable): RowKey[] =>
  key.map((column) => {
    const [left, right] = [source, target].map(({ columns, kinds }) => kinds[columns.indexOf(column)] ?? 'text');
    const both = new Set([left, right]);
    if (left === right && left !== undefined && left !== 'integer') return { column, kind: left };
    return { column, kind: both.has('numeric') && both.has('integer') ? 'numeric' : 'text' };
  });

/** Whether two texts are one value: before 12 servers write floating-point numbers with more figures than they need. */
export function sameValue(kind: ValueKind, left: string | null, right: string | null): boolean {
  if (left === right || left === null || right === null) return left === right;
  if (kind === 'float8') return Object.is(Number(left), Number(right));
  return kind === 'float4' && Object.is(Math.fround(Number(left)), Math.fround(Number(right)));
}

/**
 * An expression of the same text for all values that are equal, on every server: numbers have no zeros at their end, `-0` is `0`, and
 * A to Z are small in citext, whatever the server's language.
 */
export function matchText({ column, kind }: RowKey): string {
  const name = quoteIdent(column);
  const text = `${name}::pg_catalog.text`;
  switch (kind) {
    case 'text':
      return text;
    case 'numeric':
      return `CASE WHEN pg_catalog.strpos(${text}, '.') > 0 THEN pg_catalog.rtrim(pg_catalog.rtrim(${text}, '0'), '.') ELSE ${text} END`;
    case 'float4':
    case 'float8':
      return `pg_catalog.encode(pg_catalog.float8send(${name}::pg_catalog.float8 + 0), 'hex')`;
    case 'citext':
      return `pg_catalog.lower(${text} COLLATE pg_catalog."C")`;
  }
}

/** What rows are sorted by, in a database of this encoding: the bytes in UTF-8. */
export function orderText(key: RowKey, encoding: string): string {
  const text = `(${matchText(key)})`;
  // An index of this collation can be used; the other encodings' bytes come in an order of their own.
  if (encoding === 'UTF8' || encoding === 'SQL_ASCII') return `${text} COLLATE pg_catalog."C"`;
  return `pg_catalog.convert_to(${text}, 'UTF8')`;
}
