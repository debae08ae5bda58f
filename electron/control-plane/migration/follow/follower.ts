import type { DatabaseChoice, Decision } from '../../../../shared/model/migration';
import type { RunContext } from '../worker/run-context';
import type { Lsn } from './change-stream';
import type { SchemaNames } from './ddl/schema-names';
import type { FollowCounts, StreamIdentity } from './follow-model';
import type { Followed } from './follow-set';
import type { NewcomerNames } from './newcomers';
import type { SlotWatch } from './slot-watch';

export interface FollowerOptions {
  readonly ctx: RunContext;
  readonly choice: DatabaseChoice;
  readonly identity: StreamIdentity;
  /** Database of the receiving side. */
  readonly to: string;
  /** Where the changes begin when nothing is applied yet. */
  readonly lsn: Lsn;
  /** Which rows of a table of the sending side travel, as SQL; empty is all. */
  readonly rowFilter: (oid: number) => Promise<string>;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly ddl: SchemaNames | null;
  /** Where tables of the sending side go that nobody has told of. */
  readonly places: NewcomerNames;
  /** Tables of the sending side, by oid, that were chosen and are not followed. */
  readonly leftOut: () => Promise<ReadonlySet<number>>;
  readonly watch: SlotWatch;
  readonly makeDeferred: (signal: AbortSignal) => Promise<number>;
}

export interface Follower extends Followed {
  readonly counts: FollowCounts;
  /** Tables whose rows are still to be copied. */
  readonly waiting: number;
  /** What the source had when the last of the tables was read has arrived, and little is left to do. */
  readonly consistent: boolean;
  /** Answers whether there was such a halt. */
  decide(decision: Decision): Promise<boolean>;
  /** Looks for ends that are silent. */
  check(): Promise<void>;
  /** Rejects when the stream can go on no more by itself. */
  readonly lost: Promise<never>;
}
