import type { PlannedTable } from '../plan-model';
import type { Side } from '../worker/sides';
import type { Lsn } from './change-stream';
import type { StreamIdentity } from './follow-model';

/** What is to be published, by its names on the side that the changes come from. */
export type PublishedTable = Pick<PlannedTable, 'oid' | 'schema' | 'name' | 'kind' | 'persistence' | 'rowFilter'>;

export interface StreamOrder {
  /** That the changes come from. */
  readonly side: Side;
  readonly jobId: string;
  readonly database: string;
  readonly direction: 'forward' | 'back';
  readonly tables: readonly PublishedTable[];
  /** Written before anything is made, and after. */
  readonly onMade: (made: {
    readonly slot: string;
    readonly publication: string;
    /** Empty before it is made. */
    readonly lsn: string;
    readonly system: string;
  }) => Promise<void>;
  readonly onNote: (level: 'info' | 'warning', text: string) => void;
  readonly signal: AbortSignal;
}

export interface PreparedStream {
  readonly identity: StreamIdentity;
  /** Changes of transactions whose commitLsn is not below it come by the slot; the others are in the snapshot. */
  readonly lsn: Lsn;
  /** Can be imported until `release`. */
  readonly snapshot: string;
  release(): Promise<void>;
}

/** Makes publications and slot anew; what is there of an attempt before is dropped. */
export function prepareStream(order: StreamOrder): Promise<PreparedStream> {
  return Promise.reject(new Error(`not ready: ${order.database}`));
}

/** Takes publications and slot of a direction away, whoever made them; nothing when they are not there. */
export function removeStream(order: Omit<StreamOrder, 'tables' | 'onMade'>): Promise<void> {
  return Promise.reject(new Error(`not ready: ${order.database}`));
}
