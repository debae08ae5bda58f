import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount } from '../../../ui/bytes';
import classes from './follow-charts.module.css';
import type { FollowSample } from './follow-history';
import { secondsText } from './follow-model';
import { LineChart } from './line-chart';
import { SPAN_MS } from './rate-history';

const MINUTES = SPAN_MS / 60_000;

const lagBytes = (sample: FollowSample): number => sample.lagBytes;
const lagSeconds = (sample: FollowSample): number => sample.lagSeconds;
const rowsIn = (sample: FollowSample): number => sample.rowsIn;
const rowsOut = (sample: FollowSample): number => sample.rowsOut;

export interface FollowChartsProps {
  readonly samples: readonly FollowSample[];
  readonly now: number;
}

/** The gap and the rates in and out over the last minutes, one below the other on the same time. */
export function FollowCharts({ samples, now }: FollowChartsProps) {
  const { t, i18n } = useTranslation('migration');
  const rows = (highest: number) => formatCount(Math.round(highest), i18n.language);
  return (
    <div className={classes.charts}>
      <LineChart
        samples={samples}
        now={now}
        label={t('task.follow.gapChart', { minutes: MINUTES })}
        area={{
          value: lagBytes,
          words: (highest) => t('task.follow.gapBytesKey', { highest: formatBytes(highest) }),
        }}
        thin={{
          value: lagSeconds,
          words: (highest) => t('task.follow.gapSecondsKey', { highest: secondsText(highest) }),
        }}
      />
      <LineChart
        samples={samples}
        now={now}
        sameScale
        label={t('task.follow.rateChart', { minutes: MINUTES })}
        area={{ value: rowsIn, words: (highest) => t('task.follow.rowsInKey', { highest: rows(highest) }) }}
        thin={{ value: rowsOut, words: (highest) => t('task.follow.rowsOutKey', { highest: rows(highest) }) }}
      />
    </div>
  );
}
