import { ApiError } from './errors';

export const WINDOW_SECONDS = 300;
/**
 * So long after its second a signature may come again for another request. The official SDK signs neither the action nor a nonce, and its
 * clock has whole seconds: two different requests with the same body in one second carry the same signature.
 */
const TWIN_SECONDS = 10;

interface Seen {
  readonly timestamp: number;
  /** Changing actions that this signature was used for. */
  readonly changed: Set<string>;
}

/** A signature that was verified. */
export interface Used {
  readonly signature: string;
  /** Seconds since the epoch, as signed. */
  readonly timestamp: number;
  readonly action: string;
  readonly change: boolean;
  /** Whether it holds a nonce and the action, so that no two honest requests share it. */
  readonly unique: boolean;
}

/**
 * Remembers signatures for as long as they are valid. A signature that comes a second time is refused; where it is not unique it is let
 * through within a few seconds of its own second, but never twice for the same changing action that was done. The function that it returns
 * is called when the action was refused and changed nothing: then the same request may come again.
 */
export function createReplayGuard(): (used: Used, now: number) => () => void {
  const seen = new Map<string, Seen>();
  let tidiedAt = 0;

  const tidy = (now: number): void => {
    if (now - tidiedAt < 60) return;
    tidiedAt = now;
    for (const [signature, { timestamp }] of seen) if (now - timestamp > WINDOW_SECONDS) seen.delete(signature);
  };

  return ({ signature, timestamp, action, change, unique }, now) => {
    tidy(now);
    const before = seen.get(signature);
    const again = before && (unique || now - timestamp > TWIN_SECONDS || (change && before.changed.has(action)));
    if (again) throw new ApiError('AuthFailure.SignatureExpire', 'This signature was used before');
    const entry = before ?? { timestamp, changed: new Set<string>() };
    if (change) entry.changed.add(action);
    seen.set(signature, entry);
    return () => {
      entry.changed.delete(action);
      if (unique) seen.delete(signature);
    };
  };
}
