import type { query } from '../../../shared/contract/query';
import type { Handlers } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import { formatRows } from '../../../shared/model/csv-format';
import type { ResultColumn, Row } from '../../../shared/model/query';
import type { QueryCore } from './query-core';
import type { ResultSet } from './result-set';

const MAX_COPIED_ROWS = 100_000;
const COPY_PAGE = 5_000;

/** Rows that are held: for the grid, and for the clipboard. */
export function resultHandlers({ resultOf }: QueryCore): Pick<Handlers<typeof query>, 'fetch' | 'copyText'> {
  return {
    fetch: async ({ resultId, from, count, cellLimit }) => resultOf(resultId).result.spool.rows(from, count, cellLimit),
    async copyText({ resultId, from, to, columns, format, header, staged = [] }) {
      const { session, result } = resultOf(resultId);
      const chosen = chosenColumns(result.columns, columns);
      const rows = await readRows(result, from, to, columns, new Map(staged.map((each) => [each.row, each.values])));
      const table = session.tableOf(result) ?? 'query_result';
      return { text: formatRows(chosen, rows, format, { header, table }), rows: rows.length };
    },
  };
}

function chosenColumns(all: readonly ResultColumn[], indexes: readonly number[]): ResultColumn[] {
  return indexes.map((index) => {
    const column = all[index];
    if (!column) throw new AppError({ code: 'invalid-input', message: 'There is no such column', field: 'columns' });
    return column;
  });
}

type StagedValues = Readonly<Record<string, string | null>>;

/** Rows `from` … `to` (inclusive), the chosen columns only, with what is staged over them and behind them. */
async function readRows(
  result: ResultSet,
  from: number,
  to: number,
  columns: readonly number[],
  staged: ReadonlyMap<number, StagedValues>,
): Promise<Row[]> {
  const { rowCount } = result.spool;
  const last = Math.min(to, rowCount - 1);
  const added = [...staged].filter(([row]) => row >= rowCount && row >= from && row <= to).sort(([a], [b]) => a - b);
  if (last - from + added.length >= MAX_COPIED_ROWS) {
    throw new AppError({
      code: 'invalid-input',
      message: 'More than 100,000 rows do not go to the clipboard',
      hint: 'Save the result as a file instead.',
    });
  }
  const rows: Row[] = [];
  while (from + rows.length <= last) {
    const at = from + rows.length;
    const page = await result.spool.rows(at, Math.min(COPY_PAGE, last - at + 1));
    page.forEach((row, index) => {
      const over = staged.get(at + index);
      rows.push(columns.map((column) => (over && column in over ? over[column] : row[column]) ?? null));
    });
  }
  for (const [, over] of added) rows.push(columns.map((column) => over[column] ?? null));
  return rows;
}
