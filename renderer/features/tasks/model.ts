import { isOver, type TaskState, type TaskStep, type TaskView } from '../../../shared/model/task';
import type { Tone } from '../../ui/status-pill';

/** How a task stands for a person: one that came to its end with errors did not simply succeed. */
export type TaskOutcome = TaskState | 'succeededWithErrors';

export const outcomeOf = ({ state, errors }: TaskView): TaskOutcome =>
  state === 'succeeded' && errors > 0 ? 'succeededWithErrors' : state;

export const toneOfOutcome: Readonly<Record<TaskOutcome, Tone>> = {
  queued: 'neutral',
  running: 'busy',
  cancelling: 'busy',
  succeeded: 'ok',
  succeededWithErrors: 'warn',
  failed: 'error',
  cancelled: 'neutral',
  interrupted: 'warn',
};

export const toneOfStep: Readonly<Record<TaskStep['state'], Tone>> = {
  waiting: 'neutral',
  running: 'busy',
  done: 'ok',
  failed: 'error',
  skipped: 'neutral',
};

/** The colour of a task's bar. */
export function barTone(task: TaskView): 'accent' | 'ok' | 'warn' | 'error' {
  const outcome = outcomeOf(task);
  if (outcome === 'failed') return 'error';
  if (outcome === 'interrupted' || outcome === 'cancelled' || outcome === 'succeededWithErrors') return 'warn';
  return outcome === 'succeeded' ? 'ok' : 'accent';
}

/** What the status bar tells: how many run and how far they are together; null when any of them cannot tell. */
export function runningSummary(tasks: readonly TaskView[]): { count: number; fraction: number | null } {
  const running = tasks.filter((task) => !isOver(task.state));
  const fractions = running.map((task) => task.fraction).filter((fraction) => fraction !== null);
  return {
    count: running.length,
    fraction:
      running.length === 0 || fractions.length < running.length
        ? null
        : fractions.reduce((sum, fraction) => sum + fraction, 0) / running.length,
  };
}

/** Milliseconds that a task has run, or ran. */
export const ranFor = (task: TaskView, now: number): number => Math.max(0, (task.endedAt ?? now) - task.startedAt);

/** The list after a push: a known task is replaced where it stands, a new one comes first. */
export function withTask(tasks: readonly TaskView[], changed: TaskView): readonly TaskView[] {
  return tasks.some((task) => task.id === changed.id)
    ? tasks.map((task) => (task.id === changed.id ? changed : task))
    : [changed, ...tasks];
}
