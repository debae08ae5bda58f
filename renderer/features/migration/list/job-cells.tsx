import { IconArrowDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EndpointView, MigrationJobView } from '../../../../shared/model/migration-api';
import { formatClock, formatDay, formatPercent, formatTime, formatUtc } from '../../../ui/bytes';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { ProgressBar } from '../../../ui/progress-bar';
import { StatusPill } from '../../../ui/status-pill';
import { addressOf, placeOf, shareOf, standingOf, tagText, TONE_OF_STANDING } from '../task/model';
import classes from './job-cells.module.css';

interface CellProps {
  readonly job: MigrationJobView;
}

/** The word, how far it is, and what is wrong or waited for. */
export function StatusCell({ job }: CellProps) {
  const { t } = useTranslation('migration');
  const standing = standingOf(job);
  const share = shareOf(job);
  return (
    <div className={classes.status}>
      <StatusPill tone={TONE_OF_STANDING[standing]}>{t(`status.${standing}`)}</StatusPill>
      {share === null ? null : (
        <div className={classes.progress}>
          <ProgressBar
            fraction={share}
            label={t('list.progressOf', { name: job.name })}
            tone={standing === 'failed' ? 'error' : standing === 'waiting' ? 'warn' : 'accent'}
          />
          <span className="numeric">{formatPercent(share)}</span>
        </div>
      )}
      {job.problem === '' ? null : (
        <div className={classes.problem} data-standing={standing} title={job.problem}>
          {job.problem}
        </div>
      )}
    </div>
  );
}

/** Source above, target below, an arrow between. */
export function SidesCell({ job }: CellProps) {
  const { t } = useTranslation('migration');
  if (job.source === null && job.target === null) return <span className={classes.quiet}>{t('list.notSet')}</span>;
  return (
    <div className={classes.sides}>
      <Side side={job.source} label={t('task.details.source')} />
      <IconArrowDown size={16} stroke={1.5} className={classes.arrow} aria-hidden />
      <Side side={job.target} label={t('task.details.target')} />
    </div>
  );
}

function Side({ side, label }: { readonly side: EndpointView | null; readonly label: string }) {
  const { t } = useTranslation('migration');
  if (side === null) return <span className={classes.quiet}>{t('list.notSet')}</span>;
  return (
    <span className={classes.side} title={`${label}: ${addressOf(side)}`}>
      <span className="visually-hidden">{label} </span>
      <MiddleEllipsis text={placeOf(side)} />
    </span>
  );
}

/** At once or at its time; for one that ran, when it began. */
export function RunCell({ job }: CellProps) {
  const { t, i18n } = useTranslation('migration');
  const at = job.startedAt ?? job.scheduledAt;
  return (
    <div className={classes.figures}>
      <div>{t(`task.runModes.${job.runMode}`)}</div>
      {at === null ? null : (
        <div
          className={classes.quiet}
          title={`${t(job.startedAt === null ? 'list.startsAt' : 'list.startedAt', { time: formatTime(at, i18n.language) })} · ${formatUtc(at)}`}
        >
          {formatTime(at, i18n.language)}
        </div>
      )}
    </div>
  );
}

export function CreatedCell({ job }: CellProps) {
  const { i18n } = useTranslation('migration');
  return (
    <div className={classes.figures} title={formatUtc(job.createdAt)}>
      <div>{formatDay(job.createdAt, i18n.language)}</div>
      <div>{formatClock(job.createdAt, i18n.language)}</div>
    </div>
  );
}

export function TagsCell({ job }: CellProps) {
  if (job.tags.length === 0) return null;
  return (
    <div className={classes.tags}>
      {job.tags.map((tag) => (
        <span key={tag.key} className={classes.tag}>
          {tagText(tag)}
        </span>
      ))}
    </div>
  );
}
