import type { Completion } from '../../../../shared/model/migration';
import type { Followed } from '../follow/follow-set';
import type { PlannedDatabase } from '../plan-model';
import type { Plans } from './arm-fail-back';
import type { CutOverDeps } from './cut-over-model';
import type { CutOverSteps } from './cut-over-steps';

/** One attempt: it ends by the run, or because it is taken back. */
export interface Attempt {
  readonly deps: CutOverDeps;
  readonly completion: Completion;
  readonly steps: CutOverSteps;
  /** Tables that nobody brings and that a person was told of. */
  readonly leftOut: Set<string>;
  readonly signal: AbortSignal;
}

/** A database with what travels of it. */
export interface Planned {
  readonly followed: Followed;
  /** In the direction of the changes. */
  readonly plan: PlannedDatabase;
  readonly plans: Plans;
}
