import { useRef, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditTarget, NewValue } from '../../../../shared/model/edit';
import { parseCells, pastedValue } from '../../../../shared/model/edit-paste';
import { addRows, deleteRows, setCells, type CellChange, type RowValues } from '../../../../shared/model/edit-staging';
import type { Row } from '../../../../shared/model/query';
import { api } from '../../../api';
import { presentError } from '../../../ui/error-presenter';
import type { CellRange } from '../../../ui/grid/grid-model';
import type { ResultGridHandle } from '../../../ui/grid/grid-props';
import { showNotice } from '../../../ui/notice';
import { cellKind, INLINE_LENGTH, sameValue, whyFixed, type CellKind } from './cell-kinds';
import type { Move } from './cell-field';
import type { Edits, EditState } from './edit-store';

/** Rows that one deed may change. */
const MAX_ROWS = 20_000;
/** Rows that are doubled at once. */
const MAX_DOUBLED = 1000;

/** A cell that is being written. */
export interface Writing {
  readonly row: number;
  readonly column: number;
  readonly kind: CellKind | 'lookup';
  readonly initial: NewValue;
  readonly typed: string | null;
}

export interface Cells {
  readonly grid: RefObject<ResultGridHandle | null>;
  readonly writing: Writing | null;
  write(writing: Writing | null): void;
  begin(row: number, column: number, typed: string | null): boolean;
  commit(value: NewValue, move: Move): void;
  cancel(): void;
  paste(row: number, column: number, text: string): void;
  /** Puts one value into all cells that may hold it. */
  fill(range: CellRange, value: NewValue): void;
  addRow(): void;
  doubleRows(): void;
  deleteRows(range: CellRange | null): void;
  /** The row as it is on the server, as far as it is here. */
  seen(row: number): Row | undefined;
}

/** What the keyboard, the clipboard and buttons do with the cells of an editable result. */
export function useCells(edits: Edits | null, state: EditState, columnCount: number): Cells {
  const { t } = useTranslation('data');
  const grid = useRef<ResultGridHandle>(null);
  const [writing, setWriting] = useState<Writing | null>(null);
  const { target, known } = state;
  const { base, added, changed, deleted } = state.staging.now;
  const total = base + added.length;

  const seen = (row: number): Row | undefined => known.get(row) ?? grid.current?.peek(row);
  /** Undefined when it is not here whole. */
  const original = (row: number, column: number): string | null | undefined => {
    const value = seen(row)?.[column];
    return known.has(row) || value == null || value.length <= INLINE_LENGTH ? value : undefined;
  };
  const valueAt = (row: number, column: number): NewValue | undefined => {
    const staged = row >= base ? added[row - base]?.[column] : changed.get(row)?.[column];
    if (staged !== undefined) return staged;
    if (row < base) return original(row, column);
    return target?.columns[column]?.hasDefault === true ? { default: true } : null;
  };
  const lives = (row: number): boolean => !deleted.has(row) && known.get(row) !== null;
  const change = (row: number, column: number, value: NewValue): CellChange => ({
    row,
    column,
    value,
    original: row < base ? original(row, column) : undefined,
  });
  const writable = (of: EditTarget, row: number, column: number): boolean => {
    const about = of.columns[column];
    return about !== undefined && lives(row) && whyFixed(of, about, row >= base) === null;
  };
  const tooMany = (rows: number): boolean => {
    if (rows <= MAX_ROWS) return false;
    showNotice(t('tooMany', { count: MAX_ROWS }));
    return true;
  };
  const goTo = (row: number, column: number) => {
    grid.current?.focus();
    grid.current?.select(row, column);
  };
  /** The same when the row has been drawn. */
  const later = (row: number, column: number) => requestAnimationFrame(() => goTo(row, column));

  const openWith = (row: number, column: number, value: NewValue, typed: string | null): void => {
    const about = target?.columns[column];
    if (!about) return;
    const kind =
      typed === null || about.labels.length > 0 || about.type === 'boolean' ? cellKind(about, textOf(value)) : 'inline';
    setWriting({ row, column, kind, initial: value, typed });
  };

  return {
    grid,
    writing,
    write: setWriting,
    seen,
    begin(row, column, typed) {
      const about = target?.columns[column];
      if (!edits || !target || !about || !lives(row)) return false;
      const why = whyFixed(target, about, row >= base);
      if (why !== null) {
        if (typed !== null) showNotice(t(`fixed.${why}`));
        return typed !== null;
      }
      const value = valueAt(row, column);
      if (value !== undefined) openWith(row, column, value, typed);
      else {
        api.query
          .fetch({ resultId: edits.resultId, from: row, count: 1 })
          .then(([whole]) => openWith(row, column, whole?.[column] ?? null, typed))
          .catch(presentError);
      }
      return true;
    },
    commit(value, move) {
      if (!edits || !writing) return;
      const { row, column, initial } = writing;
      if (!sameValue(value, initial)) edits.stage((staged) => setCells(staged, [change(row, column, value)]));
      setWriting(null);
      const across = move === 'right' ? 1 : 0;
      const back = move === 'left' ? 1 : 0;
      if (move === 'stay') return;
      const down = move === 'down' ? 1 : 0;
      goTo(Math.min(total - 1, row + down), Math.max(0, Math.min(columnCount - 1, column + across - back)));
    },
    cancel() {
      setWriting(null);
      grid.current?.focus();
    },
    paste(row, column, text) {
      if (!edits || !target) return;
      const cells = parseCells(text);
      if (cells.length === 0 || tooMany(cells.length)) return;
      const range = grid.current?.range();
      const [only] = cells;
      const one = cells.length === 1 && only?.length === 1 ? only[0] : undefined;
      const block = one !== undefined && range && !tooMany(range.to - range.from + 1) ? blockOf(range, one) : cells;
      edits.stage((staged) => {
        const missing = target.mayInsert ? Math.max(0, row + block.length - total) : 0;
        const grown = addRows(
          staged,
          Array.from({ length: missing }, (): RowValues => ({})),
        );
        const changes = block.flatMap((line, down) =>
          line.flatMap((cell, across) => {
            const about = target.columns[column + across];
            const at = row + down;
            if (!about || at >= total + missing || !writable(target, at, column + across)) return [];
            return [change(at, column + across, pastedValue(cell, about))];
          }),
        );
        return setCells(grown, changes);
      });
    },
    fill(range, value) {
      if (!edits || !target || tooMany(range.to - range.from + 1)) return;
      const fits = (column: number): boolean => {
        const about = target.columns[column];
        return about !== undefined && (value === null ? about.nullable : typeof value === 'string' || about.hasDefault);
      };
      const columns = range.columns.filter(fits);
      const changes: CellChange[] = [];
      for (let row = range.from; row <= range.to; row += 1) {
        for (const column of columns) if (writable(target, row, column)) changes.push(change(row, column, value));
      }
      if (changes.length === 0) showNotice(t(value === null ? 'notNull' : 'noDefault'));
      else edits.stage((staged) => setCells(staged, changes));
    },
    addRow() {
      if (!edits || target?.mayInsert !== true) return;
      edits.stage((staged) => addRows(staged, [{}]));
      later(
        total,
        Math.max(
          0,
          target.columns.findIndex((column) => whyFixed(target, column, true) === null),
        ),
      );
    },
    doubleRows() {
      const range = grid.current?.range();
      if (!edits || target?.mayInsert !== true) return;
      if (!range || range.to - range.from >= MAX_DOUBLED) {
        showNotice(t(range ? 'tooMany' : 'selectRows', { count: MAX_DOUBLED }));
        return;
      }
      const wholeRow = async (row: number): Promise<Row> => {
        const here = known.get(row);
        if (here || row >= base) return here ?? [];
        return (await api.query.fetch({ resultId: edits.resultId, from: row, count: 1 }))[0] ?? [];
      };
      const rows = Array.from({ length: range.to - range.from + 1 }, (_none, at) => range.from + at).filter(lives);
      Promise.all(rows.map(async (row) => doubled(target, await wholeRow(row), stagedValues(state, row))))
        .then((doubles) => {
          edits.stage((staged) => addRows(staged, doubles));
          later(total, 0);
        })
        .catch(presentError);
    },
    deleteRows(range) {
      if (!edits || target?.mayDelete !== true) return;
      if (!range) showNotice(t('selectRows'));
      else if (!tooMany(range.to - range.from + 1)) edits.stage((staged) => deleteRows(staged, range.from, range.to));
    },
  };
}

const textOf = (value: NewValue): string | null => (typeof value === 'string' ? value : null);

const blockOf = (range: CellRange, value: string): string[][] =>
  Array.from({ length: range.to - range.from + 1 }, () => range.columns.map(() => value));

const stagedValues = ({ staging: { now } }: EditState, row: number): RowValues =>
  (row >= now.base ? now.added[row - now.base] : now.changed.get(row)) ?? {};

/** A new row with the values of another one; what the server fills by itself is left to it, keys with a default too. */
function doubled(target: EditTarget, row: Row, staged: RowValues): RowValues {
  const values: Record<number, NewValue> = {};
  for (const column of target.columns) {
    const { index } = column;
    if (column.fixed !== '' || (column.hasDefault && target.key.includes(index))) continue;
    const value = staged[index] ?? (index in staged ? null : row[index]);
    if (value !== undefined) values[index] = value;
  }
  return values;
}
