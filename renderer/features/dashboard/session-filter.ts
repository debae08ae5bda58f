import type { SessionRow } from '../../../shared/model/dashboard';

/** Which sessions a person wants to see. */
export interface SessionFilter {
  readonly text: string;
  readonly active: boolean;
  readonly background: boolean;
  readonly own: boolean;
}

/** Sessions that a person wants to see. What may not be seen counts as a client when a user is known of it. */
export function filteredSessions(sessions: readonly SessionRow[], filter: SessionFilter): readonly SessionRow[] {
  const text = filter.text.trim().toLowerCase();
  return sessions.filter((session) => {
    if (session.own && !filter.own) return false;
    const client = session.kind === 'client backend' || (session.hidden && session.user !== null);
    if (!client && !session.own && !filter.background) return false;
    if (filter.active && (session.state === 'idle' || (session.state === null && !session.hidden))) return false;
    if (text === '') return true;
    const { pid, user, database, application, client: address, state, query, waitEvent, kind } = session;
    return [String(pid), user, database, application, address, state, query, waitEvent, kind].some(
      (part) => part?.toLowerCase().includes(text) === true,
    );
  });
}
