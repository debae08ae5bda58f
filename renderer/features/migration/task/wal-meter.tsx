import { useTranslation } from 'react-i18next';
import { formatBytes, formatPercent } from '../../../ui/bytes';
import { walShare } from './follow-model';
import classes from './wal-meter.module.css';

export interface WalMeterProps {
  /** Bytes that the source keeps. */
  readonly retained: number;
  /** Bytes; 0 is never. */
  readonly alarm: number;
  readonly ceiling: number;
}

/** WAL that the source keeps for the task, against the point where it warns and the one where it gives up. */
export function WalMeter({ retained, alarm, ceiling }: WalMeterProps) {
  const { t } = useTranslation('migration');
  const drawn = walShare(retained, alarm, ceiling);
  const words = [
    alarm === 0 ? t('task.follow.noAlarm') : t('task.follow.alarmAt', { bytes: formatBytes(alarm) }),
    ceiling === 0 ? t('task.follow.noCeiling') : t('task.follow.ceilingAt', { bytes: formatBytes(ceiling) }),
  ].join(' · ');
  return (
    <div className={classes.meter}>
      {drawn === null ? null : (
        <div
          className={classes.track}
          role="meter"
          aria-label={t('task.follow.wal')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(drawn.share * 100)}
          aria-valuetext={`${formatBytes(retained)}, ${formatPercent(drawn.share)}`}
        >
          <div className={classes.bar} data-tone={drawn.tone} style={{ width: `${drawn.share * 100}%` }} />
          {drawn.alarmAt === null ? null : (
            <div className={classes.mark} style={{ left: `${drawn.alarmAt * 100}%` }} aria-hidden />
          )}
        </div>
      )}
      <div className={classes.words}>{words}</div>
    </div>
  );
}
