import { AppError, cancelled, errorInfo, throwIfAborted } from '../../../shared/errors';
import type { CopySession } from './copy-session';
import { COPY_DONE, copyFailMessage } from './wire-messages';

export interface CopyPipe {
  readonly source: CopySession;
  /** `COPY (…) TO STDOUT`, or `COPY … TO STDOUT`; other statements may stand around it, and fail the copy when they fail. */
  readonly read: string;
  readonly target: CopySession;
  /** `COPY … FROM STDIN`, with the same format and columns. */
  readonly write: string;
  /** Told after every chunk; a promise holds the source until it resolves (rate limit). */
  readonly onBytes?: (bytes: number) => Promise<void> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Which side a failed COPY failed on. */
export class CopyFailure extends Error {
  readonly side: 'source' | 'target';
  readonly reason: AppError;
  constructor(side: 'source' | 'target', reason: AppError) {
    super(`${side}: ${reason.message}`, { cause: reason });
    this.name = 'CopyFailure';
    this.side = side;
    this.reason = reason;
  }
}

const PADDING = Buffer.alloc(64 * 1024);

const rowsOf = (tag: string): number => Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? Number.NaN);

const asFailure = (side: 'source' | 'target', error: unknown): CopyFailure =>
  new CopyFailure(side, error instanceof AppError ? error : new AppError(errorInfo(error), { cause: error }));

/**
 * Copies rows from one server to another without looking at them: what the source sends is what the target gets, at the speed of the slower
 * one. Returns the number of rows, which both sides have told alike. Fails with `CopyFailure`, or `cancelled`. Afterwards both sessions are
 * ready for the next statement unless their connection was lost; transactions that they are in have failed.
 */
export async function copyRows(pipe: CopyPipe): Promise<{ readonly rows: number; readonly bytes: number }> {
  const { source, target, onBytes, signal } = pipe;
  throwIfAborted(signal);
  let bytes = 0;
  /** Bytes that the target still waits for to have a whole message. */
  let missing = 0;
  /** Why no more data goes to the target. */
  let stopped: CopyFailure | 'cancelled' | null = null;
  /** Whether the source works on our COPY: only then may it be told to give up. */
  let reads = false;
  let cancelling: Promise<void> = Promise.resolve();
  let targetWaits = false;
  let waits = 0;

  const hold = (until: Promise<void>): void => {
    waits += 1;
    source.pause();
    void until.finally(() => {
      waits -= 1;
      if (waits === 0) source.resume();
    });
  };
  /**
   * Invariant: the target reads whole messages, also of a COPY that it gave up. A row that stays unfinished is filled up; it is never stored,
   * because the COPY has failed or is made to fail next.
   */
  const finishMessage = (): void => {
    for (; missing > 0; missing -= Math.min(missing, PADDING.length)) {
      target.write(missing < PADDING.length ? PADDING.subarray(0, missing) : PADDING);
    }
  };
  const failTarget = (reason: string): void => {
    finishMessage();
    if (!targetWaits) return;
    targetWaits = false;
    target.write(copyFailMessage(reason));
  };
  const stop = (why: CopyFailure | 'cancelled'): void => {
    if (stopped !== null) return;
    stopped = why;
    source.resume();
    if (reads) cancelling = source.cancel();
    failTarget(why === 'cancelled' ? 'the copy was cancelled' : 'the source failed');
  };

  let begun: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (begun = resolve));
  const events = {
    ready: (): void => {
      targetWaits = true;
      begun();
    },
  };
  const writing = target.run(pipe.write, events).then(rowsOf, (error: unknown) => {
    targetWaits = false;
    const failure = asFailure('target', error);
    stop(failure);
    throw failure;
  });
  // Whoever awaits it below hears of the failure; until then it must not count as unheard.
  writing.catch(() => undefined);
  await Promise.race([ready, writing]);

  const onAbort = (): void => stop('cancelled');
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    let ended = false;
    let sent = Number.NaN;
    reads = true;
    const reading = source
      .run(pipe.read, {
        data(chunk, toCome) {
          if (stopped !== null || !targetWaits) return;
          bytes += chunk.length;
          missing = toCome;
          if (!target.write(chunk)) hold(target.drained());
          const limited = onBytes?.(chunk.length);
          if (limited) hold(limited);
        },
        dataEnd: () => (ended = true),
        tag: (tag) => {
          if (tag.startsWith('COPY ')) sent = rowsOf(tag);
        },
      })
      .finally(() => (reads = false))
      .then(
        () => sent,
        (error: unknown) => {
          const failure = asFailure('source', error);
          // Before the target is made to fail as well: who failed first is told.
          stopped ??= failure;
          failTarget('the source failed');
          throw failure;
        },
      );
    if (signal?.aborted) onAbort();
    const read = await reading;
    if (stopped === null && ended && targetWaits) {
      targetWaits = false;
      target.write(COPY_DONE);
    }
    const written = await writing;
    if (signal?.aborted) throw cancelled();
    if (read !== written) {
      const message = `The source sent ${read} rows and the target took ${written}`;
      throw new CopyFailure('target', new AppError({ code: 'conflict', message }));
    }
    return { rows: written, bytes };
  } catch (error) {
    // Both sides are waited for: nothing of this copy may reach the sessions' next statements.
    await writing.catch(() => undefined);
    if (signal?.aborted) throw cancelled();
    throw stopped === null || stopped === 'cancelled' ? error : stopped;
  } finally {
    await cancelling;
    signal?.removeEventListener('abort', onAbort);
  }
}
