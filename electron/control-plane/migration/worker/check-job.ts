import { runChecks } from '../checks/run-checks';
import type { WorkerCommand, WorkerEnd, WorkerOrder } from '../worker-protocol';
import { endOf } from './failure';
import type { RunTelling } from './telling';

/** Runs the checks of a task, which tell their findings group by group. */
export function startCheck(
  order: WorkerOrder,
  telling: RunTelling,
): { command(command: WorkerCommand): void; readonly ended: Promise<WorkerEnd> } {
  const ending = new AbortController();
  const { signal } = ending;
  const check = async (): Promise<WorkerEnd> => {
    try {
      await runChecks(order, { telling, onStep: (step) => telling.checking(step), signal });
      return { outcome: 'done', problem: '', hint: '' };
    } catch (error) {
      return signal.aborted ? { outcome: 'stopped', problem: '', hint: '' } : endOf(error);
    }
  };
  return {
    ended: check(),
    command(command) {
      if (command.command !== 'limit') ending.abort();
    },
  };
}
