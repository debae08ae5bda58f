import type { Relation } from '../change-stream';

/** Looks a table up in the catalog of the source as it is now; null when there is none of that name. */
export type FindRelation = (schema: string, name: string) => Promise<Relation | null>;

/** A decoder of text that needs to know where in the WAL a payload stood. */
export interface PositionedDecoder {
  /** Takes one payload with the positions of its XLogData header. A promise: nothing more before it resolves. */
  push(payload: Buffer, walStart: bigint, walEnd: bigint): Promise<void> | undefined;
  close(): Promise<void>;
}
