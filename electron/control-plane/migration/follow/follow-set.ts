import type { DatabaseChoice, DatabaseFollow, Halt } from '../../../../shared/model/migration';
import type { Lsn } from './change-stream';
import type { Applied, StreamIdentity } from './follow-model';

/** One database whose changes are followed, as the parts of the cut-over handle it. */
export interface Followed {
  readonly choice: DatabaseChoice;
  readonly identity: StreamIdentity;
  /** Where the changes go: the database of the receiving side. `identity.database` is the one they come from. */
  readonly to: string;
  /** Durable on the receiving side. */
  readonly applied: Applied;
  readonly halts: readonly Halt[];
  now(): DatabaseFollow;
  /**
   * Resolves when everything that the sending side has committed before `lsn` is durable on the receiving side. Waits through lost connections and
   * halts. Fails with `cancelled`, or with the reason why the stream can go on no more.
   */
  drainTo(lsn: Lsn, signal: AbortSignal): Promise<void>;
  /** Everything that has arrived is durable when it resolves. */
  settle(): Promise<void>;
  /** Ends the stream after what has arrived is durable; slot and publications stay. `start` goes on. */
  stop(): Promise<void>;
  start(): void;
  /**
   * Makes what was kept for later on the receiving side: foreign keys, triggers, rules, policies, event triggers. Nothing when it is done
   * already. Returns how many failed (each is told). Only of the direction `forward`.
   */
  makeDeferred(signal: AbortSignal): Promise<number>;
}
