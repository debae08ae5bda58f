import {
  CompactSelection,
  DataEditor,
  type DataEditorRef,
  type GridCell,
  GridCellKind,
  type SizedGridColumn,
  type GridKeyEventArgs,
  type GridSelection,
  type Item,
  type Rectangle,
} from '@glideapps/glide-data-grid';
import '@glideapps/glide-data-grid/index.css';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { cellText, type CellRange, columnWidths, fitNumber, type GridColumnSpec, markerWidth } from './grid-model';
import type { ColumnMark, GridOverlay } from './grid-overlay';
import { gridLook } from './grid-theme';
import { type FetchRows, PageCache } from './page-cache';
import classes from './result-grid.module.css';
import { keepTogether, rangeOf, selectAll } from './selection';

export interface ResultGridProps {
  readonly label: string;
  readonly columns: readonly GridColumnSpec[];
  /** Grows while rows arrive. */
  readonly rowCount: number;
  /** Must stay the same function for the same rows. */
  readonly fetchRows: FetchRows;
  /** What is selected; null is nothing. */
  readonly onSelect: (range: CellRange | null) => void;
  /** The person wants the selection on the clipboard. */
  readonly onCopy: (range: CellRange) => void;
  /** Right click or menu key: `x`, `y` in the window. */
  readonly onMenu: (x: number, y: number) => void;
  /** Enter or double click on a cell. */
  readonly onOpen: (row: number, column: number) => void;
  readonly onError: (error: unknown) => void;
  /** By column: what its head tells. */
  readonly marks?: readonly ColumnMark[];
  /** Click on a column's head, or its menu key: `x`, `y` in the window. */
  readonly onHeader?: (column: number, x: number, y: number) => void;
  /** What NULL is shown as. */
  readonly nullText?: string;
  readonly overlay?: GridOverlay;
  /** The person has typed another value into a cell; null is NULL. Cells can be typed into only with it. */
  readonly onEdit?: (row: number, column: number, value: string | null) => void;
  /** Cells from the clipboard, to be put from this cell on. */
  readonly onPaste?: (row: number, column: number, cells: readonly (readonly string[])[]) => void;
  /** Delete was pressed on a selection: whole rows are to go, or cells to be emptied. */
  readonly onDelete?: (range: CellRange, wholeRows: boolean) => void;
}

const LOADING: GridCell = { kind: GridCellKind.Loading, allowOverlay: false, skeletonWidth: 48 };
const EMPTY: GridSelection = { columns: CompactSelection.empty(), rows: CompactSelection.empty() };
const KEYS = { copy: false, cut: false, paste: false, delete: false, clear: true, search: false, selectAll: false };
const HEADER_HEIGHT = 28;
/** Pixels at both sides of a cell's text, as in the theme. */
const CELL_PADDING = 16;
/** Pixels for a horizontal scroll bar below the last row. */
const SCROLL_BAR = 12;
/** Milliseconds without a new page after which the whole grid is read again. */
const SETTLED_AFTER = 150;

let measuring: CanvasRenderingContext2D | null = null;
function measureIn(font: string): (text: string) => number {
  measuring ??= document.createElement('canvas').getContext('2d');
  const context = measuring;
  if (!context) return (text) => text.length * 8;
  context.font = font;
  return (text) => context.measureText(text).width;
}

/** The cells that are in sight, of rows `from` … `to` (exclusive). */
function cellsIn(region: Rectangle, from: number, to: number): { cell: Item }[] {
  const cells: { cell: Item }[] = [];
  for (let row = Math.max(from, region.y); row < Math.min(to, region.y + region.height); row += 1) {
    for (let column = region.x; column < region.x + region.width; column += 1) cells.push({ cell: [column, row] });
  }
  return cells;
}

/** Rows of any number on a canvas; what is looked at is pulled by `fetchRows`. Knows no other source and no menu of its own. */
export function ResultGrid(props: ResultGridProps) {
  const { columns, rowCount, fetchRows, onError } = props;
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const grid = useRef<DataEditorRef>(null);
  const frame = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width: frameWidth } = useElementSize<HTMLDivElement>();
  const frameRef = useMergedRef(frame, sizeRef);
  const visible = useRef<Rectangle>({ x: 0, y: 0, width: 0, height: 0 });
  const [selection, setSelection] = useState<GridSelection>(EMPTY);
  const [widths, setWidths] = useState<readonly number[] | null>(null);
  const [hint, setHint] = useState<{ text: string; x: number; y: number } | null>(null);
  const [look, setLook] = useState(gridLook);
  useEffect(() => {
    // The root's attribute, and with it the tokens, may change after this effect.
    const next = requestAnimationFrame(() => setLook(gridLook()));
    return () => cancelAnimationFrame(next);
  }, [scheme]);
  const [firstPage, setFirstPage] = useState(0);
  const [settled, setSettled] = useState(0);
  const settling = useRef<ReturnType<typeof setTimeout>>(undefined);
  const cache = useMemo(() => new PageCache(fetchRows), [fetchRows]);
  useEffect(
    () =>
      cache.listen({
        loaded(from, to) {
          grid.current?.updateCells(cellsIn(visible.current, from, to));
          if (from === 0) setFirstPage((page) => page + 1);
          clearTimeout(settling.current);
          settling.current = setTimeout(() => setSettled((count) => count + 1), SETTLED_AFTER);
        },
        failed: onError,
      }),
    [cache, onError],
  );
  useEffect(() => () => clearTimeout(settling.current), []);

  const measured = useMemo(() => {
    const rows = Array.from({ length: 50 }, (_none, row) => cache.peek(row)).filter((row) => row !== undefined);
    return { firstPage, widths: columnWidths(columns, rows, measureIn(look.font)) };
  }, [firstPage, columns, look.font, cache]);

  const gridColumns = useMemo(
    () =>
      columns.map((column, index): SizedGridColumn => ({
        id: String(index),
        title: column.name,
        width: widths?.[index] ?? measured.widths[index] ?? 120,
      })),
    [columns, measured, widths],
  );

  const digit = useMemo(() => measureIn(look.font)('0'), [look.font]);
  // A new view makes the grid read everything in sight again, the table for screen readers included.
  const view = useMemo(() => ({ cache, settled }), [cache, settled]);
  const getCellContent = useCallback(
    ([column, row]: Item): GridCell => {
      const values = view.cache.row(row);
      if (values === undefined) return LOADING;
      const value = values[column] ?? null;
      const contentAlign = columns[column]?.rightAligned === true ? 'right' : 'left';
      if (value === null) {
        return {
          kind: GridCellKind.Text,
          allowOverlay: false,
          data: 'NULL',
          displayData: 'NULL',
          themeOverride: look.nullTheme,
          contentAlign,
        };
      }
      const shown = cellText(value);
      const room = ((gridColumns[column]?.width ?? 0) - CELL_PADDING) / digit;
      const text = contentAlign === 'right' ? fitNumber(shown, Math.floor(room)) : shown;
      return { kind: GridCellKind.Text, allowOverlay: false, data: text, displayData: text, contentAlign };
    },
    [view, columns, gridColumns, look, digit],
  );

  const select = (next: GridSelection) => {
    const kept = keepTogether(next);
    setSelection(kept);
    props.onSelect(rangeOf(kept, columns.length, rowCount));
  };

  const onKeyDown = (event: GridKeyEventArgs) => {
    const range = rangeOf(selection, columns.length, rowCount);
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && key === 'c' && range) props.onCopy(range);
    else if (control && key === 'a') select(selectAll(columns.length, rowCount));
    else if ((key === 'contextmenu' || (event.shiftKey && key === 'f10')) && event.bounds) {
      props.onMenu(event.bounds.x, event.bounds.y + event.bounds.height);
    } else return;
    event.cancel();
    event.preventDefault();
  };

  const columnsWidth = gridColumns.reduce((sum, { width }) => sum + width, markerWidth(rowCount));
  const height = HEADER_HEIGHT + rowCount * look.rowHeight + (columnsWidth > frameWidth ? SCROLL_BAR : 1);
  return (
    <div ref={frameRef} className={classes.grid} role="group" aria-label={props.label}>
      <div className={classes.rows} style={{ height }}>
        <DataEditor
          ref={grid}
          width="100%"
          height="100%"
          columns={gridColumns}
          rows={rowCount}
          getCellContent={getCellContent}
          gridSelection={selection}
          onGridSelectionChange={select}
          rangeSelect="rect"
          rowSelect="multi"
          columnSelect="multi"
          rowMarkers={{ kind: 'clickable-number', width: markerWidth(rowCount) }}
          rowHeight={look.rowHeight}
          headerHeight={HEADER_HEIGHT}
          theme={look.theme}
          smoothScrollX
          smoothScrollY
          minColumnWidth={32}
          maxColumnWidth={2000}
          keybindings={KEYS}
          onVisibleRegionChanged={(region) => (visible.current = region)}
          onColumnResize={(_column, width, index) =>
            setWidths((before) => (before ?? measured.widths).map((each, at) => (at === index ? width : each)))
          }
          onKeyDown={onKeyDown}
          onCellActivated={([column, row]) => props.onOpen(row, column)}
          onCellContextMenu={([column, row], event) => {
            event.preventDefault();
            const range = rangeOf(selection, columns.length, rowCount);
            const inside = range && row >= range.from && row <= range.to && range.columns.includes(column);
            if (!inside) {
              const cell = { x: column, y: row, width: 1, height: 1 };
              select({ ...EMPTY, current: { cell: [column, row], range: cell, rangeStack: [] } });
            }
            props.onMenu(event.bounds.x + event.localEventX, event.bounds.y + event.localEventY);
          }}
          onItemHovered={(event) => {
            const column = event.kind === 'header' ? columns[event.location[0]] : undefined;
            const bounds = frame.current?.getBoundingClientRect();
            setHint(
              event.kind === 'header' && column && bounds
                ? {
                    text: `${column.name}  ${column.hint}`,
                    x: Math.max(0, event.bounds.x - bounds.left),
                    y: HEADER_HEIGHT,
                  }
                : null,
            );
          }}
        />
      </div>
      {hint ? (
        <div className={classes.hint} style={{ left: hint.x, top: hint.y }}>
          {hint.text}
        </div>
      ) : null}
    </div>
  );
}
