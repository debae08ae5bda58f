import { join } from 'node:path';
import { undoReadOnly } from '../complete/read-only';
import { undoCutOver } from '../complete/undo-cut-over';
import { cleanDirection, cleanStraySlots, type CleanDeps } from '../follow/clean';
import { openJournal, type Journal } from '../journal';
import type { WorkerCommand, WorkerEnd, WorkerOrder } from '../worker-protocol';
import { endOf } from './failure';
import { createLinkWatch } from './link-watch';
import { createSide } from './sides';
import type { RunTelling } from './telling';

async function clean(deps: CleanDeps): Promise<void> {
  const { source, target, signal } = deps;
  await Promise.all([source.meet(signal), target.meet(signal)]);
  for (const direction of ['forward', 'back'] as const) {
    await undoReadOnly(deps, direction);
    await cleanDirection(deps, direction);
  }
  await undoCutOver(deps);
  for (const side of [source, target]) await cleanStraySlots(deps, side);
}

/** Takes away what a task has left on both sides. What is done is told line by line; where a side is away it `waits`. */
export function startClean(
  order: WorkerOrder,
  telling: RunTelling,
): { command(command: WorkerCommand): void; readonly ended: Promise<WorkerEnd> } {
  const ending = new AbortController();
  const { signal } = ending;
  let away: unknown = null;
  const watch = createLinkWatch({
    holding: () => false,
    onAway(error) {
      away ??= error;
      ending.abort();
    },
    onWaiting: () => undefined,
  });
  const onWarning = (text: string): void => telling.log('warning', text);
  const side = (role: 'source' | 'target') =>
    createSide({ role, endpoint: order[role], jobId: order.jobId, watch, indexJobs: () => 1, onWarning });
  const run = async (): Promise<WorkerEnd> => {
    let journal: Journal | null = null;
    try {
      journal = await openJournal(join(order.folder, 'journal.jsonl'));
      await clean({ order, source: side('source'), target: side('target'), journal, telling, signal });
      return { outcome: 'done', problem: '', hint: '' };
    } catch (error) {
      if (signal.aborted && away === null) return { outcome: 'stopped', problem: '', hint: '' };
      const end = endOf(away ?? error);
      telling.log('error', end.problem);
      return end;
    } finally {
      await watch.stop();
      await journal?.close();
    }
  };
  return {
    ended: run(),
    command(command) {
      if (command.command !== 'limit') ending.abort();
    },
  };
}
