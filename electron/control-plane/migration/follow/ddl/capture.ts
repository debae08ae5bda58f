import type { PgSession } from '../../../../adapters/postgres/session';

export interface CaptureOrder {
  readonly jobId: string;
  /** Of the stream; below 14 the log of changes is a table of it. */
  readonly publication: string;
  readonly signal: AbortSignal;
}

/**
 * Makes event triggers on the source that write changes of the structure into the WAL, in their order among the changes of rows. To be called
 * after the publication is there and before the slot is made: it waits for transactions that began before. False where the account may not
 * make event triggers. Done twice it does nothing more. Fails with `sql` and `cancelled`.
 */
export function installCapture(source: PgSession, order: CaptureOrder): Promise<boolean> {
  return Promise.reject(new Error(`not ready: ${order.jobId} ${source.serverVersion}`));
}

/** Takes away what `installCapture` has made; nothing when it is not there. */
export function removeCapture(source: PgSession, order: Omit<CaptureOrder, 'publication'>): Promise<void> {
  return Promise.reject(new Error(`not ready: ${order.jobId} ${source.serverVersion}`));
}

/** Statements that take away what is left, to be shown to a person; empty when nothing is. */
export function captureLeft(source: PgSession, order: Omit<CaptureOrder, 'publication'>): Promise<string[]> {
  return Promise.reject(new Error(`not ready: ${order.jobId} ${source.serverVersion}`));
}
