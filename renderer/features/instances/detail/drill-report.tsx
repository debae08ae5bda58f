import { IconAlertCircle, IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DrillView } from '../../../../shared/model/instance';
import { formatDuration, formatTime } from '../../../ui/bytes';
import { StatusPill } from '../../../ui/status-pill';
import classes from './drill-report.module.css';

const MARKS = ['detectedMs', 'promotedMs', 'servedMs', 'wholeMs'] as const;

export interface DrillReportProps {
  /** Null until the first reading. */
  readonly drill: DrillView | null;
  /** One line only. */
  readonly brief?: boolean;
}

/** What a drill showed: when it was noticed, when a new primary stood, when it served, when two servers were there again; what was lost. */
export function DrillReport({ drill, brief = false }: DrillReportProps) {
  const { t, i18n } = useTranslation('instances');
  if (drill === null) return <StatusPill tone="busy">{t('drill.begins')}</StatusPill>;
  const loss =
    drill.lost === 0
      ? t('drill.nothingLost', { acknowledged: drill.acknowledged })
      : t('drill.lost', { acknowledged: drill.acknowledged, lost: drill.lost });
  if (brief) {
    return (
      <p className={classes.brief}>
        {formatTime(drill.startedAt, i18n.language)} · {t(`drill.scenarios.${drill.scenario}`)} ·{' '}
        {drill.servedMs === null ? t('drill.notServed') : t('drill.served', { time: formatDuration(drill.servedMs) })} ·{' '}
        {loss}
      </p>
    );
  }
  const tone = drill.endedAt === null ? 'busy' : drill.problem === '' && drill.lost === 0 ? 'ok' : 'error';
  return (
    <div className={classes.report} role="status" data-drill={drill.endedAt === null ? 'running' : 'ended'}>
      <StatusPill tone={tone}>
        {t(drill.endedAt === null ? 'drill.running' : tone === 'ok' ? 'drill.passed' : 'drill.failed')}
      </StatusPill>
      <ol className={classes.marks}>
        {MARKS.map((mark) => {
          const at = drill[mark];
          const Icon = at === null ? IconCircleDashed : IconCircleCheck;
          return (
            <li key={mark} data-mark={mark} data-reached={at !== null || undefined}>
              <Icon size={16} stroke={1.5} aria-hidden />
              <span>{t(`drill.marks.${mark}`)}</span>
              <span className="numeric">{at === null ? '–' : formatDuration(at)}</span>
            </li>
          );
        })}
      </ol>
      <p className={classes.loss} data-lost={drill.lost > 0 || undefined}>
        {drill.lost > 0 ? <IconAlertCircle size={16} stroke={1.5} aria-hidden /> : null}
        {loss}
      </p>
      {drill.problem === '' ? null : <p className={classes.problem}>{drill.problem}</p>}
    </div>
  );
}
