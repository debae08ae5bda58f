import { IconListCheck } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPercent } from '../../ui/bytes';
import { ProgressBar } from '../../ui/progress-bar';
import { StatusButton } from '../../ui/status-button';
import { useCommand } from '../../ui/workbench';
import { runningSummary } from './model';
import { followTasks, useTasks } from './store';
import classes from './tasks-status.module.css';

/** The part of the status bar that tells running tasks; nothing while none runs. */
export function TasksStatus() {
  const { t } = useTranslation('tasks');
  const run = useCommand();
  const tasks = useTasks((state) => state.tasks);
  useEffect(() => void followTasks(), []);
  const { count, fraction } = runningSummary(tasks ?? []);
  if (count === 0) return null;
  const label = t('status.running', { count });
  return (
    <StatusButton onClick={() => run({ do: 'show-tasks' })} title={t('status.show')}>
      <IconListCheck size={16} stroke={1.5} aria-hidden />
      {label}
      <span className={classes.bar}>
        <ProgressBar fraction={fraction} label={label} />
      </span>
      {fraction === null ? null : <span className="numeric">{formatPercent(fraction)}</span>}
    </StatusButton>
  );
}
