import { randomUUID } from 'node:crypto';
import { AppError } from '../../../shared/errors';
import type { Emit, Handlers } from '../../../shared/contract/define';
import type { tasks } from '../../../shared/contract/tasks';
import { isOver, type TaskView } from '../../../shared/model/task';
import type { Logger } from '../../log';
import type { TaskRunner } from '../../ports';
import { createRunningTask, noSuchTask, type RunningTask } from './running-task';
import { KEPT_TASKS, logFileOf, openTaskHistory } from './task-history';
import { openTaskLog, type TaskLog } from './task-log';

/** Milliseconds between two pushes of one task. */
const PUSH_EVERY = 100;
const LINES_A_READ = 2_000;
/** How long `close` waits for cancelled work, in milliseconds. */
const CLOSE_PATIENCE = 5_000;

interface Known {
  readonly task: RunningTask | null;
  /** Of a task that is over: as it ended. */
  ended: TaskView | null;
  log: TaskLog | null;
  done: Promise<void>;
}

export interface TasksFeature {
  readonly handlers: Handlers<typeof tasks>;
  readonly runner: TaskRunner;
  /** How many tasks are not over. */
  running(): number;
  /** Cancels what runs and waits for it, for five seconds at most. */
  close(): Promise<void>;
}

export interface TasksDeps {
  /** Gets `tasks.json` and `tasks/<id>.log`. */
  readonly folder: string;
  readonly emit: Emit<typeof tasks>;
  readonly log: Logger;
  /** Told when the list of tasks was broken and put aside. */
  readonly onBroken?: (kept: string, reason: string) => void;
}

/** Everything that takes long: runs it, tells its state, keeps its log, remembers how it ended. */
export function createTasksFeature({ folder, emit, log, onBroken }: TasksDeps): TasksFeature {
  const { history, earlier } = openTaskHistory(folder, log, onBroken);
  const known = new Map<string, Known>();
  for (const ended of earlier.toReversed()) {
    known.set(ended.id, { task: null, ended, log: null, done: Promise.resolve() });
  }

  const viewOf = (entry: Known): TaskView => {
    const view = entry.ended ?? entry.task?.view();
    if (!view) throw new Error('a task is neither running nor over');
    return view;
  };
  const newestFirst = (): TaskView[] => [...known.values()].map(viewOf).toReversed();

  const logOf = (entry: Known): TaskLog => {
    entry.log ??= openTaskLog(logFileOf(folder, viewOf(entry).id), viewOf(entry).logLines);
    return entry.log;
  };

  async function save(): Promise<void> {
    const over = newestFirst().filter((view) => isOver(view.state));
    const dropped = over.slice(KEPT_TASKS);
    for (const view of dropped) {
      const entry = known.get(view.id);
      known.delete(view.id);
      if (entry) await logOf(entry).remove();
    }
    await history.update(() => newestFirst());
  }
  const saveQuietly = (): void => {
    save().catch((error: unknown) => log.write('error', 'the list of tasks was not saved', { reason: String(error) }));
  };
  if (earlier.some((task, at) => task !== history.current()[at])) saveQuietly();

  /** Sends a task's state at most every 100 ms; what is left unsent is sent when the time has come. */
  function pusher(view: () => TaskView): () => void {
    let lastSent = 0;
    let timer: NodeJS.Timeout | null = null;
    const send = (): void => {
      if (timer) clearTimeout(timer);
      timer = null;
      lastSent = Date.now();
      emit('changed', view());
    };
    return () => {
      const wait = lastSent + PUSH_EVERY - Date.now();
      if (wait <= 0) send();
      else timer ??= setTimeout(send, wait);
    };
  }

  const runner: TaskRunner = {
    start(request, work) {
      const id = randomUUID();
      const taskLog = openTaskLog(logFileOf(folder, id));
      let push = (): void => undefined;
      const task = createRunningTask(id, request, { taskLog, log, changed: () => push() });
      const entry: Known = { task, ended: null, log: taskLog, done: Promise.resolve() };
      known.set(id, entry);
      push = pusher(() => viewOf(entry));
      log.write('info', 'task started', { task: id, kind: request.kind });
      entry.done = task.run(work).then(async () => {
        await taskLog.flush();
        entry.ended = task.view();
        log.write('info', 'task ended', { task: id, kind: request.kind, state: entry.ended.state });
        push();
        saveQuietly();
      });
      saveQuietly();
      return id;
    },
  };

  const find = (id: string): Known => {
    const entry = known.get(id);
    if (!entry) throw noSuchTask(id);
    return entry;
  };

  return {
    runner,
    handlers: {
      list: async () => newestFirst(),
      get: async ({ id }) => viewOf(find(id)),
      async cancel({ id }) {
        find(id).task?.cancel();
      },
      async readLog({ id, from }) {
        const lines = await logOf(find(id)).read(from, LINES_A_READ);
        return { lines, next: from + lines.length };
      },
      async remove({ id }) {
        const entry = find(id);
        if (!isOver(viewOf(entry).state)) {
          throw new AppError({
            code: 'conflict',
            message: 'The task still runs',
            hint: 'Cancel it first.',
            field: 'id',
          });
        }
        await entry.done;
        const taskLog = logOf(entry);
        known.delete(id);
        await taskLog.remove();
        await save();
      },
    },
    running: () => [...known.values()].filter((entry) => !isOver(viewOf(entry).state)).length,
    async close() {
      const open = [...known.values()].filter((entry) => !isOver(viewOf(entry).state));
      for (const entry of open) entry.task?.cancel();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        Promise.all(open.map((entry) => entry.done)),
        new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_PATIENCE))),
      ]);
      clearTimeout(timer);
      await history.settled();
    },
  };
}
