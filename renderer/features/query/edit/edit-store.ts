import { createStore, type StoreApi } from 'zustand';
import type { EditTarget, NotEditable, SaveOutcome } from '../../../../shared/model/edit';
import {
  dropRow,
  editsOf,
  newStaging,
  noneStaged,
  redo,
  stagedCount,
  step,
  undo,
  type Staged,
  type Staging,
} from '../../../../shared/model/edit-staging';
import { errorInfo } from '../../../../shared/errors';
import type { QueryState, Row } from '../../../../shared/model/query';
import { api, listen } from '../../../api';

/** What the server refused. */
export interface Refused {
  readonly error: unknown;
  /** Null when it was none of the rows. */
  readonly row: number | null;
  /** Null when it was none of the values. */
  readonly column: number | null;
}

export interface EditState {
  readonly target: EditTarget | null;
  /** Why there is no target. */
  readonly reason: NotEditable | null;
  readonly staging: Staging;
  /** Rows that are known to be something else than what was read: saved ones, and those of conflicts. Null is gone. */
  readonly known: ReadonlyMap<number, Row | null>;
  /** Rows whose change met another one, until the person decides: what stands there now. */
  readonly conflicts: ReadonlyMap<number, Row | null>;
  readonly refused: Refused | null;
  readonly saving: boolean;
  /** Rows that were saved in a transaction that is still open, and since when (milliseconds since the epoch). */
  readonly pending: { readonly rows: ReadonlySet<number>; readonly since: number } | null;
  /** A rollback came after rows were saved: what is shown may not be what stands. */
  readonly rolledBack: boolean;
}

export const NOT_EDITED: EditState = {
  target: null,
  reason: null,
  staging: newStaging(0),
  known: new Map(),
  conflicts: new Map(),
  refused: null,
  saving: false,
  pending: null,
  rolledBack: false,
};

export type Side = 'mine' | 'theirs';

/** The staged changes of one result, which outlive the page that shows them. */
export interface Edits {
  readonly resultId: string;
  readonly store: StoreApi<EditState>;
  stage(change: (staged: Staged) => Staged): void;
  undo(): void;
  redo(): void;
  /** Drops what is staged; can be undone. */
  discard(): void;
  /** Null when it failed: `refused` tells why. */
  save(): Promise<SaveOutcome | null>;
  /** What the person decided for each row of `conflicts`. */
  resolve(sides: ReadonlyMap<number, Side>): void;
}

const kept = new Map<string, Edits>();
const savers = new Map<string, () => void>();
const watchers = new Set<() => void>();
const tell = (): void => watchers.forEach((watch) => watch());

const sessionOf = (resultId: string): string => resultId.split('.')[0] ?? '';

let following = false;

/** Results that are freed take their changes with them. */
function follow(): void {
  if (following) return;
  following = true;
  listen('query', 'state', (state) => {
    const { sessionId, results } = state;
    for (const [resultId, { store }] of kept) {
      if (sessionOf(resultId) !== sessionId) continue;
      const result = results.find((each) => each.resultId === resultId);
      if (result) store.setState((edits) => afterTransaction(edits, state, result.rowCount));
      else {
        kept.delete(resultId);
        tell();
      }
    }
  });
}

/** The changes of a result that has all its rows. */
export function editsFor(resultId: string, rowCount: number): Edits {
  follow();
  const known = kept.get(resultId);
  if (known) return known;
  const edits = createEdits(resultId, rowCount);
  kept.set(resultId, edits);
  edits.store.subscribe(tell);
  return edits;
}

/** Drops the changes of a session that has ended. */
export function dropEdits(sessionId: string): void {
  for (const resultId of kept.keys()) if (sessionOf(resultId) === sessionId) kept.delete(resultId);
  tell();
}

/** Changes of a session's results that are not saved; `among` picks results. */
export const stagedIn = (sessionId: string, among: (resultId: string) => boolean = () => true): number =>
  [...kept.values()]
    .filter(({ resultId }) => sessionOf(resultId) === sessionId && among(resultId))
    .reduce((sum, { store }) => sum + stagedCount(store.getState().staging.now), 0);

/** Saves a result's changes by the page that shows it, with its questions; false when there is nothing to save there. */
export function saveStaged(resultId: string): boolean {
  const save = savers.get(resultId);
  save?.();
  return save !== undefined;
}

/** The page of a result can save what is staged, until the returned function is called. */
export function offerSaving(resultId: string, save: () => void): () => void {
  savers.set(resultId, save);
  return () => {
    if (savers.get(resultId) === save) savers.delete(resultId);
  };
}

/**
 * What was saved in a transaction is kept with its end, or gone with it: then rows are shown as they were read, and new ones as gone. A rollback
 * to a savepoint has the same tag as one of the whole: it may have taken the rows back.
 */
export function afterTransaction(
  edits: EditState,
  { transaction, messages }: Pick<QueryState, 'transaction' | 'messages'>,
  rowCount: number,
): EditState {
  const { pending } = edits;
  if (pending === null) return edits;
  const end = messages.find(
    ({ severity, text, at }) => severity === 'COMMAND' && at >= pending.since && /^(COMMIT|ROLLBACK)$/.test(text),
  );
  if (transaction !== 'lost' && end?.text !== 'ROLLBACK') {
    return transaction === 'idle' ? { ...edits, pending: null } : edits;
  }
  const known = new Map(edits.known);
  for (const row of pending.rows) {
    if (row >= rowCount) known.set(row, null);
    else known.delete(row);
  }
  return { ...edits, known, pending: null, rolledBack: true };
}

/** Calls when something may have been staged, saved or dropped, until the returned function is called. */
export function watchEdits(watch: () => void): () => void {
  watchers.add(watch);
  return () => watchers.delete(watch);
}

function createEdits(resultId: string, rowCount: number): Edits {
  const store = createStore<EditState>(() => ({ ...NOT_EDITED, staging: newStaging(rowCount) }));
  const move = (staging: Staging): void => store.setState({ staging, refused: null });

  const saved = (rows: readonly number[], outcome: SaveOutcome & { saved: true }, since: number): void => {
    const { known, staging, pending } = store.getState();
    const now = new Map(known);
    rows.forEach((row, index) => now.set(row, outcome.rows[index] ?? null));
    store.setState({
      known: now,
      staging: newStaging(staging.now.base + staging.now.added.length),
      conflicts: new Map(),
      pending: outcome.open
        ? { rows: new Set([...(pending?.rows ?? []), ...rows]), since: pending?.since ?? since }
        : null,
    });
  };

  return {
    resultId,
    store,
    stage: (change) => move(step(store.getState().staging, change(store.getState().staging.now))),
    undo: () => move(undo(store.getState().staging)),
    redo: () => move(redo(store.getState().staging)),
    discard() {
      const { staging } = store.getState();
      store.setState({ conflicts: new Map() });
      move(step(staging, noneStaged(staging.now.base)));
    },
    async save() {
      const { staging, saving } = store.getState();
      const { edits, rows } = editsOf(staging.now);
      if (saving || edits.length === 0) return null;
      store.setState({ saving: true, refused: null });
      const since = Date.now();
      try {
        const outcome = await api.query.saveEdits({ resultId, edits, overwrite: false });
        if (outcome.saved) saved(rows, outcome, since);
        else store.setState({ conflicts: new Map(outcome.conflicts.map(({ edit, now }) => [rows[edit] ?? -1, now])) });
        return outcome;
      } catch (error) {
        store.setState({ refused: refusedOf(error, rows) });
        return null;
      } finally {
        store.setState({ saving: false });
      }
    },
    resolve(sides) {
      const { conflicts, known, staging } = store.getState();
      const rows = new Map(known);
      let { now } = staging;
      for (const [row, theirs] of conflicts) {
        if (theirs !== null && sides.get(row) === 'mine') continue;
        rows.set(row, theirs);
        now = dropRow(now, row);
      }
      store.setState({ conflicts: new Map(), known: rows });
      move(step(staging, now));
    },
  };
}

/** Which cell an error is about, by the field that it names. */
function refusedOf(error: unknown, rows: readonly number[]): Refused {
  const [, edit, column] = /^edits\.(\d+)(?:\.values\.(\d+))?$/.exec(errorInfo(error).field ?? '') ?? [];
  return {
    error,
    row: edit === undefined ? null : (rows[Number(edit)] ?? null),
    column: column === undefined ? null : Number(column),
  };
}
