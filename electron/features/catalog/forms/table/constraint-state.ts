import { AppError } from '../../../../../shared/errors';
import type { FormState } from '../../../../../shared/model/form';
import {
  constraintOf,
  type Constraint,
  type ConstraintVariant,
} from '../../../../../shared/model/forms/table/constraint-shape';
import type { PgSession } from '../../../../adapters/postgres/session';
import { DATABASE_TABLESPACE } from '../state-pieces';
import type { StateReader } from '../state-reader';
import { elementsJson, elementsOf, includedColumns, type ElementRow } from './elements';
import { optionRows, qualified } from './rows';

interface ConstraintRow {
  readonly oid: number;
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly tableSchema: string;
  readonly databaseTablespace: string;
  readonly comment: string | null;
  readonly columns: readonly string[];
  readonly target: string | null;
  readonly targetColumns: readonly string[];
  readonly setColumns: readonly string[];
  readonly match: string;
  readonly onUpdate: string;
  readonly onDelete: string;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly validated: boolean;
  readonly enforced: boolean;
  readonly noInherit: boolean;
  readonly period: boolean;
  readonly expression: string | null;
  readonly index: {
    readonly method: string;
    readonly include: readonly string[];
    readonly options: readonly string[] | null;
    readonly tablespace: string | null;
    readonly clustered: boolean;
    readonly replica: boolean;
    readonly nullsNotDistinct: boolean;
    readonly where: string | null;
    readonly elements: readonly ElementRow[] | null;
  } | null;
}

const columnNames = (relation: string, numbers: string): string =>
  `ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY k(number, place)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number ORDER BY k.place)`;

/** SQL by version; `$1` is the oid of the constraint or of the table that has it. */
function constraintsSql(version: number, where: string): string {
  const enforced = version >= 180000 ? 'c.conenforced' : 'true';
  const period = version >= 180000 ? 'c.conperiod' : 'false';
  const setColumns = version >= 150000 ? columnNames('c.conrelid', 'c.confdelsetcols') : 'ARRAY[]::text[]';
  const nullsNotDistinct = version >= 150000 ? 'x.indnullsnotdistinct' : 'false';
  return `
SELECT c.oid, c.contype::text AS type, c.conname AS name, ${qualified('n.nspname', 't.relname')} AS "table", n.nspname AS "tableSchema",
       ${DATABASE_TABLESPACE} AS "databaseTablespace",
       pg_catalog.obj_description(c.oid, 'pg_constraint') AS comment, ${columnNames('c.conrelid', 'c.conkey')} AS columns,
       (SELECT ${qualified('fn.nspname', 'f.relname')} FROM pg_catalog.pg_class f JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
         WHERE f.oid = c.confrelid) AS target,
       ${columnNames('c.confrelid', 'c.confkey')} AS "targetColumns", ${setColumns} AS "setColumns",
       c.confmatchtype::text AS match, c.confupdtype::text AS "onUpdate", c.confdeltype::text AS "onDelete",
       c.condeferrable AS deferrable, c.condeferred AS deferred, c.convalidated AS validated, ${enforced} AS enforced,
       c.connoinherit AS "noInherit", ${period} AS period, pg_catalog.pg_get_expr(c.conbin, c.conrelid) AS expression,
       CASE WHEN c.contype IN ('p', 'u', 'x') THEN (SELECT pg_catalog.json_build_object('method', m.amname, 'include', ${includedColumns(version)},
           'options', i.reloptions, 'tablespace', s.spcname, 'clustered', x.indisclustered, 'replica', x.indisreplident,
           'nullsNotDistinct', ${nullsNotDistinct},
           'where', pg_catalog.pg_get_expr(x.indpred, x.indrelid), 'elements', ${elementsJson(version, 'c.conexclop')})
         FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_am m ON m.oid = i.relam
         LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = i.reltablespace WHERE x.indexrelid = c.conindid) END AS "index"
  FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class t ON t.oid = c.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
 WHERE ${where} ORDER BY c.conname`;
}

const VARIANTS: Readonly<Record<string, ConstraintVariant>> = {
  p: 'primary-key',
  u: 'unique',
  f: 'foreign-key',
  c: 'check',
  x: 'exclusion',
};

const ACTIONS: Readonly<Record<string, string>> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};

function shapeOf(row: ConstraintRow): Constraint {
  const isExclusion = row.type === 'x';
  const isForeign = row.type === 'f';
  const fillfactor = optionRows(row.index?.options ?? null).find(({ name }) => name === 'fillfactor')?.value;
  return constraintOf({
    id: String(row.oid),
    name: row.name,
    comment: row.comment ?? '',
    columns: isExclusion || row.type === 'c' ? [] : row.columns,
    include: row.index?.include ?? [],
    clustered: row.index?.clustered ?? false,
    replica: row.index?.replica ?? false,
    nullsNotDistinct: row.index?.nullsNotDistinct ?? false,
    tablespace: row.index?.tablespace ?? '',
    fillfactor: fillfactor === undefined ? null : Number(fillfactor),
    withoutOverlaps: row.period && !isForeign,
    period: row.period && isForeign,
    deferrable: row.deferrable,
    deferred: row.deferred,
    target: row.target ?? '',
    targetColumns: isForeign ? row.targetColumns : [],
    match: row.match === 'f' ? 'FULL' : 'SIMPLE',
    onUpdate: ACTIONS[row.onUpdate] ?? '',
    onDelete: ACTIONS[row.onDelete] ?? '',
    setColumns: row.setColumns,
    expression: row.type === 'c' ? (row.expression ?? '') : '',
    noInherit: row.type === 'c' && row.noInherit,
    notValid: !row.validated,
    notEnforced: !row.enforced,
    method: isExclusion ? (row.index?.method ?? '') : '',
    elements: isExclusion ? elementsOf(row.index?.elements ?? null) : [],
    where: isExclusion ? (row.index?.where ?? '') : '',
  });
}

/** Constraints of a table by variant, sorted by name. NOT NULL of newer servers is said with the columns. */
export async function readTableConstraints(
  session: PgSession,
  table: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<ConstraintVariant, Constraint[]>> {
  const sql = constraintsSql(session.serverVersionNum, "c.conrelid = $1 AND c.contype IN ('p', 'u', 'f', 'c', 'x')");
  const found = new Map<ConstraintVariant, Constraint[]>();
  for (const row of await session.query<ConstraintRow>(sql, [table], signal)) {
    const variant = VARIANTS[row.type];
    if (variant) found.set(variant, [...(found.get(variant) ?? []), shapeOf(row)]);
  }
  return found;
}

/** State of the constraint dialog. Those of a domain are none of these: null. */
export const readConstraintState: StateReader = async (session, object, signal) => {
  const sql = constraintsSql(session.serverVersionNum, 'c.oid = $1');
  const [row] = await session.query<ConstraintRow>(sql, [object.oid], signal);
  if (!row) return null;
  const variant = VARIANTS[row.type];
  if (!variant)
    throw new AppError({ code: 'unsupported', message: `${row.name} is changed with its column or trigger` });
  const { table, tableSchema, databaseTablespace } = row;
  const state: FormState = { ...shapeOf(row), table, tableSchema, databaseTablespace };
  return { variant, state };
};
