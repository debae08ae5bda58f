import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type ChartData, type ChartKind, stacked } from '../../../../shared/model/chart';

/** Colours and font from the tokens in force: a canvas cannot read them by itself. */
export interface ChartLook {
  readonly background: string;
  readonly text: string;
  readonly grid: string;
  readonly font: string;
  readonly series: readonly string[];
}

export const SERIES_TOKENS = [
  '--accent',
  '--syntax-keyword',
  '--environment-test',
  '--info',
  '--error',
  '--ok',
  '--muted',
  '--text',
] as const;

export function chartLook(): ChartLook {
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string): string => styles.getPropertyValue(name).trim();
  return {
    background: token('--background'),
    text: token('--muted'),
    grid: token('--border'),
    font: `${token('--text-size')} ${token('--font-ui')}`,
    series: SERIES_TOKENS.map(token),
  };
}

export interface PlotOptions {
  readonly kind: Exclude<ChartKind, 'pie'>;
  readonly look: ChartLook;
  readonly width: number;
  readonly height: number;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Index of the place that the pointer is at; null is none. */
  readonly onPoint: (index: number | null) => void;
}

/** Characters of a category at its place on the axis. */
const LABEL = 14;
/** Pixels between the middles of categories that get a label. */
const LABEL_SPACE = 90;
/** Pixels between moments on the axis. */
const TIME_SPACE = 100;
const BAR_SHARE = 0.8;

/** Draws figures into an element; `destroy` takes it out again. */
export function plotChart(element: HTMLElement, data: ChartData, options: PlotOptions): uPlot {
  const { kind, look } = options;
  const isStacked = kind === 'area' || kind === 'stacked-bar';
  const drawn = isStacked ? stacked(data.series) : data.series;
  const isBars = kind === 'bar' || kind === 'stacked-bar';
  // The highest of stacked bars is drawn first: those below stand before it.
  const order = drawn.map((_series, index) => index);
  if (kind === 'stacked-bar') order.reverse();
  const axis = { stroke: look.text, font: look.font, labelFont: look.font, grid: { stroke: look.grid, width: 1 } };
  const plot = new uPlot(
    {
      width: options.width,
      height: options.height,
      ms: 1e-3,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      legend: { show: false },
      cursor: { points: { show: !isBars }, drag: { x: true, y: false } },
      scales: {
        x: {
          time: data.axis === 'time',
          range: (_plot, low, high) => xRange(low, high, isBars ? smallestGap(data.x) / 2 : 0),
        },
        y: { range: (_plot, low, high) => yRange(low, high, isBars || kind === 'area') },
      },
      axes: [
        {
          ...axis,
          label: options.xTitle,
          ...(data.axis === 'category'
            ? {
                space: LABEL_SPACE,
                incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000],
                values: (_plot: uPlot, places: number[]) => places.map((place) => categoryLabel(data.labels[place])),
              }
            : {}),
          ...(data.axis === 'time'
            ? {
                space: TIME_SPACE,
                values: (_plot, splits, _axis, _space, step) => splits.map((at) => timeLabel(at, step)),
              }
            : {}),
        },
        { ...axis, label: options.yTitle, size: 72 },
      ],
      series: [
        {},
        ...order.map((index, at): uPlot.Series => {
          const color = look.series[index % look.series.length] ?? look.text;
          return {
            stroke: color,
            width: isBars ? 0 : 1.5,
            // Colour is not alone: every second one is broken.
            ...(index % 2 === 1 && !isBars && kind !== 'scatter' ? { dash: [6, 3] } : {}),
            spanGaps: false,
            ...(isBars ? { fill: color, points: { show: false } } : {}),
            ...(isBars ? { paths: kind === 'bar' ? bars(at, order.length) : bars(0, 1) } : {}),
            ...(kind === 'area' && index === 0 ? { fill: `${color}55` } : {}),
            ...(kind === 'scatter'
              ? { paths: () => null, points: { show: true, size: 6, fill: color, width: 0 } }
              : {}),
          };
        }),
      ],
      bands:
        kind === 'area'
          ? order.slice(1).map((index): uPlot.Band => ({
              series: [index + 1, index],
              fill: `${look.series[index % look.series.length] ?? ''}55`,
            }))
          : [],
      hooks: {
        setCursor: [(current) => options.onPoint(current.cursor.idx ?? null)],
      },
    },
    [[...data.x], ...order.map((index) => [...(drawn[index]?.values ?? [])])],
    element,
  );
  return plot;
}

const categoryLabel = (label: string | undefined): string => {
  if (label === undefined) return '';
  return label.length > LABEL ? `${label.slice(0, LABEL - 1)}…` : label;
};

/** As much of a moment as tells it from its neighbours `step` seconds away. */
function timeLabel(seconds: number, step: number): string {
  const text = new Date(seconds * 1000).toISOString();
  if (step >= 86_400) return text.slice(0, 10);
  return step >= 60 ? text.slice(5, 16).replace('T', ' ') : text.slice(11, 19);
}

/** Bars at the edges need half of their place beyond the values. */
function xRange(low: number | null, high: number | null, beyond: number): [number, number] {
  if (low === null || high === null) return [0, 1];
  if (low === high) return [low - 1, high + 1];
  return [low - beyond, high + beyond];
}

function yRange(low: number | null, high: number | null, fromZero: boolean): [number, number] {
  if (low === null || high === null) return [0, 1];
  const [least, most] = fromZero ? [Math.min(0, low), Math.max(0, high)] : [low, high];
  const span = most - least || Math.abs(most) || 1;
  return [fromZero && least === 0 ? 0 : least - span * 0.05, fromZero && most === 0 ? 0 : most + span * 0.05];
}

/** Bars beside each other: the `place`-th of `count` at every x. */
function bars(place: number, count: number): uPlot.Series.PathBuilder {
  return (plot, series, from, to) => {
    const fill = new Path2D();
    const [xs, ys] = [plot.data[0], plot.data[series] ?? []];
    const gap = Math.abs(plot.valToPos(smallestGap(xs), 'x', true) - plot.valToPos(0, 'x', true));
    const room = Math.min(gap, plot.bbox.width / 4) * BAR_SHARE;
    const width = Math.max(1, room / count);
    const zero = plot.valToPos(Math.max(0, plot.scales['y']?.min ?? 0), 'y', true);
    for (let at = from; at <= to; at += 1) {
      const value = ys[at];
      if (value == null) continue;
      const left = plot.valToPos(xs[at] ?? 0, 'x', true) - room / 2 + place * width;
      const top = plot.valToPos(value, 'y', true);
      fill.rect(left, Math.min(top, zero), count > 1 ? Math.max(1, width - 1) : width, Math.abs(zero - top));
    }
    return { fill };
  };
}

/** Between the x values that are closest to each other; 1 when there are no two. */
function smallestGap(xs: ArrayLike<number>): number {
  let least = Infinity;
  for (let at = 1; at < xs.length; at += 1) {
    const gap = (xs[at] ?? 0) - (xs[at - 1] ?? 0);
    if (gap > 0) least = Math.min(least, gap);
  }
  return Number.isFinite(least) ? least : 1;
}
