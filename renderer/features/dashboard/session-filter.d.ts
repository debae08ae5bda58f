import type { SessionRow } from '../../../shared/model/dashboard';
/** Which sessions a person wants to see. */
export interface SessionFilter {
  readonly text: string;
  readonly active: boolean;
  readonly background: boolean;
  readonly own: boolean;
}
/** Sessions that a person wants to see. What may not be seen counts as a client when a user is known of it. */
export declare function filteredSessions(sessions: readonly SessionRow[], filter: SessionFilter): readonly SessionRow[];
