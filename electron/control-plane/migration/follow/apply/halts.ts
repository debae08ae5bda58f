import { AppError } from '../../../../../shared/errors';
import { quoteIdent, quoteQualified } from '../../../../../shared/model/quote';
import { failureKind } from '../../worker/failure';
import { formatLsn, type Lsn } from '../change-stream';
import { FollowHalt } from '../follow-model';
import type { BoundTable } from './bound-table';
import { TEXT_KIND, lengthAt, valueAt } from './tuple-walk';
import type { UnitFailure } from './units';
import { DELETE_FULL, DELETE_KEY, INSERT, type Window } from './window';

const VALUE_SHOWN = 120;
const COLUMNS_SHOWN = 8;

/** Name of the halt of one change: the same after every restart. */
const changeId = (window: Window, change: number): string =>
  `${formatLsn(window.transactions[window.owners[change] ?? 0]?.commitLsn ?? 0n)}:r${window.ordinals[change] ?? 0}`;

function shown(bytes: Buffer, at: number): string {
  if (bytes[at] !== TEXT_KIND) return 'NULL';
  const length = lengthAt(bytes, at);
  const text = bytes.toString('utf8', at + 5, at + 5 + Math.min(length, VALUE_SHOWN));
  return length > VALUE_SHOWN ? `${text}…` : text;
}

/** e.g. `UPDATE shop.item (id) = (5)`. */
export function changeText(window: Window, table: BoundTable, change: number): string {
  const kind = window.kinds[change] ?? 0;
  const old = window.olds[change] ?? -1;
  const tuple = old >= 0 ? old : (window.news[change] ?? 0);
  const verb = kind === INSERT ? 'INSERT' : kind === DELETE_KEY || kind === DELETE_FULL ? 'DELETE' : 'UPDATE';
  const columns = (table.keyColumns.length > 0 ? table.keyColumns : table.columns).slice(0, COLUMNS_SHOWN);
  const values = columns.map(({ position }) => shown(window.bytes, valueAt(window.bytes, tuple, position)));
  return `${verb} ${quoteQualified(table.schema, table.table)} (${columns.map(({ name }) => quoteIdent(name)).join(', ')}) = (${values.join(', ')})`;
}

export const foundText = (rows: number): string =>
  rows === 0 ? 'the row is not on the receiving side' : `${rows} rows were found on the receiving side`;

/** Why a window could not be applied, one by one and in order: what failed there is real. */
export function changeHalt(window: Window, tables: readonly BoundTable[], failure: UnitFailure): Error {
  const table = failure.change < 0 ? undefined : tables[window.tables[failure.change] ?? 0];
  if (!table) {
    if (failure.error) return failure.error;
    return new AppError({
      code: 'conflict',
      message: `The progress of the task was changed by somebody else: ${failure.text}`,
      hint: 'Make sure that the task runs once only.',
    });
  }
  const change = changeText(window, table, failure.change);
  const reason = failure.error
    ? `${failure.error.message}${failure.error.info.detail === undefined ? '' : ` (${failure.error.info.detail})`}`
    : foundText(failure.rows);
  return new FollowHalt({
    id: changeId(window, failure.change),
    kind: 'drift',
    text: `A change of ${quoteQualified(table.schema, table.table)} could not be applied: ${reason}`,
    statement: change,
    schema: table.schema,
    table: table.table,
    choices: ['retry', 'skip', 'copyAgain'],
  });
}

/** The receiving side refused to commit. */
export function commitHalt(window: Window, failure: UnitFailure): FollowHalt {
  return new FollowHalt({
    id: `${formatLsn(window.transactions.at(-1)?.commitLsn ?? 0n)}:commit`,
    kind: 'drift',
    text: `The receiving side refused to commit: ${failure.text}`,
    statement: '',
    schema: '',
    table: '',
    choices: ['retry'],
  });
}

/** A TRUNCATE that the receiving side refused; other failures stay what they are. */
export function truncateHalt(
  commitLsn: Lsn,
  ordinal: number,
  sql: string,
  tables: readonly BoundTable[],
  error: unknown,
): unknown {
  const [first] = tables;
  if (!(error instanceof AppError) || failureKind(error) !== 'object' || !first) return error;
  return new FollowHalt({
    id: `${formatLsn(commitLsn)}:r${ordinal}`,
    kind: 'drift',
    text: `Tables could not be emptied: ${error.message}`,
    statement: sql,
    schema: first.schema,
    table: first.table,
    choices: ['retry', 'skip'],
  });
}
