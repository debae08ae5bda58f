import { z } from 'zod';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { ComparedTable } from './compare-model';
import { shapeOf, type TypeCatalog, type TypeNode } from './type-tree';
import { hashText, joinText, shownText, valueParts, type TextForm } from './value-text';

/** How a table is read on one side. */
export interface SideShape {
  /** Quoted, for FROM; with `ONLY`. */
  readonly from: string;
  /** Condition, with brackets; empty is all rows. */
  readonly filter: string;
  /** Columns of the key, as expressions. */
  readonly key: readonly string[];
  /** Types and collations that a value of the key is cast to, to be compared without a row. */
  readonly keyCasts: readonly string[];
  /** Text that tells the rows apart: by it the keys of both sides are matched. */
  readonly keyText: string;
  /** 32 hexadecimal digits of all values of a row. */
  readonly rowHash: string;
  /** Of each compared column: its hash, and its value for people. */
  readonly columns: readonly { readonly hash: string; readonly shown: string }[];
}

export interface TableShape {
  /** Names on the source, in the order of `columns`, `key`. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly source: SideShape;
  readonly target: SideShape;
  /** Whether the servers may put keys into another order: strings by collations, enums. */
  readonly orderMayDiffer: boolean;
  /** Why parts of it are not compared; empty: all of it is. */
  readonly problems: readonly string[];
}

const SHOWN = 200;

const columnRow = z.object({
  name: z.string(),
  type: z.number(),
  written: z.string(),
  collation: z.string(),
  notNull: z.boolean(),
});
type ColumnRow = z.output<typeof columnRow>;
const tableRow = z.object({ oid: z.number() });
const keyRow = z.object({ columns: z.array(z.string()) });

async function readColumns(session: PgSession, oid: number, signal: AbortSignal): Promise<ColumnRow[]> {
  const rows = await session.query(
    `SELECT a.attname AS name, a.atttypid AS type, pg_catalog.format_type(a.atttypid, -1) AS written,
       coalesce((SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(o.collname)
         FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace
         WHERE o.oid = a.attcollation), '') AS collation, a.attnotnull AS "notNull"
     FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [oid],
    signal,
  );
  return z.array(columnRow).parse(rows);
}

async function findTable(
  session: PgSession,
  schema: string,
  name: string,
  signal: AbortSignal,
): Promise<number | null> {
  const [row] = await session.query(
    `SELECT c.oid AS oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`,
    [schema, name],
    signal,
  );
  return row === undefined ? null : tableRow.parse(row).oid;
}

/** Columns of keys without nulls, the primary key first, then those of fewer columns. */
async function readKeys(session: PgSession, oid: number, signal: AbortSignal): Promise<string[][]> {
  const count = session.serverVersionNum >= 110_000 ? 'i.indnkeyatts' : 'i.indnatts';
  // A NOT NULL that was never validated (18): there may be rows without a key.
  const validated =
    session.serverVersionNum >= 180_000
      ? `AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = i.indrelid AND k.contype = 'n'
           AND NOT k.convalidated AND a.attnum = ANY (k.conkey))`
      : '';
  const rows = await session.query(
    `SELECT pg_catalog.array_agg(a.attname::text ORDER BY p.n) AS columns
     FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
       CROSS JOIN LATERAL pg_catalog.generate_series(0, ${count} - 1) AS p (n)
       LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = $1 AND a.attnum = i.indkey[p.n] AND a.attnotnull ${validated}
     WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
     GROUP BY i.indexrelid, i.indisprimary, ${count}, c.relname
     HAVING pg_catalog.count(a.attname) = ${count}
     ORDER BY i.indisprimary DESC, ${count}, c.relname`,
    [oid],
    signal,
  );
  return rows.map((row) => keyRow.parse(row).columns);
}

interface Pair {
  readonly name: string;
  readonly targetName: string;
  readonly source: ColumnRow;
  readonly target: ColumnRow;
  readonly type: TypeNode;
  readonly targetType: TypeNode;
}

/** Its operators are found with an empty search path, and its text can be read back. */
const mayBeKey = ({ type }: Pair, strings: boolean): boolean => {
  if (type.kind === 'enum') return true;
  if (type.kind !== 'base' || !type.builtin || type.name === 'char') return false;
  return strings || !['text', 'varchar', 'bpchar', 'name'].includes(type.name);
};

const orderMayDiffer = ({ type, source }: Pair): boolean => type.kind === 'enum' || source.collation !== '';

function sideShape(
  role: 'source' | 'target',
  table: ComparedTable,
  pairs: readonly Pair[],
  keys: readonly Pair[],
  form: TextForm,
): SideShape {
  const onSource = role === 'source';
  const name = onSource ? table.name : table.targetName;
  const from = quoteQualified(onSource ? table.schema : table.targetSchema, name);
  const column = (pair: Pair): string => `${quoteIdent(name)}.${quoteIdent(onSource ? pair.name : pair.targetName)}`;
  const typeOf = (pair: Pair): TypeNode => (onSource ? pair.type : pair.targetType);
  const parts = (pair: Pair): string[] => valueParts(typeOf(pair), column(pair), form) ?? [];
  const filtered = table.rowFilter !== '' && (onSource || table.filterTarget);
  return {
    from: `ONLY ${from}`,
    filter: filtered ? `(${table.rowFilter})` : '',
    key: keys.map(column),
    keyCasts: keys.map((pair) => {
      const { written, collation } = pair[role];
      return collation === '' ? `::${written}` : `::${written} COLLATE ${collation}`;
    }),
    keyText: joinText(keys.flatMap(parts)),
    rowHash: hashText(joinText(pairs.flatMap(parts)), form),
    columns: pairs.map((pair) => ({
      hash: hashText(joinText(parts(pair)), form),
      shown: shownText(typeOf(pair), column(pair), SHOWN),
    })),
  };
}

export interface ShapeDeps {
  readonly source: PgSession;
  readonly target: PgSession;
  readonly types: { readonly source: TypeCatalog; readonly target: TypeCatalog };
  readonly forms: { readonly source: TextForm; readonly target: TextForm };
  /** Strings of both databases can be told to each other without loss. */
  readonly strings: boolean;
  readonly signal: AbortSignal;
}

/** A table that is not there. */
export interface Missing {
  readonly missing: 'source' | 'target';
}

/** How a table is compared. */
export async function readShape(table: ComparedTable, deps: ShapeDeps): Promise<TableShape | Missing> {
  const { source, target, types, forms, signal } = deps;
  const oid = await findTable(source, table.schema, table.name, signal);
  if (oid === null) return { missing: 'source' };
  const targetOid = await findTable(target, table.targetSchema, table.targetName, signal);
  if (targetOid === null) return { missing: 'target' };
  const columns = await readColumns(source, oid, signal);
  const others = new Map((await readColumns(target, targetOid, signal)).map((each) => [each.name, each]));
  const read = async (
    catalog: TypeCatalog,
    session: PgSession,
    rows: readonly ColumnRow[],
  ): Promise<(oid: number) => TypeNode> =>
    catalog.read(
      session,
      rows.map(({ type }) => type),
      signal,
    );
  const typeOf = await read(types.source, source, columns);
  const targetTypeOf = await read(types.target, target, [...others.values()]);
  const problems: string[] = [];
  const pairs: Pair[] = [];
  for (const column of columns) {
    const { name } = column;
    const targetName = table.columns?.get(name) ?? name;
    const other = others.get(targetName);
    if (!other) {
      problems.push(`the target has no column ${targetName}`);
      continue;
    }
    const type = typeOf(column.type);
    const targetType = targetTypeOf(other.type);
    if (shapeOf(type) !== shapeOf(targetType))
      problems.push(`column ${name} is ${shapeOf(type)} on the source and ${shapeOf(targetType)} on the target`);
    else if (valueParts(type, 'x', forms.source) === null || valueParts(targetType, 'x', forms.target) === null)
      problems.push(`values of column ${name} (${column.written}) are written differently by these versions`);
    else pairs.push({ name, targetName, source: column, target: other, type, targetType });
  }
  const byName = new Map(pairs.map((pair) => [pair.name, pair]));
  const usable = (names: readonly string[]): Pair[] | null => {
    const list = names.flatMap((name) => byName.get(name) ?? []).filter((pair) => mayBeKey(pair, deps.strings));
    return list.length === names.length ? list : null;
  };
  const key = (await readKeys(source, oid, signal)).map(usable).find((list) => list !== null) ?? [];
  return {
    columns: pairs.map(({ name }) => name),
    key: key.map(({ name }) => name),
    source: sideShape('source', table, pairs, key, forms.source),
    target: sideShape('target', table, pairs, key, forms.target),
    orderMayDiffer: key.some(orderMayDiffer),
    problems,
  };
}
