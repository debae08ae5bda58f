import type { InstanceEventView, InstanceTask } from '../../../../shared/model/instance';

export const LEVELS = ['info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** One line of the operations log: a task, or something that happened by itself. */
export type LogEntry =
  | { readonly type: 'task'; readonly at: number; readonly level: Level; readonly task: InstanceTask }
  | { readonly type: 'event'; readonly at: number; readonly level: Level; readonly event: InstanceEventView };

/** Tasks and events as one list, newest first, those of a level and above. */
export function logOf(
  tasks: readonly InstanceTask[],
  events: readonly InstanceEventView[],
  least: Level,
): readonly LogEntry[] {
  const entries: LogEntry[] = [
    ...tasks.map((task) => ({
      type: 'task' as const,
      at: task.startedAt,
      level: task.status === 'failed' ? ('error' as const) : ('info' as const),
      task,
    })),
    ...events.map((event) => ({ type: 'event' as const, at: event.at, level: event.level, event })),
  ];
  return entries.filter(({ level }) => LEVELS.indexOf(level) >= LEVELS.indexOf(least)).toSorted((a, b) => b.at - a.at);
}
