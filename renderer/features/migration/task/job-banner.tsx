import { Button } from '@mantine/core';
import {
  IconAlertCircle,
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconInfoCircle,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { MigrationProgress } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { formatCount, formatDuration, formatTime, formatUtc } from '../../../ui/bytes';
import { failedStep, flowsBack } from './follow-model';
import classes from './job-banner.module.css';
import { hasGaps, missingOf, standingOf, type JobStanding } from './model';

type BannerTone = 'ok' | 'info' | 'warn' | 'error';

/** What is said above everything else; a task that simply runs says nothing. */
type Said = JobStanding | 'incomplete' | 'stuck';

const TONES: Readonly<Partial<Record<Said, BannerTone>>> = {
  created: 'info',
  checkPass: 'info',
  checkNotPass: 'warn',
  scheduled: 'info',
  waiting: 'warn',
  completing: 'info',
  stuck: 'error',
  guarding: 'ok',
  manualPaused: 'info',
  canceled: 'info',
  failed: 'error',
  success: 'ok',
  incomplete: 'warn',
  isolated: 'info',
};

const ICONS: Readonly<Record<BannerTone, Icon>> = {
  ok: IconCircleCheck,
  info: IconInfoCircle,
  warn: IconAlertTriangle,
  error: IconAlertCircle,
};

const saidOf = (job: MigrationJobDetail, progress: MigrationProgress | null): Said => {
  if (!job.isolated && hasGaps(job, progress)) return 'incomplete';
  return job.status === 'completing' && failedStep(progress) !== undefined ? 'stuck' : standingOf(job);
};

/** Where it is of weight that what is written meanwhile is not lost to a task that follows. */
const FOLLOWS_ON: ReadonlySet<Said> = new Set(['manualPaused', 'waiting', 'failed']);

/** Key of what is said below the title: of a cut-over, how far it can still be undone. */
function textOf(standing: Said, job: MigrationJobDetail, progress: MigrationProgress | null): string {
  if (FOLLOWS_ON.has(standing) && job.type === 'fullAndIncrement') return 'follows';
  if (standing !== 'completing') return 'text';
  if (job.actions.length === 0) return 'last';
  return flowsBack(progress) ? 'back' : 'text';
}

export interface JobBannerProps {
  readonly job: MigrationJobDetail;
  readonly progress: MigrationProgress | null;
  readonly now: number;
  /** A halt is shown beside it: the task waits for a person then, not by itself. */
  readonly halted: boolean;
  readonly onAsk: (what: 'access' | 'goBack' | 'finish') => void;
  readonly onShow: (tab: 'problems' | 'log') => void;
}

/** What a person should know before anything else: what happened, why, and what to do; what is waited for; what is missing. */
export function JobBanner({ job, progress, now, halted, onAsk, onShow }: JobBannerProps) {
  const { t, i18n } = useTranslation('migration');
  const missing = missingOf(progress);
  const failed = job.status === 'completing' ? failedStep(progress) : undefined;
  const standing = saidOf(job, progress);
  const tone = TONES[standing];
  if (tone === undefined || (standing === 'waiting' && halted)) return null;
  const Shown = standing === 'scheduled' ? IconClock : ICONS[tone];
  const count = (value: number) => formatCount(value, i18n.language);
  const totals = progress?.totals;
  const words = {
    name: job.name,
    time: job.scheduledAt === null ? '' : formatTime(job.scheduledAt, i18n.language),
    took: job.startedAt === null ? '' : formatDuration((job.endedAt ?? now) - job.startedAt),
    tables: count(totals?.tablesDone ?? 0),
    rows: count(totals?.rows ?? 0),
    objects: count(totals?.objectsDone ?? 0),
    minutes: job.retryMinutes,
  };
  const structureOnly = job.options?.type === 'structure';
  return (
    <div
      className={classes.banner}
      data-tone={tone}
      data-standing={standing}
      role={tone === 'error' ? 'alert' : 'status'}
    >
      <Shown size={16} stroke={1.5} className={classes.icon} aria-hidden />
      <div className={classes.text}>
        <div className={classes.title} title={job.scheduledAt === null ? undefined : formatUtc(job.scheduledAt)}>
          {standing === 'success' && structureOnly
            ? t('task.banner.success.structure', words)
            : t(`task.banner.${standing}.title`, words)}
        </div>
        {job.problem === '' || standing === 'incomplete' ? null : <div className={classes.words}>{job.problem}</div>}
        {failed === undefined ? null : (
          <div className={classes.words}>
            {t(`task.cutOver.steps.${failed.step}`)}: {failed.note}
          </div>
        )}
        {standing !== 'incomplete' || totals === undefined ? null : (
          <div className={classes.words}>
            {[
              totals.tablesFailed > 0 ? t('task.banner.tablesMissing', { count: totals.tablesFailed }) : '',
              totals.objectsFailed > 0 ? t('task.banner.objectsMissing', { count: totals.objectsFailed }) : '',
            ]
              .filter((part) => part !== '')
              .join(' · ')}
          </div>
        )}
        {job.hint === '' || standing === 'incomplete' ? null : <div>{job.hint}</div>}
        {standing === 'success' ? null : (
          <div>{t(`task.banner.${standing}.${textOf(standing, job, progress)}`, words)}</div>
        )}
        {standing === 'guarding' || standing === 'stuck' ? (
          <div className={classes.actions}>
            {job.actions.includes('goBack') ? (
              <Button variant="default" onClick={() => onAsk('goBack')}>
                {t('action.goBack')}
              </Button>
            ) : null}
            {job.actions.includes('finish') ? (
              <Button variant="default" onClick={() => onAsk('finish')}>
                {t('action.finish')}
              </Button>
            ) : null}
          </div>
        ) : null}
        {standing === 'failed' || standing === 'incomplete' || standing === 'waiting' ? (
          <div className={classes.actions}>
            {missing > 0 ? (
              <Button variant="default" onClick={() => onShow('problems')}>
                {t('task.banner.showProblems', { count: missing })}
              </Button>
            ) : null}
            {standing === 'incomplete' ? null : (
              <Button variant="default" onClick={() => onAsk('access')}>
                {t('action.changeAccess')}
              </Button>
            )}
            <Button variant="default" onClick={() => onShow('log')}>
              {t('task.banner.showLog')}
            </Button>
          </div>
        ) : null}
      </div>
    </div>
  );
}
