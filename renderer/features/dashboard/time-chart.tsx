import { useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { linesOf, nearest, type Point } from '../../../shared/model/dashboard-rates';
import classes from './time-chart.module.css';

const WIDTH = 600;
const HEIGHT = 100;

export interface ChartLine {
  readonly key: string;
  readonly label: string;
  readonly points: readonly Point[];
}

export interface TimeChartProps {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  /** The time that is shown, in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** How a value is written, with its unit. */
  readonly words: (value: number) => string;
  /** Where the axis ends, by the highest value. */
  readonly ceiling: (highest: number) => number;
  /** A moment that is looked at in all charts; null is the newest. */
  readonly cursor: number | null;
  readonly onCursor: (at: number | null) => void;
  /** A part of the time was drawn over, or taken by the plus key: it is to fill the charts. */
  readonly onRange: (from: number, to: number) => void;
  /** Milliseconds: a cursor this near to a look means it. */
  readonly withinMs: number;
}

/** Pixels of a drag below which it is a click. */
const SHORTEST_DRAG = 8;
/** Milliseconds that charts show at least. */
const SHORTEST_SPAN = 5000;

const clock = (at: number, language: string): string =>
  new Intl.DateTimeFormat(language, { timeStyle: 'medium', hourCycle: 'h23' }).format(at);

/** Figures over time, with the values at the cursor beside their names. Several charts share one cursor. */
export function TimeChart(props: TimeChartProps) {
  const { title, lines, from, to, words, cursor, onCursor, onRange, withinMs } = props;
  const { t, i18n } = useTranslation('dashboard');
  const shown = lines.map((line) => ({ ...line, points: line.points.filter(({ at }) => at >= from && at <= to) }));
  const values = shown.flatMap(({ points }) => points.flatMap(({ value }) => (value === null ? [] : [value])));
  const top = props.ceiling(Math.max(...values, 0));
  const x = (at: number): number => ((at - from) / (to - from)) * WIDTH;
  const y = (value: number): number => HEIGHT - (value / top) * (HEIGHT - 2) - 1;
  const drawn = (points: readonly Point[]): string[] =>
    linesOf(points).map((line) => {
      const corners = line.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
      // One look alone is a dot.
      return (corners.length === 1 ? [...corners, ...corners] : corners).join(' ');
    });
  const at = cursor ?? to;
  const valueAt = (points: readonly Point[]): string => {
    const known = points.filter(({ value }) => value !== null);
    const point = cursor === null ? known.at(-1) : nearest(known, cursor, withinMs);
    return point?.value === null || point === null || point === undefined ? '–' : words(point.value);
  };
  const told = shown.map(({ label, points }) => `${label} ${valueAt(points)}`).join(', ');
  const [drag, setDrag] = useState<{ readonly x: number; readonly at: number } | null>(null);
  const timeOf = (event: PointerEvent<SVGSVGElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return from + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * (to - from);
  };
  const take = (one: number, other: number): void => {
    const [start, end] = [Math.max(from, Math.min(one, other)), Math.min(to, Math.max(one, other))];
    if (end - start >= SHORTEST_SPAN) onRange(start, end);
  };
  const move = (by: number): void => onCursor(Math.min(to, Math.max(from, at + by)));
  return (
    <figure className={classes.chart} data-chart={title}>
      <figcaption className={classes.title}>{title}</figcaption>
      <div className={classes.frame}>
        <span className={classes.top}>{words(top)}</span>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className={classes.plot}
          role="slider"
          tabIndex={0}
          aria-label={t('activity.chart', { title })}
          aria-valuemin={0}
          aria-valuemax={Math.round((to - from) / 1000)}
          aria-valuenow={Math.round((at - from) / 1000)}
          aria-valuetext={`${clock(at, i18n.language)}: ${told}`}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setDrag({ x: event.clientX, at: timeOf(event) });
          }}
          onPointerMove={(event) => onCursor(timeOf(event))}
          onPointerUp={(event) => {
            if (drag && Math.abs(event.clientX - drag.x) >= SHORTEST_DRAG) take(drag.at, timeOf(event));
            setDrag(null);
          }}
          onPointerCancel={() => setDrag(null)}
          onPointerLeave={() => onCursor(null)}
          onBlur={() => onCursor(null)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowLeft') move(-withinMs);
            else if (event.key === 'ArrowRight') move(withinMs);
            else if (event.key === '+') take(at - (to - from) / 4, at + (to - from) / 4);
            else if (event.key === 'Escape' || event.key === 'End') onCursor(null);
            else return;
            event.preventDefault();
          }}
        >
          <line x1="0" y1={HEIGHT / 2} x2={WIDTH} y2={HEIGHT / 2} className={classes.rule} />
          {shown.map(({ key, points }, index) =>
            drawn(points).map((corners) => (
              <polyline
                key={`${key} ${corners.slice(0, 20)}`}
                points={corners}
                className={classes.line}
                data-line={index}
              />
            )),
          )}
          {drag === null || cursor === null ? null : (
            <rect
              x={Math.min(x(drag.at), x(cursor))}
              y="0"
              width={Math.abs(x(cursor) - x(drag.at))}
              height={HEIGHT}
              className={classes.taken}
            />
          )}
          {cursor === null ? null : (
            <line x1={x(cursor)} y1="0" x2={x(cursor)} y2={HEIGHT} className={classes.cursor} />
          )}
        </svg>
      </div>
      <div className={classes.axis} aria-hidden>
        <span>{clock(from, i18n.language)}</span>
        {cursor === null ? null : <span className={classes.moment}>{clock(cursor, i18n.language)}</span>}
        <span>{clock(to, i18n.language)}</span>
      </div>
      <ul className={classes.keys}>
        {shown.map(({ key, label, points }, index) => (
          <li key={key} className={classes.key} data-line={index} data-figure={key}>
            <svg className={classes.sample} viewBox="0 0 16 4" aria-hidden>
              <line x1="0" y1="2" x2="16" y2="2" className={classes.line} data-line={index} />
            </svg>
            {label} <span className={classes.value}>{valueAt(points)}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
