import type { BlockedSession, LockTarget } from './dashboard';
import { quoteIdent } from './quote';

/** A place in the tree of who waits for whom. */
export interface BlockingLine {
  /** 0 is a prepared transaction, which has no process. */
  readonly pid: number;
  /** Null for a prepared transaction, and for a backend that has just gone. */
  readonly session: BlockedSession | null;
  readonly depth: number;
  /** Sessions that wait for it, those that wait behind them included. */
  readonly waiting: number;
  /** Nobody is before it: when it goes, the others move. */
  readonly root: boolean;
  /** They wait for each other in a ring, which the server will break. */
  readonly ring: boolean;
  /** The line stands elsewhere with what is below it. */
  readonly again: boolean;
}

/** The tree as lines from above to below: those that hold up most first. Ends whatever the sessions say of each other. */
export function blockingLines(sessions: readonly BlockedSession[]): readonly BlockingLine[] {
  const byPid = new Map(sessions.map((session) => [session.pid, session]));
  const waiters = new Map<number, number[]>();
  for (const { pid, blockers } of sessions) {
    for (const blocker of blockers) waiters.set(blocker, [...(waiters.get(blocker) ?? []), pid]);
  }
  const behind = (pid: number): Set<number> => {
    const found = new Set<number>();
    const open = [...(waiters.get(pid) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(...(waiters.get(next) ?? []));
    }
    return found;
  };
  const lines: BlockingLine[] = [];
  const placed = new Set<number>();
  const place = (pid: number, depth: number, ring: boolean): void => {
    const again = placed.has(pid);
    const below = behind(pid);
    const session = byPid.get(pid) ?? null;
    lines.push({
      pid,
      session,
      depth,
      waiting: below.has(pid) ? below.size - 1 : below.size,
      root: depth === 0 && !ring,
      ring: ring || below.has(pid),
      again,
    });
    if (again) return;
    placed.add(pid);
    for (const waiter of waiters.get(pid) ?? []) place(waiter, depth + 1, false);
  };
  const roots = [...waiters.keys()].filter((pid) => (byPid.get(pid)?.blockers.length ?? 0) === 0);
  for (const pid of roots.toSorted((a, b) => behind(b).size - behind(a).size || a - b)) place(pid, 0, false);
  // What is left waits in rings, or for something that is not told of.
  for (const { pid, blockers } of sessions) {
    if (!placed.has(pid) && blockers.length > 0) place(pid, 0, true);
  }
  return lines;
}

/** What a lock is on in the server's terms, e.g. `public.orders`, `transaction 4711`, `tuple (3,7) of public.orders`. */
export function lockTargetText(lock: LockTarget): string {
  const relation = lock.relation ?? (lock.relationOid === null ? '' : `relation ${lock.relationOid}`);
  const where =
    lock.relation === null && lock.database !== null && lock.relationOid !== null
      ? ` in ${quoteIdent(lock.database)}`
      : '';
  switch (lock.type) {
    case 'relation':
      return `${relation}${where}`;
    case 'extend':
    case 'frozenid':
      return `${lock.type} ${relation}${where}`.trim();
    case 'page':
      return `page ${lock.page ?? '?'} of ${relation}${where}`;
    case 'tuple':
      return `tuple (${lock.page ?? '?'},${lock.tuple ?? '?'}) of ${relation}${where}`;
    case 'transactionid':
      return `transaction ${lock.transactionId ?? '?'}`;
    case 'virtualxid':
      return `virtual transaction ${lock.virtualXid ?? '?'}`;
    default: {
      const parts = [lock.classId, lock.objectId, lock.objectSubId].filter((part) => part !== null);
      return parts.length === 0 ? lock.type : `${lock.type} ${parts.join('/')}`;
    }
  }
}
