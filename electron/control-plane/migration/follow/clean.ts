import type { Journal } from '../journal';
import type { Side } from '../worker/sides';
import type { RunTelling } from '../worker/telling';
import type { WorkerOrder } from '../worker-protocol';

export interface CleanDeps {
  readonly order: WorkerOrder;
  readonly source: Side;
  readonly target: Side;
  readonly journal: Journal;
  readonly telling: RunTelling;
  readonly signal: AbortSignal;
}

/**
 * Takes away what a direction of following has left: slot, publications, capture of DDL and records of progress; with `forward` identity columns
 * of the target become again what they are on the source. Done twice it does nothing more.
 */
export function cleanDirection(deps: CleanDeps, direction: 'forward' | 'back'): Promise<void> {
  return Promise.reject(new Error(`not ready: ${deps.order.jobId} ${direction}`));
}
