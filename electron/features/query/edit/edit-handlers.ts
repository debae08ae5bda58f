import type { query } from '../../../../shared/contract/query';
import type { Handlers } from '../../../../shared/contract/define';
import { AppError } from '../../../../shared/errors';
import type { NotEditable, RowEdit, SaveOutcome } from '../../../../shared/model/edit';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { QueryCore } from '../query-core';
import type { QuerySession } from '../query-session';
import type { TransactionFate } from '../session-tracker';
import type { ResultSet } from '../result-set';
import { writingOf } from '../session-writing';
import type { Row } from '../../../../shared/model/query';
import { EditBase, type SeenRow } from './edit-base';
import { lookUp } from './edit-lookup';
import { isKeyless, readRelation } from './edit-relation';
import { optionsFor, saveEdits, type PreparedEdit } from './edit-save';
import { statementOf } from './edit-statements';
import { shapeOf } from './edit-shape';
import { sourceOf, targetOf, type FullTarget } from './edit-target';

type EditCalls = 'editTarget' | 'editSql' | 'saveEdits' | 'lookup' | 'tableQuery';

const NO_ROW: SeenRow = { values: [], style: '' };

const REFUSED: Readonly<Record<NotEditable, string>> = {
  'not-a-table': 'The rows do not come from a table',
  'several-tables': 'The rows come from several tables',
  'no-key': 'The table has no primary key and no unique key without NULL',
  'key-not-selected': 'The columns of the key are not part of the result',
  'duplicate-columns': 'A column is in the result twice',
  'read-only': 'The rows can only be read here',
  'no-privilege': 'The role may not change this table',
  gone: 'The table is not there any more',
};

/** Characters of what was run that the history gets. */
const MAX_TEXT = 1_000_000;

/** As whom the tab's session works: the session beside it may be another user's. */
const roleOf = (session: QuerySession): string => session.state().role || session.info().user;

/** Rows of results, changed by a person. */
export function editHandlers(core: QueryCore): Pick<Handlers<typeof query>, EditCalls> {
  const targets = new WeakMap<ResultSet, FullTarget>();
  const bases = new WeakMap<ResultSet, EditBase>();

  const find = async (
    session: QuerySession,
    result: ResultSet,
    signal: AbortSignal,
  ): Promise<{ target: FullTarget } | { reason: NotEditable }> => {
    const source = sourceOf(result.wireColumns);
    if ('reason' in source) return source;
    const shape = shapeOf(result.origin.statement, result.writing.standardStrings);
    if ('reason' in shape) return shape;
    const relation = await core.aside.use(session.serverId, session.database, signal, (aside) =>
      readRelation(aside, { oid: source.oid, role: roleOf(session) }, signal),
    );
    const found = targetOf(result.wireColumns, relation, shape.only);
    if ('target' in found) targets.set(result, found.target);
    else targets.delete(result);
    return found;
  };

  /** As it is now: names that were given to something else since would lead to other rows. */
  const freshTarget = async (session: QuerySession, result: ResultSet, signal: AbortSignal): Promise<FullTarget> => {
    const found = await find(session, result, signal);
    if ('target' in found) return found.target;
    throw new AppError({ code: 'unsupported', message: REFUSED[found.reason] });
  };
  const targetFor = async (session: QuerySession, result: ResultSet, signal: AbortSignal): Promise<FullTarget> =>
    targets.get(result) ?? freshTarget(session, result, signal);

  const baseOf = (result: ResultSet): EditBase => {
    const known = bases.get(result) ?? new EditBase(result);
    bases.set(result, known);
    return known;
  };

  const prepare = (result: ResultSet, edits: readonly RowEdit[]): Promise<PreparedEdit[]> => {
    const base = baseOf(result);
    return inOrder(edits, async (edit) => ({ edit, old: edit.kind === 'insert' ? NO_ROW : await base.row(edit.row) }));
  };

  /** Rows are from now on what the server said they are. */
  const remember = (
    result: ResultSet,
    edits: readonly RowEdit[],
    { outcome, style, fate }: { outcome: SaveOutcome; style: string; fate: TransactionFate },
  ): void => {
    const base = baseOf(result);
    const seen = (values: Row | null): SeenRow | null => (values ? { values, style } : null);
    if (outcome.saved) {
      edits.forEach((edit, index) => {
        const row = seen(outcome.rows[index] ?? null);
        const until = outcome.open ? fate : null;
        if (edit.kind !== 'insert') base.set(edit.row, row, until);
        else if (row) base.add(row, until);
      });
      return;
    }
    for (const { edit: index, now } of outcome.conflicts) {
      const edit = edits[index];
      if (edit && edit.kind !== 'insert' && now) base.set(edit.row, seen(now), null);
    }
  };

  const record = (session: QuerySession, ran: { sql: string; at: number; rows: number }): void =>
    core.deps.history.record({
      ...ran,
      serverId: session.serverId,
      server: core.deps.connections.name(session.serverId),
      database: session.database,
      user: session.info().user,
      ms: Date.now() - ran.at,
      outcome: 'done',
      error: '',
    });

  return {
    async editTarget({ resultId }, { signal }) {
      const { session, result } = core.resultOf(resultId);
      const found = await find(session, result, signal);
      return 'target' in found ? { target: found.target.told } : found;
    },
    async editSql({ resultId, edits }, { signal }) {
      const { session, result } = core.resultOf(resultId);
      const target = await targetFor(session, result, signal);
      const prepared = await prepare(result, edits);
      return session.exclusively(async (raw) => ({
        statements: prepared.map(
          ({ edit, old }) => statementOf(target, edit, old.values, optionsFor(raw, old, false)).sql,
        ),
      }));
    },
    async saveEdits({ resultId, edits, overwrite }, { signal }) {
      const { session, result } = core.resultOf(resultId);
      if (!result.isComplete)
        throw new AppError({ code: 'conflict', message: 'Rows of this result are still arriving' });
      // Beside a transaction that has locked the table, nothing can be asked about it.
      const target = await (session.state().transaction === 'idle' ? freshTarget : targetFor)(session, result, signal);
      const prepared = await prepare(result, edits);
      const { autocommit } = session.state().mode;
      const at = Date.now();
      let sql = '';
      const ran = (statement: string): void => {
        if (sql.length < MAX_TEXT) sql += `${statement};\n`;
      };
      const outcome = await session.exclusively(async (raw, tracker) => {
        const before = raw.transaction;
        const saved = await saveEdits({ raw, target, edits: prepared, overwrite, autocommit, signal, ran });
        if (before === 'idle' && saved.saved && saved.open) tracker.opened(raw.transaction);
        remember(result, edits, { outcome: saved, style: writingOf(raw).style, fate: tracker.fate });
        return saved;
      });
      if (outcome.saved) record(session, { sql, at, rows: edits.length });
      return outcome;
    },
    async lookup({ resultId, column, text, limit }, { signal }) {
      const { session, result } = core.resultOf(resultId);
      const target = await targetFor(session, result, signal);
      const { references } = target.told.columns[column] ?? {};
      if (!references) return [];
      return core.aside.use(session.serverId, session.database, signal, (aside) =>
        lookUp(aside, references, text, limit, signal),
      );
    },
    async tableQuery({ sessionId, oid, limit }, { signal }) {
      const session = core.sessionOf(sessionId);
      const relation = await core.aside.use(session.serverId, session.database, signal, (aside) =>
        readRelation(aside, { oid, role: roleOf(session) }, signal),
      );
      if (!relation) throw new AppError({ code: 'not-found', message: REFUSED.gone });
      const names = new Map(relation.columns.map(({ number, name }) => [number, quoteIdent(name)]));
      const key = isKeyless(relation.kind) ? [] : (relation.keys[0] ?? []);
      const order = key.map((number) => names.get(number) ?? '').join(', ');
      return {
        schema: relation.schema,
        name: relation.name,
        sql:
          `SELECT * FROM ${quoteQualified(relation.schema, relation.name)}` +
          (order === '' ? '' : ` ORDER BY ${order}`) +
          (limit > 0 ? ` LIMIT ${limit}` : ''),
      };
    },
  };
}

async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}
