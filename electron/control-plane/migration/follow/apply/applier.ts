import type { PipelineSession } from '../../../../adapters/postgres/pipeline-session';
import type { ChangeSink } from '../change-stream';
import type { Applied, Asking, Decisions, FollowCounts, Routes, StreamIdentity } from '../follow-model';

/** Puts the changes of one database on the receiving side, in the order of the source's commits and exactly once. */
export interface Applier extends ChangeSink {
  /** Durable on the receiving side. */
  readonly applied: Applied;
  /** Nothing is held or in flight that is not durable. */
  readonly idle: boolean;
  /** Everything handed in so far (whole transactions) is durable when it resolves. */
  settle(): Promise<void>;
  /** Runs SQL inside the transaction at hand after all its changes so far, before those that follow. A barrier for all sessions. */
  statements(sql: readonly string[]): Promise<void>;
  /** The stream has nothing more right now: what is held is handed over without waiting for more. */
  quiet(): void;
  close(): Promise<void>;
}

export interface ApplierOptions {
  /** A session of the receiving side, prepared by `prepareApplySession`. */
  open(signal: AbortSignal): Promise<PipelineSession>;
  /** Of the receiving side. */
  readonly asking: Asking;
  readonly identity: StreamIdentity;
  readonly routes: Routes;
  readonly decisions: Decisions;
  readonly onDrift: 'halt' | 'log';
  /** Sessions that apply side by side. */
  readonly jobs: number;
  readonly counts: FollowCounts;
  onApplied(applied: Applied): void;
  onNote(text: string): void;
  readonly signal: AbortSignal;
  /** Bytes of changes that are applied as one transaction at most; one transaction of the source is never divided. */
  readonly windowBytes?: number;
  /** Milliseconds that a change is held at most while nothing is in flight. */
  readonly flushMs?: number;
}

/**
 * Reads the progress and opens the sessions. A lost connection, or a halt, rejects the pending and every later call: the follower then makes a new
 * applier and starts the stream at its progress.
 */
export function createApplier(_options: ApplierOptions): Promise<Applier> {
  return Promise.reject(new Error('not there yet'));
}
