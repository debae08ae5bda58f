import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isOver, type TaskView } from '../../../shared/model/task';
import { api } from '../../api';
import { formatBytes, formatDuration, formatPercent, formatRate } from '../../ui/bytes';
import { presentError } from '../../ui/error-presenter';
import { ProgressBar } from '../../ui/progress-bar';
import { StatusPill, type Tone } from '../../ui/status-pill';
import { ImportLog } from './import-log';
import classes from './import-wizard.module.css';
import own from './run-step.module.css';

const TONES: Readonly<Record<TaskView['steps'][number]['state'], Tone>> = {
  waiting: 'neutral',
  running: 'busy',
  done: 'ok',
  failed: 'error',
  skipped: 'neutral',
};

/** The import while it runs: steps, figures, cancel, log. */
export function RunStep({ task }: { readonly task: TaskView }) {
  const { t } = useTranslation('transfer');
  const { t: tasks } = useTranslation('tasks');
  const over = isOver(task.state);
  const figures = [
    task.fraction === null ? null : formatPercent(task.fraction),
    task.bytesDone === 0
      ? null
      : task.bytesTotal > 0
        ? t('run.bytes', { done: formatBytes(task.bytesDone), total: formatBytes(task.bytesTotal) })
        : formatBytes(task.bytesDone),
    over || task.rate === 0 ? null : formatRate(task.rate),
    over || task.secondsLeft === null ? null : t('run.left', { time: formatDuration(task.secondsLeft * 1000) }),
  ].filter((figure) => figure !== null);
  return (
    <>
      <div className={classes.row}>
        <h2 className={`${classes.heading} ${classes.grow}`}>{t(over ? 'run.over' : 'run.title')}</h2>
        {over ? null : (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={16} stroke={1.5} />}
            disabled={task.state === 'cancelling'}
            onClick={() => void api.tasks.cancel({ id: task.id }).catch(presentError)}
          >
            {t(task.state === 'cancelling' ? 'run.cancelling' : 'run.cancel')}
          </Button>
        )}
      </div>
      <ProgressBar
        fraction={task.fraction}
        label={t('run.title')}
        tone={task.state === 'failed' ? 'error' : task.state === 'succeeded' ? 'ok' : over ? 'warn' : 'accent'}
      />
      <div className={own.figures} role="status">
        {figures.join(' · ')}
        {task.errors > 0 ? <span className={own.errors}>{t('run.errors', { count: task.errors })}</span> : null}
      </div>
      <ol className={own.steps}>
        {task.steps.map((step) => (
          <li key={step.key}>
            <StatusPill tone={TONES[step.state]}>{tasks(`steps.${step.key}`)}</StatusPill>
            <span className={own.note}>{step.state === 'running' ? step.note : ''}</span>
          </li>
        ))}
      </ol>
      <ImportLog task={task} />
    </>
  );
}
