import { Skeleton, Table } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceDetail, InstanceEventView, InstanceTask } from '../../../../shared/model/instance';
import { formatDuration, formatUtc } from '../../../ui/bytes';
import { ChoiceGroup } from '../../../ui/choice-group';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import { ProgressBar } from '../../../ui/progress-bar';
import { StatusPill, type Tone } from '../../../ui/status-pill';
import { useTab } from '../../../ui/workbench';
import { eventDetail, eventText } from './event-text';
import { kindName, noteShare, stepText } from '../labels';
import { LEVELS, logOf, type Level, type LogEntry } from './log-model';
import classes from './log-tab.module.css';
import { useLog } from './use-log';

const TASK_TONES: Readonly<Record<InstanceTask['status'], Tone>> = {
  running: 'busy',
  done: 'ok',
  failed: 'error',
  waiting: 'info',
};

/** What was done to the instance and what happened to it, in the order of time. */
export function LogTab({ detail }: { readonly detail: InstanceDetail }) {
  const { t } = useTranslation('instances');
  const { tasks, events, error } = useLog(detail.plane, detail.id, useTab().visible);
  const [least, setLeast] = useState<Level>('info');
  const entries = useMemo(() => logOf(tasks ?? [], events, least), [tasks, events, least]);
  return (
    <div className={classes.tab}>
      <ChoiceGroup
        label={t('log.level')}
        choices={LEVELS.map((level) => ({ value: level, label: t(`log.least.${level}`) }))}
        value={least}
        onChange={(value) => setLeast(LEVELS.find((level) => level === value) ?? 'info')}
      />
      {error === null ? null : <ErrorPanel title={t('log.failed')} error={error} />}
      {tasks === null && error === null ? <Skeleton height={120} /> : null}
      {tasks !== null && entries.length === 0 ? <EmptyState title={t('log.nothing')} /> : null}
      {entries.length === 0 ? null : (
        <Table aria-label={t('page.tab.log')}>
          <Table.Thead>
            <Table.Tr>
              {(['time', 'level', 'what', 'text'] as const).map((column) => (
                <Table.Th key={column}>{t(`log.columns.${column}`)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry, at) => (
              <Row key={`${entry.type} ${entry.at} ${at}`} entry={entry} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}

function Row({ entry }: { readonly entry: LogEntry }) {
  const { t, i18n } = useTranslation('instances');
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
  return (
    <Table.Tr data-log={entry.type} data-level={entry.level}>
      <Table.Td className={classes.time ?? ''} title={formatUtc(entry.at)}>
        {time.format(entry.at)}
      </Table.Td>
      <Table.Td>
        {entry.type === 'task' ? (
          <StatusPill tone={TASK_TONES[entry.task.status]}>{t(`log.statuses.${entry.task.status}`)}</StatusPill>
        ) : (
          <StatusPill tone={entry.level}>{t(`log.levels.${entry.level}`)}</StatusPill>
        )}
      </Table.Td>
      <Table.Td className={classes.time ?? ''}>
        {entry.type === 'task'
          ? kindName(t, entry.task.kind)
          : t(`events.${entry.event.kind}`, { defaultValue: kindName(t, entry.event.kind) })}
      </Table.Td>
      <Table.Td className={classes.text ?? ''}>
        {entry.type === 'task' ? <TaskText task={entry.task} /> : <EventText event={entry.event} />}
      </Table.Td>
    </Table.Tr>
  );
}

/** What happened, in the language of the window; words that only the server has stay as they are. */
function EventText({ event }: { readonly event: InstanceEventView }) {
  const { t } = useTranslation('instances');
  const detail = eventDetail(event);
  return (
    <span title={event.text}>
      {eventText(t, event)}
      {detail === '' ? null : <span className={classes.detail}> {detail}</span>}
    </span>
  );
}

function TaskText({ task }: { readonly task: InstanceTask }) {
  const { t } = useTranslation('instances');
  if (task.status === 'running') {
    return (
      <span className={classes.running}>
        <span className={classes.bar}>
          <ProgressBar
            fraction={task.progress / 100 + noteShare(task.message) / Math.max(1, task.steps.length)}
            label={t('log.progress', { kind: kindName(t, task.kind) })}
          />
        </span>
        {stepText(t, { step: task.step, note: task.message })}
      </span>
    );
  }
  const took = task.endedAt === null ? '' : t('log.took', { time: formatDuration(task.endedAt - task.startedAt) });
  // A drill is told in the same words as its event.
  const message = eventText(t, { kind: task.kind, text: task.message });
  return [took, message].filter((part) => part !== '').join(' · ');
}
