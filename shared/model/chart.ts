import { isNumberType } from './csv-format';
import type { ResultColumn, Row } from './query';

/** Figures of a result as a chart draws them. Pure; numbers lose digits here, and only here. */

export const CHART_KINDS = ['line', 'area', 'bar', 'stacked-bar', 'scatter', 'pie'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

export interface ChartSpec {
  readonly kind: ChartKind;
  /** Column of the x axis; −1: the number of the row. */
  readonly x: number;
  /** Columns that are drawn. */
  readonly y: readonly number[];
}

/** What the x axis is divided by. */
export type ChartAxis = 'number' | 'time' | 'category';

export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  readonly axis: ChartAxis;
  /** In order for `number` and `time` (seconds since the epoch, in UTC); 0, 1, 2 … for `category`. */
  readonly x: readonly number[];
  /** By place, for `category`. */
  readonly labels: readonly string[];
  readonly series: readonly ChartSeries[];
  /** Rows without a place on the x axis. */
  readonly left: number;
}

/** Slices of a pie; what comes after them is one more. */
export const MAX_SLICES = 12;
/** Series of one chart. */
export const MAX_SERIES = 8;

/** money is not among the numbers of the grid, for its text has signs; date, timestamp, timestamptz. */
const TIME_TYPES = new Set([1082, 1114, 1184]);

export const isDrawable = ({ typeOid }: ResultColumn): boolean => isNumberType(typeOid);
const isTime = ({ typeOid }: ResultColumn): boolean => TIME_TYPES.has(typeOid);

/** What one would draw of a result first; null when nothing of it is a number. */
export function chartFor(columns: readonly ResultColumn[]): ChartSpec | null {
  const numbers = columns.flatMap((column, index) => (isDrawable(column) ? [index] : []));
  if (numbers.length === 0) return null;
  const time = columns.findIndex(isTime);
  const words = columns.findIndex((column) => !isDrawable(column) && !isTime(column));
  if (time >= 0) return { kind: 'line', x: time, y: numbers.slice(0, MAX_SERIES) };
  if (words >= 0) return { kind: 'bar', x: words, y: numbers.slice(0, MAX_SERIES) };
  const [first = -1, ...others] = numbers;
  if (others.length === 0) return { kind: 'line', x: -1, y: [first] };
  return { kind: 'line', x: first, y: others.slice(0, MAX_SERIES) };
}

/** A server's text as a number; null for NULL, NaN, infinities and what is none. */
export function figureOf(value: string | null | undefined): number | null {
  if (value == null || value.trim() === '') return null;
  const figure = Number(value);
  return Number.isFinite(figure) ? figure : null;
}

const ISO = /^(\d{4,6})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)(?:([-+])(\d{2})(?::?(\d{2}))?)?)?$/;

/** Seconds since the epoch of a date or timestamp in ISO style; null for others. Without a zone it counts as UTC. */
export function secondsOf(value: string | null | undefined): number | null {
  const found = ISO.exec(value ?? '');
  if (!found) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', sign, zoneHour = '0', zoneMinute = '0'] = found;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const offset = (Number(zoneHour) * 3600 + Number(zoneMinute) * 60) * (sign === '-' ? -1 : 1);
  return date.getTime() / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset;
}

function axisOf(rows: readonly Row[], columns: readonly ResultColumn[], { kind, x }: ChartSpec): ChartAxis {
  const column = columns[x];
  if (kind === 'pie') return 'category';
  if (column === undefined) return 'number';
  if (isTime(column) && rows.every((row) => row[x] == null || secondsOf(row[x]) !== null)) return 'time';
  return isDrawable(column) ? 'number' : 'category';
}

/** Rows as a chart takes them: in the order of the x axis when that has one. */
export function chartData(rows: readonly Row[], columns: readonly ResultColumn[], spec: ChartSpec): ChartData {
  const axis = axisOf(rows, columns, spec);
  const placed = rows.flatMap((row, index) => {
    if (axis === 'category') return [{ at: index, row }];
    const at = spec.x < 0 ? index + 1 : axis === 'time' ? secondsOf(row[spec.x]) : figureOf(row[spec.x]);
    return at === null ? [] : [{ at, row }];
  });
  if (axis !== 'category') placed.sort((a, b) => a.at - b.at);
  return {
    axis,
    x: placed.map(({ at }) => at),
    labels: axis === 'category' ? placed.map(({ row, at }) => row[spec.x] ?? (spec.x < 0 ? String(at + 1) : '')) : [],
    series: spec.y.slice(0, MAX_SERIES).map((column) => ({
      name: columns[column]?.name ?? '',
      values: placed.map(({ row }) => figureOf(row[column])),
    })),
    left: rows.length - placed.length,
  };
}

/** Each series on top of those before it; what is not there counts as nothing. */
export function stacked(series: readonly ChartSeries[]): ChartSeries[] {
  let below: readonly number[] = [];
  return series.map(({ name, values }) => {
    const sums = values.map((value, index) => (below[index] ?? 0) + (value ?? 0));
    below = sums;
    return { name, values: sums };
  });
}

export interface PieSlice {
  readonly label: string;
  readonly value: number;
  /** 0 … 1 */
  readonly share: number;
  /** How many slices were put together. */
  readonly others: number;
}

/** Positive values by label, the largest first; equal labels are one slice, small ones are put together. */
export function pieSlices({ labels, series }: ChartData): PieSlice[] {
  const byLabel = new Map<string, number>();
  labels.forEach((label, index) => {
    const value = series[0]?.values[index] ?? 0;
    if (value > 0) byLabel.set(label, (byLabel.get(label) ?? 0) + value);
  });
  const sorted = [...byLabel].toSorted(([, a], [, b]) => b - a);
  const total = sorted.reduce((sum, [, value]) => sum + value, 0);
  const slices = sorted
    .slice(0, MAX_SLICES)
    .map(([label, value]) => ({ label, value, share: value / total, others: 0 }));
  const rest = sorted.slice(MAX_SLICES);
  if (rest.length === 0) return slices;
  const value = rest.reduce((sum, [, each]) => sum + each, 0);
  return [...slices, { label: '', value, share: value / total, others: rest.length }];
}
