import { join } from 'node:path';
import { statSync } from 'node:fs';
import { z } from 'zod';
import { isOver, TASK_STATES, type TaskView } from '../../../shared/model/task';
import { openJsonDocument, type JsonDocument } from '../../adapters/storage/json-document';
import type { ErrorInfo } from '../../../shared/errors';
import type { Logger } from '../../log';

/** Tasks that are over and kept; the oldest beyond are dropped with their logs. */
export const KEPT_TASKS = 200;

const errorSchema = z.custom<ErrorInfo>(
  (value) => typeof value === 'object' && value !== null && 'code' in value && 'message' in value,
);

const taskSchema = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  state: z.enum(TASK_STATES),
  steps: z.array(
    z.object({
      key: z.string(),
      state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
      weight: z.number(),
      fraction: z.number().nullable(),
      note: z.string(),
    }),
  ),
  fraction: z.number().nullable(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  rate: z.number(),
  secondsLeft: z.number().nullable(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  warnings: z.number(),
  errors: z.number(),
  error: errorSchema.nullable(),
  logLines: z.number().int(),
});

export type TaskHistory = JsonDocument<readonly TaskView[]>;

export const logFileOf = (folder: string, id: string): string => join(folder, 'tasks', `${id}.log`);

/** What a task of an earlier run is now: one that was not over was cut off, at the time of its last log line. */
function settle(folder: string, task: TaskView): TaskView {
  if (isOver(task.state)) return task;
  const touched = statSync(logFileOf(folder, task.id), { throwIfNoEntry: false })?.mtimeMs;
  return {
    ...task,
    state: 'interrupted',
    steps: task.steps.map((step) => (step.state === 'running' ? { ...step, state: 'failed', note: '' } : step)),
    rate: 0,
    secondsLeft: null,
    endedAt: Math.round(touched ?? task.startedAt),
  };
}

/** The tasks of earlier runs and of this one, newest first, as they were last written. */
export function openTaskHistory(
  folder: string,
  log: Logger,
  onBroken?: (kept: string, reason: string) => void,
): { history: TaskHistory; earlier: readonly TaskView[] } {
  const history = openJsonDocument<readonly TaskView[]>({
    file: join(folder, 'tasks.json'),
    schema: z.array(taskSchema),
    version: 1,
    defaults: [],
    log,
    ...(onBroken ? { onBroken } : {}),
  });
  return { history, earlier: history.current().map((task) => settle(folder, task)) };
}
