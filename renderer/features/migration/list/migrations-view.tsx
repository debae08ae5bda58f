import { ActionIcon, Button, Pagination, Skeleton, Tooltip } from '@mantine/core';
import { IconPlus, IconRefresh, IconTransfer } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MigrationJobView } from '../../../../shared/model/migration-api';
import { formatCount } from '../../../ui/bytes';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import { presentError } from '../../../ui/error-presenter';
import { useTip } from '../../../ui/tip';
import { useCommand, useTab, useTabActions, useTabTitle } from '../../../ui/workbench';
import { doDeed } from '../task/deeds';
import { JobDialogs, type Asked } from '../task/job-dialogs';
import { ASKED_DEEDS, isDraft, tagText } from '../task/model';
import { JobFilters } from './job-filters';
import { JobTable } from './job-table';
import classes from './migrations-view.module.css';
import type { RowAction } from './row-actions';
import { isFiltered, NO_FILTER, PAGE, useJobs, type JobFilter } from './use-jobs';

/** Every migration task of the local control plane, newest first. */
export function MigrationsView() {
  const { t, i18n } = useTranslation('migration');
  const run = useCommand();
  const { visible } = useTab();
  useTabTitle(t('list.title'));
  const [filter, setFilter] = useState(NO_FILTER);
  const [page, setPage] = useState(0);
  const { jobs, total, error, refresh } = useJobs(filter, page, visible);
  const tags = useSeenTags(jobs);
  const [asked, setAsked] = useState<Asked | null>(null);
  const pages = Math.max(1, Math.ceil(total / PAGE));
  // The last task of the last page may have gone.
  if (jobs !== null && page > pages - 1) setPage(pages - 1);

  const tip = useTip();
  useTabActions([{ id: 'migrations.refresh', label: t('list.refresh'), keys: 'f5', run: refresh }]);
  const create = () => run({ do: 'create-migration' });
  const onAction = (action: RowAction, job: MigrationJobView) => {
    if (action === 'open') {
      run(isDraft(job) ? { do: 'create-migration', jobId: job.id } : { do: 'show-migration', id: job.id });
    } else if (action === 'rename' || action === 'tags' || ASKED_DEEDS.has(action)) setAsked({ what: action, job });
    else doDeed(action, job.id).then(refresh, presentError);
  };
  const filterBy = (next: JobFilter) => {
    setFilter(next);
    setPage(0);
  };

  return (
    <div className={classes.view}>
      <header className={classes.header}>
        <h1>{t('list.title')}</h1>
        <div className={classes.actions}>
          <Tooltip label={tip(t('list.refresh'), 'migrations.refresh', 'f5')}>
            <ActionIcon size="lg" variant="default" aria-label={t('list.refresh')} onClick={refresh}>
              <IconRefresh size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
          <Button leftSection={<IconPlus size={16} stroke={1.5} />} onClick={create}>
            {t('list.create')}
          </Button>
        </div>
      </header>
      {error === null ? null : <ErrorPanel title={t('list.failed')} error={error} onRetry={refresh} />}
      {jobs === null && error === null ? <ListSkeleton /> : null}
      {jobs !== null && total === 0 && !isFiltered(filter) ? (
        <EmptyState
          icon={<IconTransfer size={32} stroke={1.5} />}
          title={t('list.empty.title')}
          text={t('list.empty.text')}
          action={<Button onClick={create}>{t('list.create')}</Button>}
          link={
            <Button variant="subtle" onClick={() => run({ do: 'show-help', topic: 'migration' })}>
              {t('list.empty.link')}
            </Button>
          }
        />
      ) : null}
      {jobs === null || (total === 0 && !isFiltered(filter)) ? null : (
        <>
          <JobFilters filter={filter} tags={tags} onChange={filterBy} />
          {jobs.length === 0 ? (
            <EmptyState
              title={t('list.nothingFound')}
              action={
                <Button variant="default" onClick={() => filterBy(NO_FILTER)}>
                  {t('list.filters.clear')}
                </Button>
              }
            />
          ) : (
            <JobTable jobs={jobs} onAction={onAction} />
          )}
          <footer className={classes.footer}>
            <span className={classes.quiet} role="status">
              {t('list.count', { count: total, figure: formatCount(total, i18n.language) })}
            </span>
            {pages < 2 ? null : (
              <Pagination
                size="sm"
                total={pages}
                value={page + 1}
                onChange={(next) => setPage(next - 1)}
                getItemProps={(number) => ({ 'aria-label': t('list.page', { number }) })}
                getControlProps={(control) => ({ 'aria-label': t(`list.pages.${control}`) })}
              />
            )}
          </footer>
        </>
      )}
      <JobDialogs asked={asked} onClose={() => setAsked(null)} onDone={refresh} />
    </div>
  );
}

/** Tags of all tasks that were read so far, sorted: what can be filtered by. */
function useSeenTags(jobs: readonly MigrationJobView[] | null): readonly NonNullable<JobFilter['tag']>[] {
  const [seen, setSeen] = useState<readonly NonNullable<JobFilter['tag']>[]>([]);
  const known = new Set(seen.map(tagText));
  const fresh = (jobs ?? []).flatMap((job) => job.tags).filter((tag) => !known.has(tagText(tag)));
  if (fresh.length > 0) {
    const all = new Map([...seen, ...fresh].map((tag) => [tagText(tag), tag]));
    setSeen([...all.entries()].toSorted(([a], [b]) => a.localeCompare(b)).map(([, tag]) => tag));
  }
  return seen;
}

function ListSkeleton() {
  const { t } = useTranslation('migration');
  return (
    <div className={classes.skeleton} role="status" aria-label={t('list.reading')}>
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} height={32} />
      ))}
    </div>
  );
}
