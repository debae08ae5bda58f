import { IconTransfer } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPercent } from '../../../ui/bytes';
import { ProgressBar } from '../../../ui/progress-bar';
import { StatusButton } from '../../../ui/status-button';
import { useCommand } from '../../../ui/workbench';
import classes from './migration-status.module.css';
import { followsOn, runningShare } from './running-model';
import { followRunning, useRunning } from './running-store';

/** The part of the status bar that tells running migrations; nothing while none runs. */
export function MigrationStatus() {
  const { t } = useTranslation('migration');
  const run = useCommand();
  const jobs = useRunning((state) => state.jobs);
  useEffect(
    () =>
      followRunning({
        success: (name) => t('list.ended.success', { name }),
        failed: (name) => t('list.ended.failed', { name }),
        ready: (name) => t('list.told.ready', { name }),
        guarding: (name) => t('list.told.guarding', { name }),
        halted: (name, place) => t('list.told.halted', { name, place }),
        trouble: (kind, name) => t(`list.told.${kind}`, { name }),
      }),
    [t],
  );
  if (jobs.length === 0) return null;
  const ending = jobs.filter((job) => !followsOn(job));
  const fraction = runningShare(ending);
  const label = t('list.running', { count: jobs.length });
  const [only] = jobs;
  const open = () =>
    run(jobs.length === 1 && only !== undefined ? { do: 'show-migration', id: only.id } : { do: 'show-migrations' });
  return (
    <StatusButton onClick={open} title={jobs.map(({ name }) => name).join(', ')}>
      <IconTransfer size={16} stroke={1.5} aria-hidden />
      {label}
      {ending.length === 0 ? null : (
        <span className={classes.bar}>
          <ProgressBar fraction={fraction} label={label} />
        </span>
      )}
      {fraction === null ? null : <span className="numeric">{formatPercent(fraction)}</span>}
    </StatusButton>
  );
}
