import { useTranslation } from 'react-i18next';
import { formatCount, formatRate } from '../../../ui/bytes';
import classes from './rate-chart.module.css';
import { linePoints, SPAN_MS, type Sample } from './rate-history';

const WIDTH = 600;
const HEIGHT = 72;

export interface RateChartProps {
  readonly samples: readonly Sample[];
  /** Milliseconds since the epoch; the right edge. */
  readonly now: number;
}

/** What went between the servers in the last minutes: bytes as a filled line, rows as a thin one, each by its own highest. */
export function RateChart({ samples, now }: RateChartProps) {
  const { t, i18n } = useTranslation('migration');
  const highestBytes = Math.max(0, ...samples.map(({ bytesPerSecond }) => bytesPerSecond));
  const highestRows = Math.max(0, ...samples.map(({ rowsPerSecond }) => rowsPerSecond));
  const line = (value: (sample: Sample) => number, highest: number) =>
    linePoints(samples, value, { width: WIDTH, height: HEIGHT, now, highest: highest * 1.1 });
  const bytes = line(({ bytesPerSecond }) => bytesPerSecond, highestBytes);
  const [first, last] = [bytes.split(' ')[0]?.split(',')[0] ?? '0', bytes.split(' ').at(-1)?.split(',')[0] ?? '0'];
  return (
    <figure className={classes.chart}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={classes.plot}
        role="img"
        aria-label={t('task.figures.chart', {
          minutes: SPAN_MS / 60_000,
          bytes: formatRate(highestBytes),
          rows: formatCount(Math.round(highestRows), i18n.language),
        })}
      >
        <line x1="0" y1={HEIGHT / 2} x2={WIDTH} y2={HEIGHT / 2} className={classes.rule} />
        {samples.length < 2 ? null : (
          <>
            <polygon points={`${first},${HEIGHT} ${bytes} ${last},${HEIGHT}`} className={classes.area} />
            <polyline points={bytes} className={classes.bytes} />
            <polyline points={line(({ rowsPerSecond }) => rowsPerSecond, highestRows)} className={classes.rows} />
          </>
        )}
      </svg>
      <figcaption className={classes.caption}>
        <span>{t('task.figures.ago', { minutes: SPAN_MS / 60_000 })}</span>
        <span className={classes.key} data-key="bytes">
          {t('task.figures.bytesKey', { highest: formatRate(highestBytes) })}
        </span>
        <span className={classes.key} data-key="rows">
          {t('task.figures.rowsKey', { highest: formatCount(Math.round(highestRows), i18n.language) })}
        </span>
        <span>{t('task.figures.now')}</span>
      </figcaption>
    </figure>
  );
}
