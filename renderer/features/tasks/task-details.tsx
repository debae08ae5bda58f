import { Button } from '@mantine/core';
import { IconFileReport, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isOver, type TaskView } from '../../../shared/model/task';
import { api } from '../../api';
import { formatBytes, formatDuration, formatPercent, formatRate, formatTime, formatUtc } from '../../ui/bytes';
import { ErrorPanel } from '../../ui/error-panel';
import { presentError } from '../../ui/error-presenter';
import { LogView } from '../../ui/log-view/log-view';
import { ProgressBar } from '../../ui/progress-bar';
import { StatusPill } from '../../ui/status-pill';
import { useCommand, useTabActions } from '../../ui/workbench';
import { AppError } from '../../../shared/errors';
import { barTone, ranFor, outcomeOf, toneOfOutcome, toneOfStep } from './model';
import { removeTask } from './store';
import classes from './task-details.module.css';
import { useNow } from './use-now';

/** One task: what it does, how far it is, its steps, its log. */
export function TaskDetails({ task }: { readonly task: TaskView }) {
  const { t } = useTranslation('tasks');
  const run = useCommand();
  const [asked, setAsked] = useState(false);
  const readLog = useCallback((from: number) => api.tasks.readLog({ id: task.id, from }), [task.id]);
  const over = isOver(task.state);
  const cancel = () => {
    // Shown at once; the task's own state follows.
    setAsked(true);
    api.tasks.cancel({ id: task.id }).catch((error: unknown) => {
      setAsked(false);
      presentError(error);
    });
  };
  const remove = () => void removeTask(task.id).catch(presentError);
  const openResult = () => run({ do: 'import', taskId: task.id });
  const cannotCancel = asked || task.state === 'cancelling';
  useTabActions([
    { id: 'tasks.open-result', label: t('openResult'), disabled: task.kind !== 'import', run: openResult },
    { id: 'tasks.remove', label: t('remove'), disabled: !over, run: remove },
    { id: 'tasks.cancel', label: t('cancel'), disabled: over || cannotCancel, run: cancel },
  ]);
  return (
    <section className={classes.details} aria-label={task.title}>
      <header className={classes.head}>
        <div className={classes.name}>
          <h1 className={classes.title}>{task.title}</h1>
          <div className={classes.kind}>
            {t(`kinds.${task.kind}`)}{' '}
            <StatusPill tone={toneOfOutcome[outcomeOf(task)]}>{t(`states.${outcomeOf(task)}`)}</StatusPill>
          </div>
        </div>
        <div className={classes.actions}>
          {task.kind === 'import' ? (
            <Button variant="default" leftSection={<IconFileReport size={16} stroke={1.5} />} onClick={openResult}>
              {t('openResult')}
            </Button>
          ) : null}
          {over ? (
            <Button variant="default" leftSection={<IconTrash size={16} stroke={1.5} />} onClick={remove}>
              {t('remove')}
            </Button>
          ) : (
            <Button
              variant="default"
              leftSection={<IconPlayerStop size={16} stroke={1.5} />}
              disabled={cannotCancel}
              onClick={cancel}
            >
              {t('cancel')}
            </Button>
          )}
        </div>
      </header>
      <ProgressBar fraction={task.fraction ?? (over ? 0 : null)} label={task.title} tone={barTone(task)} />
      <Figures task={task} />
      {task.error === null ? null : <ErrorPanel error={new AppError(task.error)} />}
      {task.state === 'interrupted' ? <p className={classes.quiet}>{t('interruptedText')}</p> : null}
      <Steps task={task} />
      <LogView total={task.logLines} read={readLog} openAtStart={task.state === 'failed'} />
    </section>
  );
}

function Figures({ task }: { readonly task: TaskView }) {
  const { t, i18n } = useTranslation('tasks');
  const now = useNow(!isOver(task.state));
  const over = isOver(task.state);
  const figures: [string, string, string?][] = [
    [t('figures.started'), formatTime(task.startedAt, i18n.language), formatUtc(task.startedAt)],
    [t('figures.duration'), formatDuration(ranFor(task, now))],
  ];
  if (task.fraction !== null && !over) figures.push([t('figures.progress'), formatPercent(task.fraction)]);
  if (task.bytesDone > 0) {
    const total = task.bytesTotal > 0 ? ` / ${formatBytes(task.bytesTotal)}` : '';
    figures.push([t('figures.bytes'), `${formatBytes(task.bytesDone)}${total}`]);
    if (task.rate > 0) figures.push([over ? t('figures.meanRate') : t('figures.rate'), formatRate(task.rate)]);
  }
  if (!over) {
    figures.push([
      t('figures.left'),
      task.secondsLeft === null ? t('figures.unknown') : formatDuration(task.secondsLeft * 1000),
    ]);
  }
  figures.push([t('figures.warnings'), String(task.warnings)], [t('figures.errors'), String(task.errors)]);
  return (
    <dl className={classes.figures}>
      {figures.map(([name, value, hover]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={hover}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Steps({ task }: { readonly task: TaskView }) {
  const { t } = useTranslation('tasks');
  return (
    <ol className={classes.steps} aria-label={t('steps.label')}>
      {task.steps.map((step) => (
        <li key={step.key} className={classes.step} data-state={step.state}>
          <StatusPill tone={toneOfStep[step.state]}>{t(`steps.${step.key}`)}</StatusPill>
          <span className={classes.note} title={step.note}>
            {step.note}
          </span>
          <span className={classes.stepState}>
            {step.state === 'running' && step.fraction !== null
              ? formatPercent(step.fraction)
              : t(`stepStates.${step.state}`)}
          </span>
        </li>
      ))}
    </ol>
  );
}
