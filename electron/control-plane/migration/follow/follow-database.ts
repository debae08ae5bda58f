import type { DatabaseChoice, Decision } from '../../../../shared/model/migration';
import type { RunContext } from '../worker/run-context';
import type { Lsn } from './change-stream';
import type { StreamIdentity, TableRoute } from './follow-model';
import type { Followed } from './follow-set';

export interface FollowerOptions {
  readonly ctx: RunContext;
  readonly choice: DatabaseChoice;
  readonly identity: StreamIdentity;
  /** Database of the receiving side. */
  readonly to: string;
  /** Where the changes begin when nothing is applied yet. */
  readonly lsn: Lsn;
  /** Where rows go, by the table's oid on the sending side; null: as the receiving side has it in its records. */
  readonly routes: ReadonlyMap<number, TableRoute> | null;
}

export interface Follower extends Followed {
  decide(decision: Decision): void;
  /** Rejects when the stream can go on no more; resolves never. */
  readonly lost: Promise<never>;
}

/** Follows the changes of one database until it is told to stop; lost connections are waited for. */
export function startFollower(options: FollowerOptions): Follower {
  throw new Error(`not ready: ${options.identity.database}`);
}
