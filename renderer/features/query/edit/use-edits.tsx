import { useEffect, useMemo, useRef, useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { createStore, useStore } from 'zustand';
import { stagedCount } from '../../../../shared/model/edit-staging';
import type { ResultColumn, ResultState } from '../../../../shared/model/query';
import { api } from '../../../api';
import { presentError } from '../../../ui/error-presenter';
import type { CellRange } from '../../../ui/grid/grid-model';
import type { GridKey, ResultGridProps } from '../../../ui/grid/grid-props';
import { useCommand, useTabActions } from '../../../ui/workbench';
import { EditBar } from './edit-bar';
import { EditDialogs } from './edit-dialogs';
import { overlayOf, stagedCells, stagedValue } from './edit-overlay';
import { editsFor, NOT_EDITED, offerSaving, stagedIn, watchEdits, type EditState, type Edits } from './edit-store';
import { EditTools } from './edit-tools';
import { useCells, type Cells } from './use-cells';
import { useSaving } from './use-saving';
import { WritingField } from './writing-field';

/** What editing adds to the page of a result. */
export interface ResultEditing {
  /** For the grid. */
  readonly grid: Partial<ResultGridProps>;
  /** Buttons for the page's tools; null when there is nothing to edit. */
  readonly tools: ReactNode;
  /** Dialogs and bars of its own. */
  readonly parts: ReactNode;
  /** Rows that are not as they were read: staged, or saved since. */
  readonly differing: number;
  /** Staged changes that are not saved yet. */
  readonly staged: number;
  /** Indexes of the columns of the key. */
  readonly key: readonly number[];
  /** Rows with those that were added. */
  readonly total: number;
  /** The cells of a range that are not as they were read, by row. */
  cellsOf(range: CellRange): StagedRows;
  /** The same of one cell; undefined when it is as it was read. */
  valueAt(row: number, column: number): string | null | undefined;
}

export type StagedRows = ReturnType<typeof stagedCells>;

const NOBODY = createStore<EditState>(() => NOT_EDITED);
const SAVE_KEYS = 'mod+s';
const NO_KEY: readonly number[] = [];

/** Staged changes of a session's results, to be asked about before they are lost. */
export const useStagedIn = (sessionId: string | null): number =>
  useSyncExternalStore(watchEdits, () => (sessionId === null ? 0 : stagedIn(sessionId)));

/** Asks once whether the rows can be edited. */
function useTarget(edits: Edits | null): void {
  useEffect(() => {
    if (!edits) return undefined;
    const { target, reason } = edits.store.getState();
    if (target !== null || reason !== null) return undefined;
    const ending = new AbortController();
    api.query
      .editTarget({ resultId: edits.resultId }, ending.signal)
      .then((answer) => edits.store.setState(answer))
      .catch((error: unknown) => {
        if (!ending.signal.aborted) presentError(error);
      });
    return () => ending.abort();
  }, [edits]);
}

/**
 * Changes of a result's rows, staged until they are saved.
 * @param near whether the keys of saving mean the rows: elsewhere in a query tab they mean its text
 */
export function useEdits(result: ResultState, columns: readonly ResultColumn[], near: boolean): ResultEditing {
  const { t } = useTranslation('data');
  const command = useCommand();
  const { resultId, rowCount } = result;
  const candidate = result.complete && result.plan === null && columns.some(({ tableOid }) => tableOid !== 0);
  const edits = useMemo(() => (candidate ? editsFor(resultId, rowCount) : null), [candidate, resultId, rowCount]);
  const state = useStore(edits?.store ?? NOBODY);
  useTarget(edits);
  const cells = useCells(edits, state, columns.length);
  const saving = useSaving(edits);
  const { target, reason, staging } = state;
  const staged = stagedCount(staging.now);
  const overlay = useMemo(
    () => overlayOf(state, rowCount, { byDefault: 'DEFAULT', generated: t('cell.generated') }),
    [state, rowCount, t],
  );
  const canSave = edits !== null && (staged > 0 || cells.writing !== null);
  const { save } = saving;
  const saver = useRef(save);
  useEffect(() => {
    saver.current = save;
  });
  useEffect(() => (canSave ? offerSaving(resultId, () => saver.current()) : undefined), [canSave, resultId]);
  const deleteRows = () => cells.deleteRows(cells.grid.current?.range() ?? null);
  useTabActions([
    {
      id: 'data.save',
      label: t('actions.save'),
      keys: near ? SAVE_KEYS : undefined,
      disabled: !canSave,
      run: save,
    },
    { id: 'data.add', label: t('actions.add'), disabled: target?.mayInsert !== true, run: cells.addRow },
    { id: 'data.review', label: t('actions.review'), disabled: staged === 0, run: () => saving.show('review') },
    { id: 'data.discard', label: t('actions.discard'), disabled: staged === 0, run: () => edits?.discard() },
    { id: 'data.duplicate', label: t('tools.duplicate'), disabled: target?.mayInsert !== true, run: cells.doubleRows },
    { id: 'data.delete', label: t('tools.delete'), disabled: target?.mayDelete !== true, run: deleteRows },
    { id: 'data.undo', label: t('actions.undo'), disabled: staging.past.length === 0, run: () => edits?.undo() },
    { id: 'data.redo', label: t('actions.redo'), disabled: staging.future.length === 0, run: () => edits?.redo() },
    {
      id: 'data.conflicts',
      label: t('actions.conflicts'),
      disabled: state.conflicts.size === 0,
      run: () => saving.show('conflicts'),
    },
  ]);

  const tools = (
    <EditTools
      target={target}
      reason={reason}
      onAdd={cells.addRow}
      onDuplicate={cells.doubleRows}
      onDelete={deleteRows}
    />
  );
  const seen = {
    staged,
    differing:
      new Set([...state.known.keys(), ...staging.now.changed.keys(), ...staging.now.deleted.keys()]).size +
      staging.now.added.length,
    total: edits ? staging.now.base + staging.now.added.length : rowCount,
    cellsOf: (range: CellRange) => (edits ? stagedCells(state, range) : []),
    valueAt: (row: number, column: number) => (edits ? stagedValue(staging.now, state.known, row, column) : undefined),
  };
  if (!edits || !target) return { ...seen, grid: {}, tools, parts: null, key: NO_KEY };

  const open = (sql: string) => {
    api.query
      .attach({ sessionId: resultId.split('.')[0] ?? '' })
      .then(({ serverId, database }) => command({ do: 'open-query', serverId, database, sql, run: true }))
      .catch(presentError);
  };
  const { writing } = cells;
  return {
    grid: {
      overlay,
      handle: cells.grid,
      onBeginEdit: cells.begin,
      floating: writing
        ? { row: writing.row, column: writing.column, content: <WritingField cells={cells} target={target} /> }
        : null,
      onPaste: cells.paste,
      onDelete: (range, wholeRows) => (wholeRows ? cells.deleteRows(range) : cells.fill(range, null)),
      onKey: (key, range) => onKey(key, range, edits, cells),
    },
    tools,
    parts: (
      <>
        <EditBar
          state={state}
          onUndo={edits.undo}
          onRedo={edits.redo}
          onReview={() => saving.show('review')}
          onDiscard={edits.discard}
          onSave={saving.save}
          onResolve={() => saving.show('conflicts')}
          onShow={(row, column) => {
            cells.grid.current?.focus();
            cells.grid.current?.select(row, column);
          }}
        />
        <EditDialogs edits={edits} state={state} target={target} cells={cells} saving={saving} onOpen={open} />
      </>
    ),
    ...seen,
    key: target.key,
  };
}

/** Keys of the grid that edit. */
function onKey({ key, control, shift, alt }: GridKey, range: CellRange | null, edits: Edits, cells: Cells): boolean {
  if (alt) return false;
  if (control && key === 'z') (shift ? edits.redo : edits.undo)();
  else if (control && key === 'y') edits.redo();
  else if (key === 'insert' && !control && !shift) cells.addRow();
  else if (control && key === '0' && range) cells.fill(range, null);
  else if (control && !shift && key === 'd' && range) cells.fill(range, { default: true });
  else if (control && key === '-' && range) cells.deleteRows(range);
  else return false;
  return true;
}
