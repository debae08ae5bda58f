import type { DataDifference, DataResult, DataTable } from '../../../shared/model/compare';
import { AppError } from '../../../shared/errors';
import { quoteQualified } from '../../../shared/model/quote';
import type { ConnectionProfile } from '../../ports';
import { openRowSession, readRows, type RowValues } from './read-rows';
import { rowKeys, sameValue, type RowKey } from './row-keys';
import { noKey, readRowTables, type RowTable } from './table-rows';

/** A database, or one schema of it. */
export interface DataSide {
  readonly profile: ConnectionProfile;
  readonly schema: string | null;
}

/** The same names in whatever order. */
const same = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((each) => right.includes(each));

/** The tables of both sides by name, with what keeps their rows from being compared. Names are those of the target. */
export async function listDataTables(source: DataSide, target: DataSide, signal: AbortSignal): Promise<DataTable[]> {
  const [left, right] = await Promise.all([source, target].map((side) => tablesOf(side, null, signal)));
  const keyOf = (table: RowTable, side: DataSide): string =>
    JSON.stringify([side.schema === null ? table.schema : '', table.name]);
  const others = new Map((left ?? []).map((table) => [keyOf(table, source), table]));
  return (right ?? []).flatMap((table): DataTable[] => {
    const other = others.get(keyOf(table, target));
    if (!other) return [];
    const reason = table.key.length === 0 ? 'no-key' : same(table.columns, other.columns) ? '' : 'different-columns';
    return [{ schema: table.schema, name: table.name, key: table.key, reason }];
  });
}

async function tablesOf({ profile, schema }: DataSide, name: string | null, signal: AbortSignal): Promise<RowTable[]> {
  const session = await openRowSession(profile, signal);
  try {
    return await readRowTables(session, schema, name, signal);
  } finally {
    await session.end();
  }
}

/** Texts in the order that COLLATE "C" gives in UTF-8: by code points. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  for (let at = 0; ;) {
    const a = left.codePointAt(at);
    const b = right.codePointAt(at);
    if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
    if (a !== b) return a - b;
    at += a > 0xffff ? 2 : 1;
  }
}

export interface MergeCounts {
  onlySource: number;
  onlyTarget: number;
  changed: number;
  equal: number;
}

/**
 * Walks over two sorted streams of rows side by side and tells every difference. `key` are the places of the key in a row. A row at a time
 * is held of each.
 */
export async function mergeRows(
  source: AsyncIterator<RowValues>,
  target: AsyncIterator<RowValues>,
  key: readonly number[],
  onDifference: (difference: DataDifference) => void,
  isSame: (left: string | null, right: string | null, index: number) => boolean = (one, other) => one === other,
): Promise<MergeCounts> {
  const counts: MergeCounts = { onlySource: 0, onlyTarget: 0, changed: 0, equal: 0 };
  const next = async (rows: AsyncIterator<RowValues>): Promise<RowValues | null> => {
    const { value, done } = await rows.next();
    return done === true ? null : value;
  };
  const order = (left: RowValues, right: RowValues): number => {
    for (const at of key) {
      const [a = null, b = null] = [left[at], right[at]];
      const difference = a === null || b === null ? Number(a === null) - Number(b === null) : compareText(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  let left = await next(source);
  let right = await next(target);
  while (left !== null || right !== null) {
    const side = left === null ? 1 : right === null ? -1 : order(left, right);
    if (side < 0) {
      counts.onlySource += 1;
      onDifference({ kind: 'only-source', source: left, target: null });
    } else if (side > 0) {
      counts.onlyTarget += 1;
      onDifference({ kind: 'only-target', source: null, target: right });
    } else if (left?.every((value, index) => isSame(value, right?.[index] ?? null, index)) === true) counts.equal += 1;
    else {
      counts.changed += 1;
      onDifference({ kind: 'changed', source: left, target: right });
    }
    if (side <= 0) left = await next(source);
    if (side >= 0) right = await next(target);
  }
  return counts;
}

/** Where the texts that rows are matched by are: those that aren't the column's own follow the columns. */
function keyPlaces(key: readonly RowKey[], columns: readonly string[]): number[] {
  let next = columns.length;
  return key.map(({ column, kind }) => (kind === 'text' ? columns.indexOf(column) : next++));
}

export interface TableRequest {
  readonly source: DataSide;
  readonly target: DataSide;
  /** The target's table; the source's has the same name in the source's schema. */
  readonly schema: string;
  readonly name: string;
}

export interface TableDifferences extends DataResult {
  readonly sourceTable: RowTable;
  readonly targetTable: RowTable;
}

/**
 * Compares the rows of one table and holds the first `limit` differences that are `wanted`; `more` tells that there are others. Fails with
 * `not-found`, or `unsupported` for a table without a key or with other columns.
 */
export async function compareTable(
  request: TableRequest,
  limit: number,
  signal: AbortSignal,
  wanted: (difference: DataDifference) => boolean = () => true,
): Promise<TableDifferences> {
  const { source, target, schema, name } = request;
  const left = await openRowSession(source.profile, signal);
  try {
    const right = await openRowSession(target.profile, signal);
    try {
      const [sourceTable] = await readRowTables(left, source.schema ?? schema, name, signal);
      const [targetTable] = await readRowTables(right, schema, name, signal);
      if (!sourceTable || !targetTable) {
        throw new AppError({
          code: 'not-found',
          message: `There is no table ${quoteQualified(schema, name)} on both sides`,
        });
      }
      const { columns, key } = targetTable;
      if (key.length === 0) throw noKey(schema, name);
      if (!same(sourceTable.columns, columns)) {
        throw new AppError({
          code: 'unsupported',
          message: `${quoteQualified(schema, name)} has other columns on the two sides`,
        });
      }
      const rows: DataDifference[] = [];
      let more = false;
      const matched = rowKeys(key, sourceTable, targetTable);
      const counts = await mergeRows(
        readRows(left, sourceTable, columns, matched, signal),
        readRows(right, targetTable, columns, matched, signal),
        keyPlaces(matched, columns),
        ({ kind, source: one, target: other }) => {
          const own = (row: RowValues | null): RowValues | null => row?.slice(0, columns.length) ?? null;
          const difference = { kind, source: own(one), target: own(other) };
          if (!wanted(difference)) return;
          if (rows.length < limit) rows.push(difference);
          else more = true;
        },
        (one, other, index) => sameValue(targetTable.kinds[index] ?? 'text', one, other),
      );
      return { columns, key, ...counts, rows, more, sourceTable, targetTable };
    } finally {
      await right.end();
    }
  } finally {
    await left.end();
  }
}
