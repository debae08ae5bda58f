import type { Applier } from '../apply/applier';
import type { ChangeSink } from '../change-stream';
import type { Asking, Decisions, StreamIdentity, TableRoute } from '../follow-model';
import type { SchemaNames } from './schema-names';

export interface DdlSinkOptions {
  readonly applier: Applier;
  readonly identity: StreamIdentity;
  /** Changed as tables come, go and change their names; the records of them are changed in the transaction of the change. */
  readonly routes: Map<number, TableRoute>;
  /** Of the receiving side. */
  readonly asking: Asking;
  /** Of the side that the changes come from. */
  readonly source: Asking;
  readonly decisions: Decisions;
  readonly names: SchemaNames;
  onApplied(text: string): void;
  /**
   * A table has joined that holds rows already: empties it on the receiving side, copies it out of a new snapshot (a temporary slot) and sets
   * its route's `syncedAt`, in `routes` and in the records. Names are those of the sending side. Called between transactions, after
   * everything before is durable.
   */
  onTable(oid: number, schema: string, name: string): Promise<void>;
  readonly signal: AbortSignal;
}

export interface DdlSink extends ChangeSink {
  /** To be awaited before the stream begins: tables that had joined and were not copied when the last worker ended are copied. */
  start(): Promise<void>;
}

/**
 * Carries changes of the structure over in their order; what it does not know to be safe ends the stream with a `FollowHalt`. Everything else
 * goes to the applier as it is.
 */
export function createDdlSink(options: DdlSinkOptions): DdlSink {
  throw new Error(`not ready: ${options.identity.database}`);
}
