import {
  CompactSelection,
  DataEditor,
  type DataEditorRef,
  type DrawCellCallback,
  type GridCell,
  type SizedGridColumn,
  type GridKeyEventArgs,
  type GridSelection,
  type Item,
  type Rectangle,
} from '@glideapps/glide-data-grid';
import '@glideapps/glide-data-grid/index.css';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type ClipboardEvent } from 'react';
import { FloatingCell } from './floating-cell';
import { cellOf, drawTone } from './grid-cell';
import { drawHeads, markWidth } from './grid-head';
import { columnWidths, markerWidth } from './grid-model';
import type { HeaderPress, ResultGridProps } from './grid-props';
import { gridLook } from './grid-theme';
import { PageCache } from './page-cache';
import classes from './result-grid.module.css';
import { keepTogether, rangeOf, selectAll, selectCell } from './selection';
import { BOX_LIMIT, scrollNear } from './scroll-near';
import { useLook } from '../use-look';

const EMPTY: GridSelection = { columns: CompactSelection.empty(), rows: CompactSelection.empty() };
const KEYS = { copy: false, cut: false, paste: false, delete: false, clear: true, search: false, selectAll: false };
const HEADER_HEIGHT = 28;
/** Pixels at both sides of a cell's text, as in the theme. */
const CELL_PADDING = 16;
/** Pixels for a horizontal scroll bar below the last row. */
const SCROLL_BAR = 12;
/** Rows beyond those in sight that are reached by scrolling. */
const NEAR = 20;
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
  const { columns, rowCount, fetchRows, onError, overlay, marks, nullText = 'NULL' } = props;
  const total = rowCount + (overlay?.added ?? 0);
  const drawnIn = useLook();
  const grid = useRef<DataEditorRef>(null);
  const frame = useRef<HTMLDivElement>(null);
  const catcher = useRef<HTMLTextAreaElement>(null);
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
  }, [drawnIn]);
  const [firstPage, setFirstPage] = useState(0);
  const [settled, setSettled] = useState(0);
  const [moved, setMoved] = useState(0);
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
    const signs = (column: number): number => markWidth(marks?.[column]);
    return { firstPage, widths: columnWidths(columns, rows, measureIn(look.font), signs) };
  }, [firstPage, columns, marks, look.font, cache]);

  const hasMenu = props.onHeader !== undefined;
  const gridColumns = useMemo(
    () =>
      columns.map((column, index): SizedGridColumn => ({
        id: String(index),
        title: column.name,
        width: widths?.[index] ?? measured.widths[index] ?? 120,
        hasMenu,
      })),
    [columns, measured, widths, hasMenu],
  );

  const digit = useMemo(() => measureIn(look.font)('0'), [look.font]);
  // A new view makes the grid read everything in sight again, the table for screen readers included.
  const view = useMemo(() => ({ cache, settled }), [cache, settled]);
  const getCellContent = useCallback(
    ([column, row]: Item): GridCell => {
      const over = overlay?.cell(row, column) ?? null;
      const values = row < rowCount ? view.cache.row(row) : [];
      const room = Math.floor(((gridColumns[column]?.width ?? 0) - CELL_PADDING) / digit);
      return cellOf(values === undefined ? undefined : (values[column] ?? null), over, {
        look,
        nullText,
        rightAligned: columns[column]?.rightAligned === true,
        room,
      });
    },
    [view, overlay, rowCount, columns, gridColumns, look, nullText, digit],
  );
  const drawCell = useCallback<DrawCellCallback>(
    ({ ctx, rect, col, row }, drawContent) => {
      drawContent();
      const tone = overlay?.cell(row, col)?.tone;
      if (tone) drawTone(ctx, tone, rect, { color: look.toneColors[tone], firstColumn: col === 0 });
    },
    [overlay, look],
  );
  const drawHeader = useMemo(() => drawHeads(marks), [marks]);

  const select = (next: GridSelection) => {
    const kept = keepTogether(next);
    setSelection(kept);
    props.onSelect(rangeOf(kept, columns.length, total));
  };
  useImperativeHandle(props.handle, () => ({
    focus: () => grid.current?.focus(),
    select(row, column) {
      const reveal = () => {
        select(selectCell(row, column));
        grid.current?.scrollTo(column, row);
      };
      const { y, height: rows } = visible.current;
      const near = row > y - NEAR && row < y + rows + NEAR;
      if (near || total * look.rowHeight < BOX_LIMIT) reveal();
      else {
        scrollNear(frame.current, row, total);
        // The grid takes a place in when it has been drawn there.
        requestAnimationFrame(() => requestAnimationFrame(reveal));
      }
    },
    range: () => rangeOf(selection, columns.length, total),
    peek: (row) => cache.peek(row),
  }));

  const onKeyDown = (event: GridKeyEventArgs) => {
    const range = rangeOf(selection, columns.length, total);
    const current = selection.current?.cell;
    const pressed = {
      key: event.key.toLowerCase(),
      control: event.ctrlKey || event.metaKey,
      shift: event.shiftKey,
      alt: event.altKey,
    };
    const { key, control, shift, alt } = pressed;
    const typed = !control && !alt && [...event.key].length === 1 && event.key !== ' ' ? event.key : null;
    if (control && key === 'v' && props.onPaste) {
      // A canvas is not pasted into: the event goes to a field that is.
      event.cancel();
      catcher.current?.focus({ preventScroll: true });
      return;
    }
    if (control && key === 'c' && range) props.onCopy(range);
    else if (control && key === 'a' && !shift) select(selectAll(columns.length, total));
    else if ((key === 'contextmenu' || (shift && key === 'f10')) && event.bounds) {
      props.onMenu(event.bounds.x, event.bounds.y + event.bounds.height);
    } else if (alt && key === 'arrowdown' && current && event.bounds && props.onHeader) {
      props.onHeader(current[0], { kind: 'menu', x: event.bounds.x, y: event.bounds.y + event.bounds.height });
    } else if ((key === 'delete' || key === 'backspace') && range && props.onDelete) {
      props.onDelete(range, selection.rows.length > 0);
    } else if (props.onKey?.(pressed, range) === true) {
      // Done.
    } else if ((typed !== null || key === 'f2') && current) {
      if (props.onBeginEdit?.(current[1], current[0], typed) !== true) return;
    } else return;
    event.cancel();
    event.preventDefault();
  };

  const onPaste = (event: ClipboardEvent<HTMLDivElement>) => {
    const range = rangeOf(selection, columns.length, total);
    // A field that stands over a cell takes its text itself.
    const ours = event.target === catcher.current || event.target instanceof HTMLCanvasElement;
    if (!props.onPaste || !ours) return;
    event.preventDefault();
    grid.current?.focus();
    if (!range) return;
    props.onPaste(range.from, range.columns[0] ?? 0, event.clipboardData.getData('text/plain'));
  };
  const pressHeader = (column: number, kind: HeaderPress['kind'], { x, y, height }: Rectangle) =>
    props.onHeader?.(column, { kind, x, y: y + height });

  const columnsWidth = gridColumns.reduce((sum, { width }) => sum + width, markerWidth(total));
  const height = HEADER_HEIGHT + total * look.rowHeight + (columnsWidth > frameWidth ? SCROLL_BAR : 1);
  return (
    <div ref={frameRef} className={classes.grid} role="group" aria-label={props.label} onPaste={onPaste}>
      <div className={classes.rows} style={{ height }}>
        <DataEditor
          ref={grid}
          width="100%"
          height="100%"
          columns={gridColumns}
          rows={total}
          getCellContent={getCellContent}
          drawCell={drawCell}
          drawHeader={drawHeader}
          gridSelection={selection}
          onGridSelectionChange={select}
          rangeSelect="rect"
          rowSelect="multi"
          columnSelect="multi"
          rowMarkers={{ kind: 'clickable-number', width: markerWidth(total) }}
          rowHeight={look.rowHeight}
          headerHeight={HEADER_HEIGHT}
          theme={look.theme}
          smoothScrollX
          smoothScrollY
          minColumnWidth={32}
          maxColumnWidth={2000}
          keybindings={KEYS}
          cellActivationBehavior="double-click"
          onVisibleRegionChanged={(region) => {
            visible.current = region;
            if (props.floating) setMoved((count) => count + 1);
          }}
          onColumnResize={(_column, width, index) =>
            setWidths((before) => (before ?? measured.widths).map((each, at) => (at === index ? width : each)))
          }
          onKeyDown={onKeyDown}
          onCellActivated={([column, row]) => {
            if (props.onBeginEdit?.(row, column, null) !== true) props.onOpen(row, column);
          }}
          onHeaderClicked={(column, event) => {
            if (event.ctrlKey || event.metaKey || event.isEdge) return;
            pressHeader(column, event.shiftKey ? 'add' : 'click', event.bounds);
          }}
          onHeaderContextMenu={(column, event) => {
            event.preventDefault();
            pressHeader(column, 'menu', event.bounds);
          }}
          onHeaderMenuClick={(column, bounds) => pressHeader(column, 'menu', bounds)}
          onCellContextMenu={([column, row], event) => {
            event.preventDefault();
            const range = rangeOf(selection, columns.length, total);
            const inside = range && row >= range.from && row <= range.to && range.columns.includes(column);
            if (!inside) select(selectCell(row, column));
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
      {props.onPaste ? (
        <textarea
          ref={catcher}
          className="visually-hidden"
          tabIndex={-1}
          aria-hidden
          onKeyUp={() => grid.current?.focus()}
        />
      ) : null}
      {props.floating ? <FloatingCell floating={props.floating} grid={grid} frame={frame} moved={moved} /> : null}
      {hint ? (
        <div className={classes.hint} style={{ left: hint.x, top: hint.y }}>
          {hint.text}
        </div>
      ) : null}
    </div>
  );
}
