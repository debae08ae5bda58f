import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { FollowProgress } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import type { Blocker } from '../../../../shared/model/migration-words';
import { formatBytes } from '../../../ui/bytes';
import { StatusPill } from '../../../ui/status-pill';
import { Card } from './card';
import classes from './follow-card.module.css';
import { FollowCharts } from './follow-charts';
import { FollowDatabases } from './follow-databases';
import { FollowFigures } from './follow-figures';
import type { FollowSample } from './follow-history';
import { outlookOf, secondsText, TONE_OF_FOLLOW, worstState } from './follow-model';
import { WalMeter } from './wal-meter';

export interface FollowCardProps {
  readonly job: MigrationJobDetail;
  readonly follow: FollowProgress;
  readonly samples: readonly FollowSample[];
  readonly now: number;
  /** Why it cannot be completed; null when that is out of the question. */
  readonly blockers: readonly Blocker[] | null;
}

/** How far the receiving side is behind, how fast it goes, what it costs the other one, and what stands in the way of completing. */
export function FollowCard({ job, follow, samples, now, blockers }: FollowCardProps) {
  const { t } = useTranslation('migration');
  const state = worstState(follow.databases);
  const outlook = outlookOf(follow);
  const problems = follow.databases.filter(({ problem }) => problem !== '');
  return (
    <Card
      title={t(`task.follow.title.${follow.direction}`)}
      actions={
        <span className={classes.state} data-follow={state}>
          <StatusPill tone={TONE_OF_FOLLOW[state]}>{t(`task.follow.states.${state}`)}</StatusPill>
        </span>
      }
    >
      <div className={classes.body}>
        <div className={classes.top}>
          <div className={classes.gap}>
            <div className={classes.pair}>
              <span className={classes.value} data-figure="gap-bytes">
                {formatBytes(follow.lagBytes)}
              </span>
              <span className={classes.value} data-figure="gap-seconds">
                {follow.lagSeconds === null ? t('task.figures.unknown') : secondsText(follow.lagSeconds)}
              </span>
            </div>
            <span className={classes.quiet}>{t(`task.follow.gapOf.${follow.direction}`)}</span>
            <span className={classes.outlook} data-outlook={outlook.kind}>
              {outlook.kind === 'behind' ? <IconAlertTriangle size={16} stroke={1.5} aria-hidden /> : null}
              {outlook.kind === 'estimate'
                ? t('task.follow.outlook.estimate', { time: secondsText(outlook.seconds) })
                : t(`task.follow.outlook.${outlook.kind}`)}
            </span>
          </div>
          <div className={classes.wal} data-alarm={follow.walAlarm || undefined}>
            <span className={classes.value} data-figure="wal">
              {follow.retainedBytes === null ? t('task.figures.unknown') : formatBytes(follow.retainedBytes)}
            </span>
            <span className={classes.quiet}>{t(`task.follow.walOf.${follow.direction}`)}</span>
            <WalMeter
              retained={follow.retainedBytes ?? 0}
              alarm={job.options?.walAlarm ?? 0}
              ceiling={job.options?.walCeiling ?? 0}
            />
            {follow.walAlarm ? (
              <span className={classes.alarm}>
                <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
                {t('task.follow.walAlarm')}
              </span>
            ) : null}
          </div>
          <div className={classes.charts}>
            <FollowCharts samples={samples} now={now} />
          </div>
        </div>
        <FollowFigures follow={follow} />
        {problems.length > 0 && follow.databases.length === 1 ? (
          <p className={classes.problem}>{problems[0]?.problem}</p>
        ) : null}
        {follow.databases.length > 1 ? <FollowDatabases databases={follow.databases} /> : null}
        {blockers === null || blockers.length === 0 ? null : <Blockers blockers={blockers} />}
      </div>
    </Card>
  );
}

/** What has to be settled first, in words. */
function Blockers({ blockers }: { readonly blockers: readonly Blocker[] }) {
  const { t } = useTranslation('migration');
  return (
    <div className={classes.blockers}>
      <span className={classes.quiet}>{t('task.complete.notYet')}</span>
      <ul>
        {blockers.map((blocker) => (
          <li key={blocker} data-blocker={blocker}>
            {t(`task.complete.blockers.${blocker}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
