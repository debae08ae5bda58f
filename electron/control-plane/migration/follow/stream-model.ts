import type { ReplicationSession } from '../../../adapters/postgres/replication-session';
import type { Side } from '../worker/sides';
import type { Lsn } from './change-stream';
import type { SchemaNames } from './ddl/schema-names';
import type { Applied, Asking, Decisions, FollowCounts, StreamIdentity, TableRoute } from './follow-model';
import type { IdentityColumn } from './identity-columns';
import type { NewcomerNames } from './newcomers';

export interface StreamOptions {
  readonly from: Side;
  readonly to: Side;
  readonly toDatabase: string;
  readonly identity: StreamIdentity;
  readonly publications: readonly string[];
  /** Where the changes begin when nothing is applied yet. */
  readonly lsn: Lsn;
  readonly routes: Map<number, TableRoute>;
  readonly decisions: Decisions;
  readonly onDrift: 'halt' | 'log';
  readonly jobs: number;
  readonly counts: FollowCounts;
  readonly asking: { readonly from: Asking; readonly to: Asking };
  /** Null: changes of the structure are not carried over. */
  readonly ddl: SchemaNames | null;
  /** Where tables go that nobody has told of. */
  readonly places: NewcomerNames;
  /** Tables of the sending side that were chosen and are not followed. */
  readonly leftOut: ReadonlySet<number>;
  /** Transactions are sent while they run. */
  readonly streaming: boolean;
  /** For what is spooled. */
  readonly folder: string;
  readonly spoolBytes: number | undefined;
  readonly encoding: string;
  onNote(level: 'info' | 'warning', text: string): void;
  /** A change of the structure is not carried over, and nothing stops. */
  onLeftOut(text: string): void;
  /** A table with rows has joined. */
  onTable(oid: number, schema: string, name: string): Promise<void>;
  /** A column has joined that is to be ALWAYS when the sending side is left. */
  onIdentity(column: IdentityColumn): Promise<void>;
  /** Something is durable, or the sender has told where it is. */
  onMoved(): void;
  readonly signal: AbortSignal;
}

/** One connection's worth of following. */
export interface Stream {
  readonly applied: Applied;
  /** Nothing is held, in flight or half received. */
  readonly idle: boolean;
  /** Everything before it has arrived: what the sender told last. */
  readonly walEnd: Lsn;
  /** Commit time, by the clock of the sender, of the oldest transaction that is not durable yet; null: none. */
  readonly waitingSince: number | null;
  readonly walsender: ReplicationSession;
  /** The receiving side has not taken yet what it was given. */
  readonly held: boolean;
  /** The receiving side owes an answer. */
  readonly asked: boolean;
  /** Tables that have joined and are not followed yet. */
  readonly joining: number;
  /** Of the sessions that apply now. */
  readonly openPids: readonly number[];
  /** Of every session that applied, also those that have ended. */
  readonly applierPids: readonly number[];
  /** Rejects with what ended the stream; resolves when the sender ended it in good order. */
  readonly ended: Promise<void>;
  settle(): Promise<void>;
  /** Asks the sender where it is. */
  ask(): void;
  /** The receiving side is silent. */
  cutApplier(reason: string): void;
  close(): Promise<void>;
}
