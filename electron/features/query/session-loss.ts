import type { QueryMessage, SessionLoss, TransactionState } from '../../../shared/model/query';
import { lossDetail, ownMessage } from './run-messages';
import type { SessionTracker } from './session-tracker';

/** What went with a session's last connection, until it is set again or no longer of interest. */
export class LostState {
  private loss: SessionLoss | null = null;
  private statements: readonly string[] = [];
  private inTransaction = false;

  /** For the window; null is nothing. */
  get told(): SessionLoss | null {
    return this.loss;
  }

  /** The statements that set again what can be. */
  get restoring(): readonly string[] {
    return this.statements;
  }

  /** A line for each kind of thing. */
  get detail(): string {
    return lossDetail(this.loss);
  }

  /** The connection is gone. */
  note(tracker: SessionTracker, transaction: TransactionState): void {
    this.inTransaction ||= transaction === 'transaction' || transaction === 'failed';
    this.loss = tracker.loss(transaction);
    this.statements = tracker.restoring();
  }

  /** A connection was made again: what the person is told, and whether the run that asked for it must not go on. */
  reconnected(): { message: QueryMessage; stop: boolean } {
    const stop = this.inTransaction;
    this.inTransaction = false;
    const message = ownMessage(
      stop ? 'ERROR' : 'WARNING',
      'The connection was made again: the state of the session was lost',
      {
        detail: this.detail,
        hint: stop
          ? 'A transaction was open and has been rolled back. Nothing was run now: start again from where it began.'
          : '',
      },
    );
    return { message, stop };
  }

  /** No longer told. */
  clear(): void {
    this.loss = null;
    this.statements = [];
    this.inTransaction = false;
  }
}
