import type { RateLimit } from '../copy/rate-limit';
import type { WorkPool } from '../copy/work-pool';
import type { Journal } from '../journal';
import type { WorkerOrder } from '../worker-protocol';
import type { LinkWatch } from './link-watch';
import type { RunSteps } from './run-steps';
import type { Side } from './sides';
import type { RunTelling } from './telling';

/** What all parts of a run share. */
export interface RunContext {
  readonly order: WorkerOrder;
  readonly source: Side;
  readonly target: Side;
  readonly journal: Journal;
  readonly telling: RunTelling;
  readonly watch: LinkWatch;
  /** Copies of tables and parts of them. */
  readonly copyPool: WorkPool;
  /** How many of them at once, as wished now. */
  readonly copyJobs: () => number;
  /** Index builds and validations. */
  readonly indexPool: WorkPool;
  readonly limit: RateLimit;
  /** Fires when the run is to end, whoever wants it. */
  readonly signal: AbortSignal;
  /** Part of the run that is done for one database, by the step it belongs to. */
  readonly steps: RunSteps;
}
