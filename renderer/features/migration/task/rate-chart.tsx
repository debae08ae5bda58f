import { useTranslation } from 'react-i18next';
import { formatCount, formatRate } from '../../../ui/bytes';
import { LineChart } from './line-chart';
import { SPAN_MS, type Sample } from './rate-history';

export interface RateChartProps {
  readonly samples: readonly Sample[];
  /** Milliseconds since the epoch; the right edge. */
  readonly now: number;
}

const bytesOf = ({ bytesPerSecond }: Sample): number => bytesPerSecond;
const rowsOf = ({ rowsPerSecond }: Sample): number => rowsPerSecond;

/** What went between the servers in the last minutes: bytes as a filled line, rows as a thin one, each by its own highest. */
export function RateChart({ samples, now }: RateChartProps) {
  const { t, i18n } = useTranslation('migration');
  const rows = (highest: number) => formatCount(Math.round(highest), i18n.language);
  return (
    <LineChart
      samples={samples}
      now={now}
      label={t('task.figures.chart', {
        minutes: SPAN_MS / 60_000,
        bytes: formatRate(Math.max(0, ...samples.map(bytesOf))),
        rows: rows(Math.max(0, ...samples.map(rowsOf))),
      })}
      area={{ value: bytesOf, words: (highest) => t('task.figures.bytesKey', { highest: formatRate(highest) }) }}
      thin={{ value: rowsOf, words: (highest) => t('task.figures.rowsKey', { highest: rows(highest) }) }}
    />
  );
}
