import { useTranslation } from 'react-i18next';
import classes from './line-chart.module.css';
import { linePoints, SPAN_MS, type Moment } from './rate-history';

const WIDTH = 600;
const HEIGHT = 72;

export interface Line<S extends Moment> {
  readonly value: (sample: S) => number;
  /** Tells the highest value of the time that is shown. */
  readonly words: (highest: number) => string;
}

export interface LineChartProps<S extends Moment> {
  readonly samples: readonly S[];
  /** Milliseconds since the epoch; the right edge. */
  readonly now: number;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  /** Drawn filled, and as a thin dashed line. */
  readonly area: Line<S>;
  readonly thin: Line<S>;
  /** Both have the same unit: they share their scale. Without, each goes by its own highest. */
  readonly sameScale?: boolean;
}

const highestOf = <S extends Moment>(samples: readonly S[], { value }: Line<S>): number =>
  samples.reduce((highest, sample) => Math.max(highest, value(sample)), 0);

/** Two figures over the last minutes. */
export function LineChart<S extends Moment>({ samples, now, label, area, thin, sameScale }: LineChartProps<S>) {
  const { t } = useTranslation('migration');
  const highestArea = highestOf(samples, area);
  const highestThin = highestOf(samples, thin);
  const both = Math.max(highestArea, highestThin);
  const line = (each: Line<S>, highest: number) =>
    linePoints(samples, each.value, {
      width: WIDTH,
      height: HEIGHT,
      now,
      highest: (sameScale === true ? both : highest) * 1.1,
    });
  const filled = line(area, highestArea);
  const [first, last] = [filled.split(' ')[0]?.split(',')[0] ?? '0', filled.split(' ').at(-1)?.split(',')[0] ?? '0'];
  return (
    <figure className={classes.chart}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={classes.plot}
        role="img"
        aria-label={label}
      >
        <line x1="0" y1={HEIGHT / 2} x2={WIDTH} y2={HEIGHT / 2} className={classes.rule} />
        {samples.length < 2 ? null : (
          <>
            <polygon points={`${first},${HEIGHT} ${filled} ${last},${HEIGHT}`} className={classes.area} />
            <polyline points={filled} className={classes.edge} />
            <polyline points={line(thin, highestThin)} className={classes.thin} />
          </>
        )}
      </svg>
      <figcaption className={classes.caption}>
        <span>{t('task.figures.ago', { minutes: SPAN_MS / 60_000 })}</span>
        <span className={classes.keys}>
          <span className={classes.key} data-key="area">
            {area.words(highestArea)}
          </span>
          <span className={classes.key} data-key="thin">
            {thin.words(highestThin)}
          </span>
        </span>
        <span>{t('task.figures.now')}</span>
      </figcaption>
    </figure>
  );
}
