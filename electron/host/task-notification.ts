import { BrowserWindow, Notification } from 'electron';
import type { Emit } from '../../shared/contract/define';
import type { tasks } from '../../shared/contract/tasks';
import { isOver, type TaskView } from '../../shared/model/task';
import { labelsOf } from './labels';

/** Milliseconds that a task must have taken for its end to be worth a word outside of the window. */
const LONG = 30_000;

/** Whether the system tells that a task has ended: it was long, and it ended while the program runs. */
export const isWorthTelling = ({ state, startedAt, endedAt }: TaskView): boolean =>
  isOver(state) && state !== 'interrupted' && endedAt !== null && endedAt - startedAt >= LONG;

export interface TaskTelling {
  /** Whether the person wants it. */
  wanted(): boolean;
  language(): 'en' | 'zh-CN';
  /** Runs when the notification is clicked. */
  open(taskId: string): void;
}

/** Pushes of tasks that also show the operating system's notification when a long one ends while nobody looks at a window. */
export function tellingOfTasks(emit: Emit<typeof tasks>, telling: TaskTelling): Emit<typeof tasks> {
  const told = new Set<string>();
  return (name, task) => {
    emit(name, task);
    if (!isWorthTelling(task) || told.has(task.id)) return;
    told.add(task.id);
    if (!telling.wanted() || BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return;
    const words = labelsOf(telling.language()).task;
    const title = task.state === 'succeeded' ? words.done : task.state === 'cancelled' ? words.cancelled : words.failed;
    const notification = new Notification({ title, body: task.title });
    notification.on('click', () => telling.open(task.id));
    notification.show();
  };
}
