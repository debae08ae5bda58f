import type { WorkerCommand, WorkerEnd, WorkerOrder } from '../worker-protocol';
import type { RunTelling } from './telling';

/** Compares source and target of a task beside its run. */
export function startCompare(
  order: WorkerOrder,
  telling: RunTelling,
): { command(command: WorkerCommand): void; readonly ended: Promise<WorkerEnd> } {
  telling.log('error', `${order.jobId} cannot be compared yet`);
  return {
    ended: Promise.resolve({ outcome: 'failed', problem: 'Nothing can be compared yet', hint: '' }),
    command: () => undefined,
  };
}
