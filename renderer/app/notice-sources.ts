import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServerView } from '../../shared/model/server';
import { isOver, type TaskView } from '../../shared/model/task';
import { listen } from '../api';
import { keepNotice } from '../ui/notice';
import { visibleText } from '../ui/visible-text';
import { useServers } from './use-servers';

/** Keeps the end of every task. */
function useTaskNotices(): void {
  const { t } = useTranslation('app');
  useEffect(() => {
    const told = new Set<string>();
    return listen('tasks', 'changed', (task: TaskView) => {
      if (!isOver(task.state)) told.delete(task.id);
      if (!isOver(task.state) || told.has(task.id)) return;
      told.add(task.id);
      const done = task.state === 'succeeded';
      keepNotice({
        kind: done ? (task.warnings > 0 ? 'warn' : 'ok') : task.state === 'cancelled' ? 'info' : 'error',
        title: t(`notices.task.${task.state}`, { title: visibleText(task.title) }),
        text: task.error?.message ?? (task.warnings > 0 ? t('notices.warnings', { count: task.warnings }) : ''),
        open: { label: t('notices.openTask'), command: { do: 'show-task', taskId: task.id } },
      });
    });
  }, [t]);
}

/** Keeps connections that were lost, and those that came back. */
function useServerNotices(): void {
  const { t } = useTranslation('app');
  const servers = useServers();
  const before = useRef(new Map<string, ServerView['status']>());
  const lost = useRef(new Set<string>());
  useEffect(() => {
    for (const { id, name, status } of servers ?? []) {
      const was = before.current.get(id);
      before.current.set(id, status);
      const title = (key: string) => t(`notices.server.${key}`, { name: visibleText(name) });
      if (was?.connected === true && !status.connected && status.problem !== '') {
        lost.current.add(id);
        const open = { label: t('notices.connect'), command: { do: 'connect-server', serverId: id } as const };
        keepNotice({ kind: 'error', title: title('lost'), text: status.problem, open });
      } else if (status.connected && lost.current.delete(id)) {
        keepNotice({ kind: 'ok', title: title('back') });
      }
    }
  }, [servers, t]);
}

/** Puts what happens behind the views into the notification centre. */
export function useNoticeSources(): void {
  useTaskNotices();
  useServerNotices();
}
