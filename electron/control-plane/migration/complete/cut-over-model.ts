import type { Completion, CutOverStep, DatabaseChoice } from '../../../../shared/model/migration';
import type { Lsn } from '../follow/change-stream';
import type { RunContext } from '../worker/run-context';

/** What the cut-over needs of the rest of the worker, and what it tells. The same for both directions. */

/** One database whose changes are followed while it is cut over. */
export interface CutDatabase {
  /** Of the source, whatever the direction: the journal and what is told name it so. */
  readonly choice: DatabaseChoice;
  /** On the side that the changes come from. */
  readonly from: string;
  /** On the side that receives them. */
  readonly to: string;
  /**
   * Resolves when everything that was committed before `lsn` is durable on the receiving side: something that ends at or behind it is applied,
   * or nothing is held and the sender has passed it. Waits through lost connections and halts. Rejects as the signal says, and when the stream
   * can follow no more.
   */
  drainTo(lsn: Lsn, signal: AbortSignal): Promise<void>;
  /** Ends the stream. Its slot stays. */
  stop(): Promise<void>;
}

/** What a comparison at the cut-over found in one database. */
export interface CutOverCompare {
  readonly tables: number;
  readonly different: number;
  /** Could not be compared. */
  readonly failed: number;
  /** Names of tables that differ or failed, a few. */
  readonly names: readonly string[];
}

export interface CutOverDeps {
  readonly ctx: RunContext;
  /** `back`: the cut-over is undone, target and source change places. */
  readonly direction: 'forward' | 'back';
  readonly completion: Completion;
  readonly databases: readonly CutDatabase[];
  /** Fires when the cut-over is taken back, by a person, before the receiving side is opened. */
  readonly takenBack: AbortSignal;
  /** Resolves with what is to be done instead when a person asks for the cut-over again after a step has failed. */
  again(): Promise<Completion>;
  /** Resolves when clients may be on the receiving side. */
  opened(): Promise<void>;
  /** All steps as they stand, each time one changes. */
  onSteps(steps: readonly CutOverStep[]): void;
  /** A step has failed: the cut-over stands until it is asked for again or taken back. */
  onFailed(text: string): void;
  /** Everything is on the receiving side: clients can be led there. May be told again by a worker that begins anew. */
  onDrained(): void;
  /** Makes what was left for the cut-over (foreign keys, triggers, rules, policies) on the target. Returns how many failed. */
  makeDeferred(database: CutDatabase, signal: AbortSignal): Promise<number>;
  compare(
    database: CutDatabase,
    mode: NonNullable<Completion['compare']>,
    signal: AbortSignal,
  ): Promise<CutOverCompare>;
  /** Publication and slot on the receiving side, so that from here on its changes can be followed back. Done twice it does nothing. */
  arm(database: CutDatabase, signal: AbortSignal): Promise<void>;
  /** Takes away what `arm` made. */
  disarm(database: CutDatabase, signal: AbortSignal): Promise<void>;
  /** Takes the slot, publication and capture of this direction away, and its records of progress. */
  clean(database: CutDatabase, signal: AbortSignal): Promise<void>;
}

/** `done`: nothing is left to do; `guarding`: changes flow back from here on; `takenBack`: as before the cut-over. */
export type CutOverEnd = 'done' | 'guarding' | 'takenBack';
