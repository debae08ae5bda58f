import { create } from 'zustand';
import { isOver, type TaskView } from '../../../shared/model/task';
import { api, listen } from '../../api';
import { withTask } from './model';

interface TasksState {
  /** Newest first; null until first asked for. */
  readonly tasks: readonly TaskView[] | null;
  readonly error: unknown;
}

export const useTasks = create<TasksState>(() => ({ tasks: null, error: null }));

let following = false;

/** Loads the list and follows every change from then on. Safe to call often. */
export async function followTasks(): Promise<void> {
  if (!following) {
    following = true;
    listen('tasks', 'changed', (changed) => {
      useTasks.setState(({ tasks }) => ({ tasks: withTask(tasks ?? [], changed) }));
    });
  }
  await reloadTasks();
}

export async function reloadTasks(): Promise<void> {
  try {
    useTasks.setState({ tasks: await api.tasks.list({}), error: null });
  } catch (error) {
    useTasks.setState({ error });
  }
}

export async function removeTask(id: string): Promise<void> {
  await api.tasks.remove({ id });
  useTasks.setState(({ tasks }) => ({ tasks: tasks?.filter((task) => task.id !== id) ?? null }));
}

/** Takes every task that is over off the list. */
export async function removeEnded(): Promise<void> {
  for (const task of useTasks.getState().tasks ?? []) {
    if (isOver(task.state)) await removeTask(task.id);
  }
}
