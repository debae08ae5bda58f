import type { Decision, Halt } from '../../../../shared/model/migration';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Lsn, Relation } from './change-stream';

/** What the parts of following share: where changes go, and what stands in their way. */

/** Where the rows of a table of the source go. */
export interface TableRoute {
  readonly schema: string;
  readonly name: string;
  /** Names of columns of the target by those of the source, where they differ. */
  readonly columns?: ReadonlyMap<string, string>;
  /** The table holds what was committed before this already: changes of transactions whose commitLsn is below it are not applied to it. */
  readonly syncedAt: Lsn;
}

/**
 * Where changes go. `left-out`: it is known that the table is not of the task, or not followed. `undefined`: nobody knows of the table, and a change
 * of it halts the stream (kind `structure`, id `structure:<oid>:<hash>`) instead of being lost. Asked for each Relation that comes.
 */
export type Routes = (relation: Relation) => TableRoute | 'left-out' | undefined;

/** A stream that cannot go on by itself. It is thrown through the sink: nothing of the transaction at hand is on the target then. */
export class FollowHalt extends Error {
  readonly halt: Omit<Halt, 'database' | 'at'>;
  constructor(halt: Omit<Halt, 'database' | 'at'>) {
    super(halt.text);
    this.name = 'FollowHalt';
    this.halt = halt;
  }
}

/** What a person has decided on halts, by their id; kept in the journal of the task. */
export type Decisions = ReadonlyMap<string, Decision>;

/** How far the target is, durably. */
export interface Applied {
  readonly endLsn: Lsn;
  /** By the clock of the source; 0 before the first transaction. */
  readonly committedAt: number;
}

/** What went through since the stream began, for rates and totals. */
export interface FollowCounts {
  /** Bytes and rows that came from the source. */
  bytesIn: number;
  rowsIn: number;
  /** On the target, committed. */
  rowsOut: number;
  transactions: number;
  inserted: number;
  updated: number;
  deleted: number;
  truncated: number;
  drifted: number;
}

export const newCounts = (): FollowCounts => ({
  bytesIn: 0,
  rowsIn: 0,
  rowsOut: 0,
  transactions: 0,
  inserted: 0,
  updated: 0,
  deleted: 0,
  truncated: 0,
  drifted: 0,
});

/** Which stream a progress record belongs to: another slot, or another server, begins anew. */
export interface StreamIdentity {
  readonly jobId: string;
  /** Database of the side that the changes come from. */
  readonly database: string;
  readonly direction: 'forward' | 'back';
  readonly slot: string;
  /** `system_identifier` of the server with the slot. */
  readonly system: string;
}

/** A session for questions, to be used and given back. */
export type Asking = <T>(work: (session: PgSession) => Promise<T>) => Promise<T>;

/** The schema on the target that holds the records of progress, made at the beginning and dropped at the end. */
export const PROGRESS_SCHEMA = 'howdah_migration';
/** Prefix of our logical messages. */
export const MESSAGE_PREFIX = 'howdah';

/** Names on the source: lower-case letters, digits and underscores, below 63 bytes. `databaseOid` keeps databases of one task apart. */
export const slotName = (jobId: string, databaseOid: number, direction: 'forward' | 'back'): string =>
  `howdah_${jobId.toLowerCase().replace(/[^a-z0-9]/g, '_')}_${databaseOid}${direction === 'back' ? '_back' : ''}`;
