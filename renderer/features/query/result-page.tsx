import { Button, Tooltip } from '@mantine/core';
import { useMergedRef } from '@mantine/hooks';
import { IconCopy, IconFileExport, IconFilter, IconLayoutSidebarRight } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isArranged } from '../../../shared/model/arrange';
import type { Arrangement, CopyFormat, ResultColumn, ResultState } from '../../../shared/model/query';
import { api } from '../../api';
import { formatBytes, formatCount } from '../../ui/bytes';
import { useCopy } from '../../ui/clipboard';
import { presentError } from '../../ui/error-presenter';
import type { CellRange } from '../../ui/grid/grid-model';
import type { HeaderPress, ResultGridHandle } from '../../ui/grid/grid-props';
import type { FetchRows } from '../../ui/grid/page-cache';
import { ResultGrid } from '../../ui/grid/result-grid';
import { showNotice } from '../../ui/notice';
import { CellViewer } from './cell-viewer';
import { useStagedGuard } from './edit/staged-guard';
import { useEdits } from './edit/use-edits';
import { SaveDialog } from './export/save-dialog';
import { columnsKey, gridColumns } from './model';
import { ResultMenu } from './result-menu';
import classes from './result-page.module.css';
import { ArrangeBar } from './results/arrange-bar';
import { clickedSort, columnMarks, filterForCell, sortedBy, withFilter } from './results/arrange-model';
import { GoToRow } from './results/go-to-row';
import { HeaderMenu } from './results/header-menu';
import { ModeSwitch, type ResultMode } from './results/mode-switch';
import { useNullText } from './results/null-text';
import { recallPage, rememberPage } from './results/page-memory';
import { RecordView } from './results/record-view';
import { SelectionFacts } from './results/selection-facts';
import { shapeColumns } from './results/shape-columns';
import { useResultActions } from './results/use-result-actions';
import { type Arranging, useArrange } from './results/use-arrange';
import { useFocusInside } from './use-focus-inside';

const ChartPage = lazy(async () => ({ default: (await import('./results/chart-page')).ChartPage }));
const MapPage = lazy(async () => ({ default: (await import('./results/map-page')).MapPage }));

/** Characters of a value that the grid pulls: more than a cell can show. */
const CELL_LIMIT = 500;

/** A function of its own for each reading: another one makes the grid read the rows again. */
const fetcherOf =
  (resultId: string): FetchRows =>
  (from, count, signal) =>
    api.query.fetch({ resultId, from, count, cellLimit: CELL_LIMIT }, signal);

export interface ResultPageProps {
  readonly result: ResultState;
  readonly columns: readonly ResultColumn[];
  /** There is no text beside it that keys of saving could mean. */
  readonly alone?: boolean;
}

/** One result: its rows in the grid, as one record, as a chart or on a map, and what can be done with them. */
export function ResultPage({ result, columns, alone = false }: ResultPageProps) {
  const { t, i18n } = useTranslation('query');
  const { t: words } = useTranslation('results');
  const copyText = useCopy();
  const nullText = useNullText();
  const { resultId } = result;
  const [range, setRange] = useState<CellRange | null>(null);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const [header, setHeader] = useState<{ column: number; x: number; y: number } | null>(null);
  const [memory] = useState(() => recallPage(resultId, result.arrangement !== null));
  const [viewing, setViewing] = useState(memory.viewing);
  const [mode, setMode] = useState<ResultMode>(memory.mode);
  const [cell, setCell] = useState<{ row: number; column: number } | null>(null);
  const grid = useRef<ResultGridHandle>(null);

  // Snapshots come ten times a second: the grid must see the same columns while they are the same.
  const key = columnsKey(columns);
  const [known, setKnown] = useState({ key, specs: gridColumns(columns) });
  if (known.key !== key) setKnown({ key, specs: gridColumns(columns) });
  const [fetchRows] = useState(() => fetcherOf(resultId));
  const [saving, setSaving] = useState(false);
  const focus = useFocusInside();
  const edits = useEdits(result, columns, alone || focus.inside);
  const handle = useMergedRef(grid, edits.grid.handle);

  const arranging = useArrange(result);
  const staging = useStagedGuard(resultId.split('.')[0] ?? null);
  // The bar may stand open from before something was staged.
  const guarded: Arranging = {
    ...arranging,
    apply: (next) =>
      staging.guard(
        () => arranging.apply(next),
        (each) => each === resultId,
      ),
  };
  const { arrangement } = arranging;
  const [barOpen, setBarOpen] = useState(isArranged(arrangement));
  const [filtering, setFiltering] = useState<number | null>(null);
  const refusal = !result.arrangeable
    ? words('refusal.statement')
    : edits.staged > 0
      ? words('refusal.staged')
      : result.complete
        ? null
        : words('refusal.running');
  const { key: keyColumns } = edits;
  const marks = useMemo(
    () => columnMarks(arrangement, columns.length).map((mark, index) => ({ ...mark, key: keyColumns.includes(index) })),
    [arrangement, columns.length, keyColumns],
  );

  const view = (open: boolean) => {
    rememberPage(resultId, { mode, viewing: open });
    setViewing(open);
  };
  const show = (next: ResultMode) => {
    rememberPage(resultId, { mode: next, viewing });
    setMode(next);
  };
  const select = (next: CellRange | null) => {
    setRange(next);
    // A whole column that is selected by its head leaves the cell as it was.
    const isColumn = next !== null && next.from === 0 && next.to === edits.total - 1 && edits.total > 1;
    if (next && !isColumn) setCell({ row: next.from, column: next.columns[0] ?? 0 });
  };
  const arrange = (next: Arrangement) => {
    setBarOpen(true);
    guarded.apply(next);
  };
  const filterByValue = async (column: number, same: boolean) => {
    if (!cell) return;
    try {
      const seen = edits.valueAt(cell.row, column);
      const row = seen === undefined ? (await api.query.fetch({ resultId, from: cell.row, count: 1 }))[0] : undefined;
      arrange(withFilter(arrangement, filterForCell(column, seen ?? row?.[column] ?? null, same)));
    } catch (error) {
      presentError(error);
    }
  };
  const showRow = (row: number) => {
    show('rows');
    // The grid is drawn again first when it was out of sight.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        grid.current?.select(row, cell?.column ?? 0);
        grid.current?.focus();
      }),
    );
  };

  const cellsOf = useRef(edits.cellsOf);
  useEffect(() => {
    cellsOf.current = edits.cellsOf;
  });
  const onHeader = (at: number, press: HeaderPress) => {
    if (press.kind === 'menu' || refusal !== null) setHeader({ column: at, x: press.x, y: press.y });
    else if (!arranging.busy) arrange(clickedSort(arrangement, at, press.kind === 'add'));
  };

  const copy = useCallback(
    async (cells: CellRange, format: CopyFormat, withHeader: boolean) => {
      const over = cellsOf.current(cells);
      try {
        const { text, rows } = await api.query.copyText({
          resultId,
          ...cells,
          columns: [...cells.columns],
          format,
          header: withHeader,
          ...(over.length > 0 ? { staged: over } : {}),
        });
        copyText(text);
        showNotice(t('copied', { count: rows, text: formatCount(rows, i18n.language) }));
      } catch (error) {
        presentError(error);
      }
    },
    [resultId, copyText, t, i18n],
  );
  const everything = useMemo(
    (): CellRange => ({ from: 0, to: Math.max(0, edits.total - 1), columns: columns.map((_column, at) => at) }),
    [edits.total, columns],
  );
  const onCopy = useCallback((cells: CellRange) => void copy(cells, 'tsv', false), [copy]);
  const column = cell ? columns[cell.column] : undefined;
  const hasShapes = shapeColumns(columns).length > 0;
  const copyChosen = (format: CopyFormat, withHeader: boolean) => void copy(range ?? everything, format, withHeader);
  const toggleBar = () => {
    if (refusal === null || barOpen) setBarOpen(!barOpen);
  };
  const filterColumn = (at: number) => {
    setBarOpen(true);
    setFiltering(at);
  };
  useResultActions({
    mode,
    hasColumns: columns.length > 0,
    hasShapes,
    hasRows: edits.total > 0,
    complete: result.complete,
    barOpen,
    arrangeable: refusal === null && columns.length > 0,
    hasCell: cell !== null,
    show,
    save: () => setSaving(true),
    copy: copyChosen,
    toggleBar,
    filter: () => filterColumn(cell?.column ?? 0),
    sort: (descending) =>
      arrange(sortedBy(arrangement, cell?.column ?? 0, descending ? 'descending' : 'ascending', false)),
    filterByValue: (same) => {
      if (cell) void filterByValue(cell.column, same);
    },
    toggleValue: () => view(!viewing),
  });

  return (
    <div className={classes.page} {...focus.props}>
      <div className={classes.tools} role="toolbar" aria-label={t('resultTools')}>
        {columns.length === 0 ? null : <ModeSwitch mode={mode} hasShapes={hasShapes} onChange={show} />}
        <Tooltip label={result.complete ? t('save.hint') : t('save.wait')}>
          <Button
            size="xs"
            variant="subtle"
            leftSection={<IconFileExport size={16} stroke={1.5} />}
            disabled={!result.complete}
            onClick={() => setSaving(true)}
          >
            {t('save.label')}
          </Button>
        </Tooltip>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconCopy size={16} stroke={1.5} />}
          disabled={edits.total === 0}
          onClick={(event) => {
            const bounds = event.currentTarget.getBoundingClientRect();
            setMenu({ x: bounds.left, y: bounds.bottom });
          }}
        >
          {t('copy.label')}
        </Button>
        <Tooltip label={refusal ?? words('filter.hint')}>
          <Button
            size="xs"
            variant="subtle"
            aria-pressed={barOpen}
            {...(refusal === null ? {} : { 'data-disabled': true, 'aria-disabled': true })}
            leftSection={<IconFilter size={16} stroke={1.5} />}
            onClick={toggleBar}
          >
            {words('filter.label')}
          </Button>
        </Tooltip>
        <Button
          size="xs"
          variant="subtle"
          aria-pressed={viewing}
          leftSection={<IconLayoutSidebarRight size={16} stroke={1.5} />}
          onClick={() => view(!viewing)}
        >
          {t('viewer.label')}
        </Button>
        {edits.tools}
        <span className={classes.space} />
        {/* Sums are of what was read: none over what was changed since. */}
        {range && mode === 'rows' && edits.cellsOf(range).length === 0 ? (
          <SelectionFacts resultId={resultId} columns={columns} range={range} />
        ) : null}
        <span className={classes.facts}>
          {range && mode === 'rows'
            ? t('selected', {
                rows: formatCount(range.to - range.from + 1, i18n.language),
                columns: formatCount(range.columns.length, i18n.language),
              })
            : formatBytes(result.bytes)}
        </span>
        {mode === 'rows' && result.rowCount > 100 ? <GoToRow rowCount={result.rowCount} onRow={showRow} /> : null}
      </div>
      {barOpen ? (
        <ArrangeBar
          arranging={guarded}
          columns={columns}
          filtering={filtering}
          onFilter={setFiltering}
          onClose={() => setBarOpen(false)}
        />
      ) : null}
      <div className={classes.body}>
        {columns.length === 0 ? (
          <p className={classes.none}>{t('noColumns', { count: result.rowCount })}</p>
        ) : (
          <div className={classes.grid} hidden={mode !== 'rows'}>
            <ResultGrid
              label={t('grid')}
              columns={known.specs}
              rowCount={result.rowCount}
              fetchRows={fetchRows}
              nullText={nullText}
              onSelect={select}
              onCopy={onCopy}
              onMenu={(x, y) => setMenu({ x, y })}
              onHeader={onHeader}
              onOpen={() => view(true)}
              onError={presentError}
              {...edits.grid}
              marks={marks}
              handle={handle}
            />
            {result.rowCount === 0 && result.complete ? (
              <p className={classes.noRows}>{isArranged(arrangement) ? words('noMatch') : t('noRows')}</p>
            ) : null}
          </div>
        )}
        {mode === 'record' ? (
          <RecordView
            result={result}
            columns={columns}
            row={cell?.row ?? 0}
            column={cell?.column ?? -1}
            total={edits.total}
            valueAt={edits.valueAt}
            onCell={(row, at) => setCell({ row, column: at })}
            onOpen={() => view(true)}
          />
        ) : null}
        <Suspense fallback={<p className={classes.none}>{words('reading')}</p>}>
          {mode === 'chart' ? <ChartPage result={result} differing={edits.differing} columns={columns} /> : null}
          {mode === 'map' ? (
            <MapPage result={result} differing={edits.differing} columns={columns} onRow={showRow} />
          ) : null}
        </Suspense>
        {viewing ? (
          <CellViewer
            resultId={resultId}
            cell={cell}
            column={column ?? null}
            staged={cell ? edits.valueAt(cell.row, cell.column) : undefined}
            onClose={() => view(false)}
          />
        ) : null}
      </div>
      {edits.parts}
      {staging.dialog}
      <SaveDialog result={result} differing={edits.differing} opened={saving} onClose={() => setSaving(false)} />
      <ResultMenu
        at={menu}
        onClose={() => setMenu(null)}
        canSave={result.complete}
        onCopy={copyChosen}
        onView={() => view(true)}
        onSave={() => setSaving(true)}
        onValue={refusal === null && cell ? (same) => void filterByValue(cell.column, same) : null}
      />
      <HeaderMenu
        at={header}
        columns={columns}
        arrangement={arrangement}
        refusal={refusal}
        hasCell={cell !== null}
        onClose={() => setHeader(null)}
        onArrange={arrange}
        onFilter={filterColumn}
        onValue={(at, same) => void filterByValue(at, same)}
      />
    </div>
  );
}
