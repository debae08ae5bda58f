import { Button, Tooltip } from '@mantine/core';
import { IconCopy, IconFileExport, IconLayoutSidebarRight } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CopyFormat, ResultColumn, ResultState } from '../../../shared/model/query';
import { api } from '../../api';
import { formatBytes, formatCount } from '../../ui/bytes';
import { useCopy } from '../../ui/clipboard';
import { presentError } from '../../ui/error-presenter';
import type { CellRange } from '../../ui/grid/grid-model';
import type { FetchRows } from '../../ui/grid/page-cache';
import { ResultGrid } from '../../ui/grid/result-grid';
import { showNotice } from '../../ui/notice';
import { useEdits } from './edit/use-edits';
import { SaveDialog } from './export/save-dialog';
import { CellViewer } from './cell-viewer';
import { columnsKey, gridColumns } from './model';
import { ResultMenu } from './result-menu';
import classes from './result-page.module.css';

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
}

/** One result: its rows in the grid, and what can be done with them. */
export function ResultPage({ result, columns }: ResultPageProps) {
  const { t, i18n } = useTranslation('query');
  const copyText = useCopy();
  const { resultId } = result;
  const [range, setRange] = useState<CellRange | null>(null);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const [viewing, setViewing] = useState(false);

  // Snapshots come ten times a second: the grid must see the same columns while they are the same.
  const key = columnsKey(columns);
  const [known, setKnown] = useState({ key, specs: gridColumns(columns) });
  if (known.key !== key) setKnown({ key, specs: gridColumns(columns) });
  const [fetchRows, setFetchRows] = useState(() => fetcherOf(resultId));
  const [saving, setSaving] = useState(false);
  const edits = useEdits(result, columns, () => setFetchRows(() => fetcherOf(resultId)));

  const copy = useCallback(
    async (cells: CellRange, format: CopyFormat, header: boolean) => {
      try {
        const { text, rows } = await api.query.copyText({
          resultId,
          ...cells,
          columns: [...cells.columns],
          format,
          header,
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
    (): CellRange => ({ from: 0, to: Math.max(0, result.rowCount - 1), columns: columns.map((_column, at) => at) }),
    [result.rowCount, columns],
  );
  const onCopy = useCallback((cells: CellRange) => void copy(cells, 'tsv', false), [copy]);
  const cell = range ? { row: range.from, column: range.columns[0] ?? 0 } : null;
  const column = cell ? columns[cell.column] : undefined;

  return (
    <div className={classes.page}>
      <div className={classes.tools} role="toolbar" aria-label={t('resultTools')}>
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
          disabled={result.rowCount === 0}
          onClick={(event) => {
            const bounds = event.currentTarget.getBoundingClientRect();
            setMenu({ x: bounds.left, y: bounds.bottom });
          }}
        >
          {t('copy.label')}
        </Button>
        <Button
          size="xs"
          variant="subtle"
          aria-pressed={viewing}
          leftSection={<IconLayoutSidebarRight size={16} stroke={1.5} />}
          onClick={() => setViewing(!viewing)}
        >
          {t('viewer.label')}
        </Button>
        {edits.tools}
        <span className={classes.facts}>
          {range
            ? t('selected', {
                rows: formatCount(range.to - range.from + 1, i18n.language),
                columns: formatCount(range.columns.length, i18n.language),
              })
            : formatBytes(result.bytes)}
        </span>
      </div>
      <div className={classes.body}>
        <div className={classes.grid}>
          {columns.length === 0 ? (
            <p className={classes.none}>{t('noColumns', { count: result.rowCount })}</p>
          ) : (
            <ResultGrid
              label={t('grid')}
              columns={known.specs}
              rowCount={result.rowCount}
              fetchRows={fetchRows}
              onSelect={setRange}
              onCopy={onCopy}
              onMenu={(x, y) => setMenu({ x, y })}
              onOpen={() => setViewing(true)}
              onError={presentError}
              {...edits.grid}
            />
          )}
          {result.rowCount === 0 && result.complete && columns.length > 0 ? (
            <p className={classes.noRows}>{t('noRows')}</p>
          ) : null}
        </div>
        {viewing ? (
          <CellViewer resultId={resultId} cell={cell} column={column ?? null} onClose={() => setViewing(false)} />
        ) : null}
      </div>
      {edits.parts}
      <SaveDialog result={result} opened={saving} onClose={() => setSaving(false)} />
      <ResultMenu
        at={menu}
        onClose={() => setMenu(null)}
        canSave={result.complete}
        onCopy={(format, header) => void copy(range ?? everything, format, header)}
        onView={() => setViewing(true)}
        onSave={() => setSaving(true)}
      />
    </div>
  );
}
