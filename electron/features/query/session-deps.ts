import type { HistoryEntry } from '../../../shared/model/library';
import type { QueryState, SessionMode } from '../../../shared/model/query';
import type { Connections } from '../../ports';
import type { LinkTarget } from './session-link';

export interface QuerySessionDeps {
  readonly connections: Connections;
  readonly tempFolder: string;
  /** Hands a new snapshot to the windows. */
  readonly changed: (state: QueryState) => void;
  /** A run has ended. */
  readonly ran: (entry: Omit<HistoryEntry, 'id'>) => void;
  /** Faults of the program itself. */
  readonly bug: (error: unknown) => string;
}

export interface SessionTarget extends LinkTarget {
  readonly mode: SessionMode;
}
