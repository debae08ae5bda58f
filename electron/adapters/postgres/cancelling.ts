import { cancelled, throwIfAborted } from '../../../shared/errors';

/** How long a server may take to react to a CancelRequest before it is given up. */
const REACTION_MS = 5000;

/**
 * Runs one statement of a session; aborting asks the server to give it up, which then fails with `cancelled`. `giveUp` ends the connection when
 * the server does not react. Settles only when no CancelRequest is on its way any more: a late one would hit the next statement.
 */
export async function cancelling<T>(
  work: () => Promise<T>,
  cancel: () => Promise<void>,
  giveUp: () => void,
  signal: AbortSignal | undefined,
): Promise<T> {
  throwIfAborted(signal);
  let asked: Promise<void> | undefined;
  let impatience: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    asked = cancel().then(() => {
      impatience = setTimeout(giveUp, REACTION_MS);
    });
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw cancelled();
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await asked;
    clearTimeout(impatience);
  }
}
