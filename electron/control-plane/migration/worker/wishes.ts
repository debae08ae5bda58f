import { cancelled } from '../../../../shared/errors';
import type { Completion } from '../../../../shared/model/migration';
import type { Course, WorkerCommand } from '../worker-protocol';

/** What is wanted of a cut-over, as the daemon has told it at the beginning and since. */
export interface Wishes {
  completion: Completion | null;
  /** How the cut-over is to be undone. */
  back: Completion | null;
  /** The way back is to be given up. */
  finish: boolean;
  /** Clients may be where they were to be led. */
  opened: boolean;
  /** Answers whether the command was one of these. */
  command(command: WorkerCommand): boolean;
  /** Resolves when it holds; looked at after each command. Rejects as the signal says. */
  until(holds: () => boolean): Promise<void>;
}

export function createWishes(course: Course, signal: AbortSignal): Wishes {
  const wakers = new Set<() => void>();
  const nextCommand = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        wakers.delete(go);
        signal.removeEventListener('abort', stop);
      };
      const go = (): void => {
        leave();
        resolve();
      };
      const stop = (): void => {
        leave();
        reject(cancelled());
      };
      wakers.add(go);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
    });
  const wishes: Wishes = {
    completion: course.completion,
    back: course.back,
    finish: course.finish,
    opened: course.opened,
    command(command) {
      if (command.command === 'complete') wishes.completion = command.completion;
      else if (command.command === 'goBack') wishes.back = command.completion;
      else if (command.command === 'opened') wishes.opened = true;
      else if (command.command === 'finish') wishes.finish = true;
      else return false;
      for (const wake of [...wakers]) wake();
      return true;
    },
    async until(holds) {
      while (!holds()) await nextCommand();
    },
  };
  return wishes;
}
