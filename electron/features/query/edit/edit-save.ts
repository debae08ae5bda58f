import type { RawSession } from '../../../adapters/postgres/raw-session';
import { writingOf } from '../session-writing';
import { AppError, errorInfo } from '../../../../shared/errors';
import type { EditConflict, RowEdit, SaveOutcome } from '../../../../shared/model/edit';
import type { Row } from '../../../../shared/model/query';
import { rowsOfTag, runOne } from './edit-runner';
import { nameOf, readAgain, statementOf, type EditStatement, type StatementOptions } from './edit-statements';
import type { SeenRow } from './edit-base';
import type { FullTarget } from './edit-target';
import { quoteLiteral } from '../../../../shared/model/quote';

/** A savepoint of ours in a transaction of the person's. */
const SAVEPOINT = 'howdah_edits';
const QUERY_CANCELED = '57014';
const never = new AbortController().signal;

/** An edit with the row as it was read; an insert has an empty one. */
export interface PreparedEdit {
  readonly edit: RowEdit;
  readonly old: SeenRow;
}

export interface SaveRequest {
  readonly raw: RawSession;
  readonly target: FullTarget;
  readonly edits: readonly PreparedEdit[];
  readonly overwrite: boolean;
  /** Off: a transaction that is opened here stays open. */
  readonly autocommit: boolean;
  readonly signal: AbortSignal;
  /** Told of every statement that changed its row. */
  readonly ran: (sql: string) => void;
}

/** How a row that was seen is compared in the session. */
export const optionsFor = (raw: RawSession, old: SeenRow, overwrite: boolean): StatementOptions => ({
  overwrite,
  sameStyle: writingOf(raw).style === old.style,
});

/**
 * Saves edits, all or none: in a transaction of its own, or behind a savepoint in the one that is open. Rows that are not what they were are
 * all told, and nothing is saved. Fails with `sql` (`field` and `detail` say which edit), `conflict`, `cancelled`, or `lost-connection`, which
 * leaves open whether the changes were committed when it says so.
 */
export async function saveEdits(request: SaveRequest): Promise<SaveOutcome> {
  const { raw, autocommit } = request;
  if (raw.transaction === 'failed') {
    throw new AppError({
      code: 'conflict',
      message: 'The open transaction has failed: it can only be rolled back',
      hint: 'Roll it back, then save again.',
    });
  }
  const own = raw.transaction === 'idle';
  await runOne(raw, own ? 'BEGIN' : `SAVEPOINT ${SAVEPOINT}`, request.signal);
  let outcome: SaveOutcome;
  try {
    outcome = await runEdits(request, !own || !autocommit);
  } catch (error) {
    await takeBack(raw, own);
    throw error;
  }
  if (!outcome.saved) await takeBack(raw, own);
  else if (!own) await runOne(raw, `RELEASE SAVEPOINT ${SAVEPOINT}`, never);
  else if (autocommit) await commit(raw);
  return outcome;
}

async function takeBack(raw: RawSession, own: boolean): Promise<void> {
  if (raw.transaction === 'lost' || raw.transaction === 'idle') return;
  if (own) await surely(raw, 'ROLLBACK');
  else {
    await surely(raw, `ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
    await surely(raw, `RELEASE SAVEPOINT ${SAVEPOINT}`);
  }
}

/** A cancel that comes late may hit the first: the second one is what it was not meant for. */
async function surely(raw: RawSession, sql: string): Promise<void> {
  try {
    await runOne(raw, sql, never);
  } catch (error) {
    if (errorInfo(error).sqlstate !== QUERY_CANCELED) throw error;
    await runOne(raw, sql, never);
  }
}

async function commit(raw: RawSession): Promise<void> {
  try {
    await runOne(raw, 'COMMIT', never);
  } catch (error) {
    const info = errorInfo(error);
    // Cut by the person while COMMIT hangs: that comes as `cancelled`.
    if (info.code !== 'lost-connection' && (info.code !== 'cancelled' || raw.transaction !== 'lost')) throw error;
    throw new AppError({
      ...info,
      code: 'lost-connection',
      message: 'The connection was lost while the changes were committed',
      detail: info.message,
      hint: 'Whether they were saved is not known. Read the rows again.',
      retry: false,
    });
  }
}

async function runEdits(request: SaveRequest, open: boolean): Promise<SaveOutcome> {
  const { raw, target, edits, overwrite, signal } = request;
  await sameRelation(request);
  // Keys that rows got here: what was read under one of them before is another row, and gone.
  const taken = new Set<string>();
  const rows: (Row | null)[] = [];
  const conflicts: EditConflict[] = [];
  for (const [index, prepared] of edits.entries()) {
    const { edit, old } = prepared;
    if (edit.kind !== 'insert' && taken.has(keyText(target, old.values))) {
      conflicts.push({ edit: index, now: null });
      continue;
    }
    const options = optionsFor(raw, old, overwrite);
    const statement = statementOf(target, edit, old.values, options);
    const { rows: returned, tag } = await runEdit(raw, statement, index, signal);
    const touched = rowsOfTag(tag);
    if (touched > 1) throw severalRows(index, touched);
    if (touched === 0) conflicts.push(await conflictOf(request, prepared, index, options));
    else {
      request.ran(statement.sql);
      const now = edit.kind === 'delete' ? null : shownRow(target, returned[0] ?? [], old.values);
      rows.push(now);
      if (now && (edit.kind === 'insert' || keyText(target, now) !== keyText(target, old.values))) {
        taken.add(keyText(target, now));
      }
    }
  }
  return conflicts.length > 0 ? { saved: false, conflicts } : { saved: true, rows, open };
}

const keyText = (target: FullTarget, row: Row): string =>
  JSON.stringify(target.told.key.map((index) => row[index] ?? null));

/** The name may have gone to another table since. Fails with `conflict`. */
async function sameRelation({ raw, target, signal }: SaveRequest): Promise<void> {
  const name = quoteLiteral(nameOf(target));
  const { rows } = await runOne(raw, `SELECT pg_catalog.to_regclass(${name})::pg_catalog.oid`, signal);
  if (Number(rows[0]?.[0] ?? 0) === target.told.oid) return;
  throw new AppError({
    code: 'conflict',
    message: 'The table has another name now, or is gone',
    hint: 'Read the rows again. Nothing was saved.',
  });
}

/** The row as it is now; computed columns keep what was read. */
const shownRow = (target: FullTarget, row: Row, old: Row): Row =>
  target.sources.map((source, index) => (source ? row[index] : old[index]) ?? null);

async function runEdit(
  raw: RawSession,
  statement: EditStatement,
  index: number,
  signal: AbortSignal,
): ReturnType<typeof runOne> {
  try {
    return await runOne(raw, statement.sql, signal);
  } catch (error) {
    const info = errorInfo(error);
    if (info.code !== 'sql') throw error;
    const at = unitsBefore(statement.sql, info.position);
    const span = statement.spans.find(({ start, end }) => at >= start && at < end);
    const { position: _position, ...facts } = info;
    throw new AppError({
      ...facts,
      field: span ? `edits.${index}.values.${span.column}` : `edits.${index}`,
      detail: [info.detail ?? '', statement.sql.slice(0, 1000)].filter((part) => part !== '').join('\n\n'),
    });
  }
}

/** UTF-16 units before the server's position, which counts characters from 1; −1 when there is none. */
function unitsBefore(sql: string, position: number | undefined): number {
  if (position === undefined) return -1;
  let units = 0;
  let characters = 1;
  for (const character of sql) {
    if (characters >= position) break;
    units += character.length;
    characters += 1;
  }
  return units;
}

const severalRows = (index: number, count: number): AppError =>
  new AppError({
    code: 'conflict',
    message: `The change meant one row, but ${count} rows are alike`,
    hint: 'Nothing was saved. Select the columns that tell the rows apart, or change them by a statement of your own.',
    field: `edits.${index}`,
  });

/** What stands where a statement found no row as it was. Fails with `conflict` when nothing has changed: then the server itself kept the row. */
async function conflictOf(
  { raw, target, signal }: SaveRequest,
  { edit, old: { values: old } }: PreparedEdit,
  index: number,
  options: StatementOptions,
): Promise<EditConflict> {
  if (edit.kind === 'insert') throw keptBack(index);
  const { rows } = await runOne(raw, readAgain(target, old, options), signal);
  const [now] = rows;
  if (!now || rows.length > 1) return { edit: index, now: null };
  const shown = shownRow(target, now, old);
  if (shown.every((value, column) => value === old[column])) throw keptBack(index);
  return { edit: index, now: shown };
}

const keptBack = (index: number): AppError =>
  new AppError({
    code: 'conflict',
    message: 'The server took the statement but changed no row',
    hint: 'A trigger, a rule or a row security policy keeps it from being changed. Nothing was saved.',
    field: `edits.${index}`,
  });
