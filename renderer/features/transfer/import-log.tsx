import { useCallback } from 'react';
import type { TaskView } from '../../../shared/model/task';
import { api } from '../../api';
import { LogView } from '../../ui/log-view/log-view';

/** The log of an import, under its progress and under its result. */
export function ImportLog({ task }: { readonly task: TaskView }) {
  const read = useCallback((from: number) => api.tasks.readLog({ id: task.id, from }), [task.id]);
  return <LogView total={task.logLines} read={read} openAtStart={false} />;
}
