import type { PgSession } from '../../adapters/postgres/session';
import type { DiagramSchemaChoice, DiagramTableChoice } from '../../../shared/contract/diagram';
import { AppError } from '../../../shared/errors';
import {
  grouped,
  MOST_DIAGRAM_TABLES,
  type ColumnSource,
  type Diagram,
  type DiagramColumn,
  type DiagramKey,
  type DiagramRelation,
  type DiagramTable,
  type ReferenceAction,
} from '../../../shared/model/diagram';
import {
  CHOSEN,
  COLUMNS,
  FOREIGN_KEYS,
  KEYS,
  SCHEMAS,
  TABLE_NAMES,
  TABLES,
  type ColumnRow,
  type ForeignKeyRow,
  type KeyRow,
  type TableRow,
} from './diagram-queries';

/** What to draw: schemas (all when there are none), or tables by oid. */
export interface DiagramScope {
  readonly schemas: readonly string[];
  readonly tables: readonly number[];
  readonly related: boolean;
}

/** Schemas with the tables that a diagram of them would show. */
export const readSchemas = (session: PgSession, signal: AbortSignal): Promise<DiagramSchemaChoice[]> =>
  session.query<{ name: string; tables: number }>(SCHEMAS, [], signal);

/** Every table that a diagram may show. */
export async function readTableNames(session: PgSession, signal: AbortSignal): Promise<DiagramTableChoice[]> {
  const rows = await session.query<{ oid: string; schema: string; name: string }>(TABLE_NAMES, [], signal);
  return rows.map(({ oid, schema, name }) => ({ oid: Number(oid), schema, name }));
}

const ACTIONS: Readonly<Record<string, ReferenceAction>> = {
  a: 'no-action',
  r: 'restrict',
  c: 'cascade',
  n: 'set-null',
  d: 'set-default',
};
const IDENTITIES: Readonly<Record<string, ColumnSource>> = { a: 'identity-always', d: 'identity-default' };
const GENERATED: Readonly<Record<string, ColumnSource>> = { s: 'stored', v: 'virtual' };

const tableId = (oid: string): string => `t${oid}`;
const columnId = (oid: string, number: number): string => `c${oid}.${number}`;

/** Reads tables with columns and keys; partitions count for the table they are part of. Positions are 0: the window lays out. */
export async function readDiagram(session: PgSession, scope: DiagramScope, signal: AbortSignal): Promise<Diagram> {
  const chosen = await session.query<{ oid: string }>(
    CHOSEN,
    [
      scope.tables.length === 0 && scope.schemas.length > 0 ? scope.schemas : null,
      scope.tables.length > 0 ? scope.tables : null,
      scope.related,
      MOST_DIAGRAM_TABLES + 1,
    ],
    signal,
  );
  if (chosen.length > MOST_DIAGRAM_TABLES) {
    throw new AppError({
      code: 'invalid-input',
      field: 'schemas',
      message: `These are more than ${MOST_DIAGRAM_TABLES} tables`,
      hint: 'Choose some of the schemas, or some tables.',
    });
  }
  const oids = chosen.map(({ oid }) => oid);
  const tables = await session.query<TableRow>(TABLES, [oids], signal);
  const columns = grouped(
    await session.query<ColumnRow>(
      session.serverVersionNum >= 120000 ? COLUMNS.from12 : COLUMNS.from10,
      [oids],
      signal,
    ),
    ({ table }) => table,
  );
  const keys = grouped(await session.query<KeyRow>(KEYS, [oids], signal), ({ table }) => table);
  const foreign = await session.query<ForeignKeyRow>(
    session.serverVersionNum >= 110000 ? FOREIGN_KEYS.from11 : FOREIGN_KEYS.from10,
    [oids],
    signal,
  );
  const made = tables.map((row) => tableFrom(row, columns.get(row.oid) ?? [], keys.get(row.oid) ?? []));
  const relations = relationsFrom(foreign, made);
  return { tables: made, relations, notes: [], baseline: { tables: made, relations } };
}

function tableFrom(row: TableRow, columns: readonly ColumnRow[], keys: readonly KeyRow[]): DiagramTable {
  const keyFrom = (key: KeyRow): DiagramKey => ({
    id: `k${key.oid}`,
    name: key.name,
    columns: key.columns.map((number) => columnId(row.oid, number)),
  });
  const primary = keys.find(({ primary: isPrimary }) => isPrimary);
  return {
    id: tableId(row.oid),
    schema: row.schema,
    name: row.name,
    comment: row.comment,
    columns: columns.map((column) => columnFrom(row.oid, column)),
    primaryKey: primary ? keyFrom(primary) : null,
    uniques: keys.filter(({ primary: isPrimary }) => !isPrimary).map(keyFrom),
    partitionBy: row.partition_by,
    partitions: row.partitions,
    colour: 'none',
    x: 0,
    y: 0,
  };
}

function columnFrom(oid: string, row: ColumnRow): DiagramColumn {
  const source = IDENTITIES[row.identity] ?? GENERATED[row.generated] ?? (row.serial ? 'serial' : '');
  return {
    id: columnId(oid, row.number),
    name: row.name,
    type: row.type,
    notNull: row.not_null,
    default: row.default,
    source,
    comment: row.comment,
  };
}

/** Foreign keys by the names of their columns: a partition may number them otherwise than the table it is part of. */
function relationsFrom(rows: readonly ForeignKeyRow[], tables: readonly DiagramTable[]): DiagramRelation[] {
  const byId = new Map(tables.map((table) => [table.id, table]));
  const seen = new Set<string>();
  const relations: DiagramRelation[] = [];
  for (const row of rows) {
    const from = byId.get(tableId(row.from));
    const to = byId.get(tableId(row.to));
    if (!from || !to) continue;
    const pairs = row.from_columns.flatMap((name, index) => {
      const one = from.columns.find((column) => column.name === name);
      const other = to.columns.find((column) => column.name === row.to_columns[index]);
      return one && other ? [{ from: one.id, to: other.id }] : [];
    });
    const same = JSON.stringify([from.id, to.id, pairs]);
    // What every partition declares for itself is one line.
    if (pairs.length === 0 || (row.folded && seen.has(same))) continue;
    seen.add(same);
    relations.push({
      id: `r${row.oid}`,
      name: row.name,
      from: from.id,
      to: to.id,
      pairs,
      onUpdate: ACTIONS[row.on_update] ?? 'no-action',
      onDelete: ACTIONS[row.on_delete] ?? 'no-action',
      full: row.match === 'f',
      defer: row.deferred ? 'deferred' : row.deferrable ? 'deferrable' : 'no',
    });
  }
  return relations;
}
