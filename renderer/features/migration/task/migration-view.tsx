import { Button, Skeleton, Tabs } from '@mantine/core';
import { IconTransfer } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../../shared/errors';
import type { MigrationProgress } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import type { JobStatus } from '../../../../shared/model/migration-words';
import { formatCount } from '../../../ui/bytes';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import { presentError } from '../../../ui/error-presenter';
import { useCommand, useTab, useTabTitle } from '../../../ui/workbench';
import { useWatched } from '../list/running-store';
import { CompareTab } from '../compare/compare-tab';
import { ChecksTab } from './checks-tab';
import { CompleteDialog } from './complete-dialog';
import type { Way } from './complete-model';
import { CutOverCard } from './cut-over-card';
import { doDeed } from './deeds';
import { DetailsTab } from './details-tab';
import { EventsTab } from './events-tab';
import { Figures } from './figures';
import { FollowCard } from './follow-card';
import { blockersOf, flowsBack, haltsOf, isCopied } from './follow-model';
import { HaltCard } from './halt-card';
import { JobBanner } from './job-banner';
import { JobDialogs, type Asked } from './job-dialogs';
import { LogTab } from './log-tab';
import classes from './migration-view.module.css';
import { ASKED_DEEDS, isAtWork, isMoving, missingOf, type Deed } from './model';
import { ObjectsTab } from './objects-tab';
import { Pipeline } from './pipeline';
import { ProblemsTab } from './problems-tab';
import { SpeedCard } from './speed-card';
import { TaskHeader } from './task-header';
import { useJob, type LiveJob } from './use-job';
import { useNow } from './use-now';

const TABS = ['objects', 'problems', 'compare', 'checks', 'log', 'events', 'details'] as const;
type TabName = (typeof TABS)[number];

const tabNamed = (name: string | undefined | null): TabName => TABS.find((tab) => tab === name) ?? 'objects';

export interface MigrationViewProps {
  readonly id: string;
  /** The tab that was asked for. */
  readonly tab: string | undefined;
}

function isGone(error: unknown): boolean {
  const { code, apiCode } = errorInfo(error);
  return code === 'not-found' || apiCode?.includes('NotFound') === true;
}

/** The page of one migration task. */
export function MigrationView({ id, tab }: MigrationViewProps) {
  const { t } = useTranslation('migration');
  const run = useCommand();
  const { visible, close } = useTab();
  const live = useJob(id, visible);
  const { job, error, refresh } = live;
  useTabTitle(job === null ? id : job.name);
  useWatched(id, visible);

  if (error !== null && isGone(error)) {
    return (
      <EmptyState
        icon={<IconTransfer size={32} stroke={1.5} />}
        title={t('task.gone')}
        text={t('task.goneText', { id })}
        action={
          <Button
            onClick={() => {
              run({ do: 'show-migrations' });
              close();
            }}
          >
            {t('list.show')}
          </Button>
        }
      />
    );
  }
  if (job === null) {
    return (
      <div className={classes.page}>
        {error === null ? (
          <div role="status" aria-label={t('task.reading')}>
            <Skeleton height={24} width={240} />
            <Skeleton height={18} width="60%" mt="md" />
            <Skeleton height={80} mt="lg" />
            <Skeleton height={160} mt="lg" />
          </div>
        ) : (
          <ErrorPanel title={t('task.failed')} error={error} onRetry={refresh} />
        )}
      </div>
    );
  }
  return <TaskPage job={job} live={live} wanted={tab} />;
}

/** Whether the speed of the copy can be changed, or could in a moment. */
const hasSpeed = (job: MigrationJobDetail, progress: MigrationProgress): boolean =>
  !isCopied(progress) && (job.actions.includes('limit') || isAtWork(job));

/** Whether there is a stream to look at, or was one that can go on. */
const FOLLOWED: ReadonlySet<JobStatus> = new Set([
  'running',
  'readyComplete',
  'completing',
  'guarding',
  'pausing',
  'manualPaused',
  'failed',
]);
const isFollowed = ({ status, isolated }: MigrationJobDetail): boolean => !isolated && FOLLOWED.has(status);

/** Whether something is done at once, without a dialog. */
const isSimple = (what: Asked['what']): what is Deed =>
  what !== 'rename' && what !== 'tags' && what !== 'access' && !ASKED_DEEDS.has(what);

interface TaskPageProps {
  readonly job: MigrationJobDetail;
  readonly live: LiveJob;
  readonly wanted: string | undefined;
}

function TaskPage({ job, live, wanted }: TaskPageProps) {
  const { t, i18n } = useTranslation('migration');
  const { progress, samples, followed, error, readings, refresh } = live;
  const follow = progress?.follow ?? null;
  const halts = job.isolated ? [] : haltsOf(follow);
  const blockers = blockersOf(job, progress);
  const now = useNow(isMoving(job));
  const [chosen, setChosen] = useState<{ wanted: string | undefined; tab: TabName }>({ wanted, tab: tabNamed(wanted) });
  // Another tab that is asked for from outside stands over what was chosen here before.
  const tab = chosen.wanted === wanted ? chosen.tab : tabNamed(wanted);
  const [asked, setAsked] = useState<Asked | null>(null);
  const missing = missingOf(progress);
  const show = (next: TabName) => setChosen({ wanted, tab: next });
  const ask = (what: Asked['what']) => {
    if (isSimple(what)) doDeed(what, job.id).then(refresh, presentError);
    else setAsked({ what, job });
  };
  const [way, setWay] = useState<Way | null>(null);
  useSettled(job, refresh);
  const copies = job.options?.type !== 'structure';
  const tabs = copies ? TABS : TABS.filter((each) => each !== 'compare');

  const cutOver =
    follow === null || follow.cutOver.length === 0 ? null : (
      <CutOverCard
        job={job}
        way={flowsBack(progress) && job.status !== 'guarding' ? 'back' : 'forward'}
        steps={follow.cutOver}
        now={now}
        onTakeBack={() => ask('takeBack')}
      />
    );

  return (
    <div className={classes.page} data-job={job.id} data-status={job.status}>
      <TaskHeader
        job={job}
        blockers={blockers}
        halted={halts.length > 0}
        onAsk={ask}
        onComplete={() => setWay('forward')}
      />
      {error === null ? null : <ErrorPanel title={t('task.stale')} error={error} onRetry={refresh} />}
      <JobBanner
        job={job}
        progress={progress}
        now={now}
        halted={halts.length > 0}
        onShow={show}
        onAsk={(what) => (what === 'goBack' ? setWay('back') : ask(what))}
      />
      {halts.map((halt) => (
        <HaltCard key={`${halt.database} ${halt.id} ${halt.at}`} id={job.id} halt={halt} onDone={refresh} />
      ))}
      <Pipeline job={job} progress={progress} now={now} />
      {job.status === 'completing' ? cutOver : null}
      {follow === null || !isFollowed(job) ? null : (
        <FollowCard job={job} follow={follow} samples={followed} now={now} blockers={blockers} />
      )}
      {job.status === 'completing' ? null : cutOver}
      {progress === null ? null : (
        <div className={classes.cards} data-rests={!hasSpeed(job, progress) || undefined}>
          <Figures job={job} progress={progress} samples={samples} now={now} />
          {hasSpeed(job, progress) ? <SpeedCard job={job} progress={progress} onDone={refresh} /> : null}
        </div>
      )}
      <Tabs className={classes.tabs ?? ''} value={tab} onChange={(next) => show(tabNamed(next))} keepMounted={false}>
        <Tabs.List aria-label={t('task.tabs')}>
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`task.tab.${each}`)}
              {each === 'problems' && missing > 0 ? (
                <span className={classes.badge}> {formatCount(missing, i18n.language)}</span>
              ) : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="objects" className={classes.panel ?? ''}>
          <ObjectsTab id={job.id} readings={readings} now={now} copies={copies} atWork={isAtWork(job)} />
        </Tabs.Panel>
        <Tabs.Panel value="problems" className={classes.panel ?? ''}>
          <ProblemsTab id={job.id} totals={progress?.totals ?? null} readings={readings} />
        </Tabs.Panel>
        {copies ? (
          <Tabs.Panel value="compare" className={classes.panel ?? ''}>
            <CompareTab job={job} readings={readings} now={now} onDone={refresh} />
          </Tabs.Panel>
        ) : null}
        <Tabs.Panel value="checks" className={classes.panel ?? ''}>
          <ChecksTab id={job.id} checkedAt={job.checkedAt} />
        </Tabs.Panel>
        <Tabs.Panel value="log" className={classes.panel ?? ''}>
          <LogTab id={job.id} readings={readings} />
        </Tabs.Panel>
        <Tabs.Panel value="events" className={classes.panel ?? ''}>
          <EventsTab events={job.events} />
        </Tabs.Panel>
        <Tabs.Panel value="details" className={classes.panel ?? ''}>
          <DetailsTab job={job} />
        </Tabs.Panel>
      </Tabs>
      <JobDialogs asked={asked} onClose={() => setAsked(null)} onDone={refresh} />
      {way === null ? null : <CompleteDialog job={job} way={way} onClose={() => setWay(null)} onDone={refresh} />}
    </div>
  );
}

/** Reads once more after a status has changed: the last rows may have come with its end. What has arrived is looked at in the tree. */
function useSettled({ status }: MigrationJobDetail, refresh: () => void): void {
  const run = useCommand();
  const before = useRef(status);
  useEffect(() => {
    if (before.current !== status && status === 'success') run({ do: 'refresh-tree' });
    before.current = status;
    const timer = setTimeout(refresh, 500);
    return () => clearTimeout(timer);
  }, [status, refresh, run]);
}
