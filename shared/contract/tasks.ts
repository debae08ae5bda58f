import { z } from 'zod';
import type { TaskLogLine, TaskView } from '../model/task';
import { call, push } from './define';

const id = z.string().min(1).max(64);

export const tasks = {
  calls: {
    /** All known tasks, newest first. */
    list: call<TaskView[]>()(z.object({})),
    get: call<TaskView>()(z.object({ id })),
    /** Asks the task to stop; it is over when its state says so. */
    cancel: call<void>()(z.object({ id })),
    /** Log lines from index `from` (0-based), at most 2,000. */
    readLog: call<{ lines: TaskLogLine[]; next: number }>()(z.object({ id, from: z.number().int().min(0) })),
    /** Takes a task that is over off the list. */
    remove: call<void>()(z.object({ id })),
  },
  pushes: {
    /** At most ten times a second a task. */
    changed: push<TaskView>(),
  },
};
