import { Button } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isOver } from '../../../shared/model/task';
import { EmptyState } from '../../ui/empty-state';
import { ErrorPanel } from '../../ui/error-panel';
import { presentError } from '../../ui/error-presenter';
import { useCommand, useTabActions } from '../../ui/workbench';
import { followTasks, reloadTasks, removeEnded, useTasks } from './store';
import { TaskDetails } from './task-details';
import { TaskList } from './task-list';
import classes from './tasks-view.module.css';

export interface TasksViewProps {
  readonly taskId?: string | undefined;
}

/** Everything that takes or took long: the list at the left, the chosen one at the right. */
export function TasksView({ taskId }: TasksViewProps) {
  const { t } = useTranslation('tasks');
  const run = useCommand();
  const { tasks, error } = useTasks();
  const [chosen, setChosen] = useState<string | undefined>(taskId);
  const [asked, setAsked] = useState(taskId);
  if (taskId !== asked) {
    setAsked(taskId);
    if (taskId !== undefined) setChosen(taskId);
  }
  useEffect(() => void followTasks(), []);

  const ended = (tasks ?? []).filter((each) => isOver(each.state)).length;
  const sweep = () => void removeEnded().catch(presentError);
  useTabActions([
    { id: 'tasks.remove-ended', label: t('removeEnded', { count: ended }), disabled: ended === 0, run: sweep },
  ]);

  if (error !== null && tasks === null) {
    return (
      <div className={classes.padded}>
        <ErrorPanel error={error} title={t('listFailed')} onRetry={() => void reloadTasks()} />
      </div>
    );
  }
  if (tasks === null) return null;
  if (tasks.length === 0) {
    return (
      <EmptyState
        icon={<IconListCheck size={32} stroke={1.5} />}
        title={t('empty.title')}
        text={t('empty.text')}
        action={<Button onClick={() => run({ do: 'import' })}>{t('empty.import')}</Button>}
      />
    );
  }
  const task = tasks.find((each) => each.id === chosen) ?? tasks[0];
  return (
    <div className={classes.view}>
      <section className={classes.side} aria-label={t('title')}>
        <header className={classes.head}>
          <h2>{t('title')}</h2>
          <Button size="xs" variant="subtle" disabled={ended === 0} onClick={sweep}>
            {t('removeEnded', { count: ended })}
          </Button>
        </header>
        <TaskList tasks={tasks} chosen={task?.id} onChoose={setChosen} />
      </section>
      {task === undefined ? null : <TaskDetails key={task.id} task={task} />}
    </div>
  );
}
