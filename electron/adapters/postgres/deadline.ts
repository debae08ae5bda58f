import { AppError, cancelled } from '../../../shared/errors';

/** A signal for one connection attempt: the caller's abort and the time limit over all steps. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** What the signal's firing means: `cancelled`, or `unreachable` after the time limit. */
  error(): AppError;
}

/**
 * A signal that fires after `ms` milliseconds, fit for `AbortSignal.any`. Node 20 holds a time-out only weakly while nobody listens to it
 * directly: inside a composite signal it could be collected, and the limit would never come.
 */
export function timeLimit(ms: number): AbortSignal {
  const limit = AbortSignal.timeout(ms);
  limit.addEventListener('abort', () => undefined);
  return limit;
}

/** `seconds` 0 is no limit. */
export function createDeadline(seconds: number, signal: AbortSignal | undefined): Deadline {
  const limit = seconds > 0 ? timeLimit(seconds * 1000) : null;
  const signals = [signal, limit].filter((each) => each instanceof AbortSignal);
  return {
    signal: AbortSignal.any(signals),
    error: () =>
      signal?.aborted
        ? cancelled()
        : new AppError({
            code: 'unreachable',
            message: `There was no answer within ${seconds} s`,
            hint: 'Check the address, the VPN and the firewalls on the way, or raise the connection timeout (Advanced).',
            field: 'server.host',
            retry: true,
          }),
  };
}

/** Waits for `work`, but not beyond the deadline; `abandon` then takes down what the work holds. */
export async function within<T>(deadline: Deadline, work: Promise<T>, abandon: () => void): Promise<T> {
  if (deadline.signal.aborted) {
    work.catch(() => undefined);
    abandon();
    throw deadline.error();
  }
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const fire = (): void => {
      abandon();
      reject(deadline.error());
    };
    deadline.signal.addEventListener('abort', fire, { once: true });
    stop = () => deadline.signal.removeEventListener('abort', fire);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop();
  }
}
