import { Button, MultiSelect, Select } from '@mantine/core';
import { IconChartLine, IconPhotoDown } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  CHART_KINDS,
  chartData,
  chartFor,
  type ChartData,
  type ChartKind,
  type ChartSpec,
  isDrawable,
  MAX_SERIES,
  pieSlices,
} from '../../../../shared/model/chart';
import type { ResultColumn, ResultState } from '../../../../shared/model/query';
import { formatCount } from '../../../ui/bytes';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import { presentError } from '../../../ui/error-presenter';
import { visibleText } from '../../../ui/visible-text';
import { useTabActions } from '../../../ui/workbench';
import { ChartCanvas } from './chart-canvas';
import { ChartPie } from './chart-pie';
import classes from './chart.module.css';
import { recallPage, rememberPage } from './page-memory';
import { pieCanvas } from './pie-canvas';
import { pngOf, saveBytes } from './save-bytes';
import { useRows } from './use-rows';

/** Rows that are drawn. */
const MAX_ROWS = 100_000;
const CELL_LIMIT = 200;
/** Rows in the table for those who cannot see the chart. */
const TOLD_ROWS = 100;
const COLORS = 8;

export interface ChartPageProps {
  readonly result: ResultState;
  /** Rows that are not as they were read: they are drawn as they were. */
  readonly differing: number;
  readonly columns: readonly ResultColumn[];
}

/** The figures of a result, drawn. */
export function ChartPage({ result, differing, columns }: ChartPageProps) {
  const { t, i18n } = useTranslation('results');
  const [spec, setSpec] = useState<ChartSpec | null>(
    () => recallPage(result.resultId, result.arrangement !== null).chart ?? chartFor(columns),
  );
  const change = (next: ChartSpec) => {
    const chart = next.kind === 'pie' ? { ...next, y: next.y.slice(0, 1) } : next;
    setSpec(chart);
    rememberPage(result.resultId, { mode: 'chart', chart });
  };
  const [point, setPoint] = useState<number | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const count = Math.min(result.rowCount, MAX_ROWS);
  const { rows, done, error } = useRows(result.complete ? result.resultId : null, 0, count, CELL_LIMIT);
  const data = useMemo(() => (spec === null ? null : chartData(rows, columns, spec)), [rows, columns, spec]);
  const onPoint = useCallback((index: number | null) => setPoint(index), []);
  const nameOf = (index: number): string =>
    index < 0 ? t('chart.rowNumber') : visibleText(columns[index]?.name ?? '');
  const savable = done && data !== null && data.x.length > 0;
  const save = async () => {
    const pie = frame.current?.querySelector<HTMLElement>('[data-pie]');
    const canvas = pie && data ? pieCanvas(pie, pieSlices(data)) : frame.current?.querySelector('canvas');
    if (!canvas) return;
    try {
      await saveBytes(await pngOf(canvas), { title: t('chart.save'), suggestedName: 'chart.png', extension: 'png' });
    } catch (failure) {
      presentError(failure);
    }
  };
  useTabActions([{ id: 'result.save-chart', label: t('chart.save'), disabled: !savable, run: () => void save() }]);
  if (error !== null) return <ErrorPanel error={error} />;
  if (spec === null || data === null) {
    return (
      <EmptyState icon={<IconChartLine size={32} stroke={1.5} />} title={t('chart.none')} text={t('chart.noneText')} />
    );
  }
  const drawable = columns.flatMap((column, index) => (isDrawable(column) ? [index] : []));
  const option = (index: number) => ({ value: String(index), label: nameOf(index) });
  const label = t('chart.label', { x: nameOf(spec.x), y: spec.y.map(nameOf).join(', ') });
  const number = (value: number): string => formatCount(value, i18n.language);
  return (
    <div className={classes.page} ref={frame}>
      <div className={classes.tools}>
        <Select
          size="xs"
          className={classes.choice}
          aria-label={t('chart.kindLabel')}
          value={spec.kind}
          data={CHART_KINDS.map((kind) => ({ value: kind, label: t(`chart.kind.${kind}`) }))}
          onChange={(next) => change({ ...spec, kind: CHART_KINDS.find((kind) => kind === next) ?? spec.kind })}
        />
        <Select
          size="xs"
          className={classes.choice}
          aria-label={t('chart.x')}
          leftSection={<span aria-hidden>x</span>}
          searchable
          limit={200}
          value={String(spec.x)}
          data={[option(-1), ...columns.map((_column, index) => option(index))]}
          onChange={(next) => change({ ...spec, x: Number(next ?? spec.x) })}
        />
        <MultiSelect
          size="xs"
          className={classes.choices}
          aria-label={t('chart.y')}
          leftSection={<span aria-hidden>y</span>}
          searchable
          limit={200}
          maxValues={spec.kind === 'pie' ? 1 : MAX_SERIES}
          value={spec.y.map(String)}
          data={drawable.map(option)}
          onChange={(next) => change({ ...spec, y: next.map(Number) })}
        />
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconPhotoDown size={16} stroke={1.5} />}
          disabled={!savable}
          onClick={() => void save()}
        >
          {t('chart.save')}
        </Button>
        <span className={classes.facts} role="status">
          {done ? t('chart.rows', { count: rows.length, text: number(rows.length) }) : t('reading')}
          {data.left > 0 ? ` · ${t('chart.left', { count: data.left, text: number(data.left) })}` : ''}
          {done && rows.length < result.rowCount ? ` · ${t('chart.cut', { text: number(rows.length) })}` : ''}
          {differing > 0 ? ` · ${t('asRead', { count: differing })}` : ''}
        </span>
      </div>
      <Drawing label={label} data={data} kind={spec.kind} xTitle={nameOf(spec.x)} onPoint={onPoint} />
      {spec.kind === 'pie' ? null : <Legend data={data} point={point} xTitle={nameOf(spec.x)} />}
      <ChartTable label={label} data={data} xTitle={nameOf(spec.x)} />
    </div>
  );
}

interface DrawingProps {
  readonly label: string;
  readonly data: ChartData;
  readonly kind: ChartKind;
  readonly xTitle: string;
  readonly onPoint: (index: number | null) => void;
}

function Drawing({ label, data, kind, xTitle, onPoint }: DrawingProps) {
  const { t } = useTranslation('results');
  const slices = useMemo(() => (kind === 'pie' ? pieSlices(data) : []), [kind, data]);
  if (data.series.length === 0 || data.x.length === 0) return <p className={classes.empty}>{t('chart.empty')}</p>;
  if (kind !== 'pie') {
    const yTitle = data.series.length === 1 ? visibleText(data.series[0]?.name ?? '') : t('chart.values');
    return <ChartCanvas label={label} data={data} kind={kind} xTitle={xTitle} yTitle={yTitle} onPoint={onPoint} />;
  }
  return slices.length === 0 ? (
    <p className={classes.empty}>{t('chart.empty')}</p>
  ) : (
    <ChartPie label={label} slices={slices} />
  );
}

/** What stands at a place of the x axis. */
function placeText(data: ChartData, index: number): string {
  const x = data.x[index] ?? 0;
  if (data.axis === 'category') return data.labels[index] ?? '';
  return data.axis === 'time'
    ? new Date(x * 1000)
        .toISOString()
        .replace('T', ' ')
        .replace(/(\.000)?Z$/, '')
    : String(x);
}

function Legend({
  data,
  point,
  xTitle,
}: {
  readonly data: ChartData;
  readonly point: number | null;
  readonly xTitle: string;
}) {
  return (
    <div className={classes.legend}>
      {data.series.map(({ name, values }, index) => (
        // Columns may have equal names; their order does not change.
        <span key={`${index}${name}`} className={classes.entry}>
          <span className={classes.swatch} data-series={index % COLORS} />
          <span className={classes.entryName}>{visibleText(name)}</span>
          {point === null ? null : <span className={classes.figure}>{values[point] ?? '–'}</span>}
        </span>
      ))}
      <span className={classes.place}>
        {point === null ? '' : `${xTitle}: ${visibleText(placeText(data, point).slice(0, 60))}`}
      </span>
    </div>
  );
}

function ChartTable({
  label,
  data,
  xTitle,
}: {
  readonly label: string;
  readonly data: ChartData;
  readonly xTitle: string;
}) {
  const { t } = useTranslation('results');
  const told = data.x.slice(0, TOLD_ROWS);
  return (
    <table className="visually-hidden">
      <caption>{t('chart.table', { label, count: told.length })}</caption>
      <thead>
        <tr>
          <th scope="col">{xTitle}</th>
          {data.series.map(({ name }, index) => (
            <th scope="col" key={`${index}${name}`}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {told.map((x, row) => (
          <tr key={`${row}/${x}`}>
            <th scope="row">{placeText(data, row)}</th>
            {data.series.map(({ name, values }, index) => (
              <td key={`${index}${name}`}>{values[row] ?? ''}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
