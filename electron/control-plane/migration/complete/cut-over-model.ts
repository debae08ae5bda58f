import type { Completion, CutOverStep } from '../../../../shared/model/migration';
import type { Followed } from '../follow/follow-set';
import type { RunContext } from '../worker/run-context';
import type { Side } from '../worker/sides';

/** What the cut-over needs of the rest of the worker, and what it tells. The same for both directions. */
export interface CutOverDeps {
  readonly ctx: RunContext;
  /** `back`: the cut-over is undone, target and source change places. */
  readonly direction: 'forward' | 'back';
  readonly completion: Completion;
  /** All databases of the task that are followed in this direction; may be empty when `wasOpened`. */
  readonly databases: readonly Followed[];
  /** Clients may be on the receiving side since an earlier worker: only what comes after that is done. */
  readonly wasOpened: boolean;
  /** Fires when the cut-over is taken back, by a person, before the receiving side is opened. */
  readonly takenBack: AbortSignal;
  /** Resolves with what is to be done instead when a person asks for the cut-over again after a step has failed. */
  again(): Promise<Completion>;
  /** Resolves when clients may be on the receiving side. */
  opened(): Promise<void>;
  /** All steps as they stand, each time one changes; empty: there is no cut-over any more. */
  onSteps(steps: readonly CutOverStep[]): void;
  /** A step has failed: the cut-over stands still until it is asked for again or taken back. */
  onFailed(text: string): void;
  /** Everything is on the receiving side: clients can be led there. May be told again by a worker that begins anew. */
  onDrained(): void;
}

/** `done`: nothing is left to do; `guarding`: changes flow back from here on; `takenBack`: as before the cut-over. */
export type CutOverEnd = 'done' | 'guarding' | 'takenBack';

/** Where changes come from and where they go. */
export interface Way {
  readonly from: Side;
  readonly to: Side;
}

export const wayOf = ({ source, target }: Pick<RunContext, 'source' | 'target'>, direction: 'forward' | 'back'): Way =>
  direction === 'forward' ? { from: source, to: target } : { from: target, to: source };
