import type { Lsn } from '../change-stream';
import type { Asking, StreamIdentity, TableRoute } from '../follow-model';

/** How far the receiving side is with a stream. */
export interface StoredProgress {
  /** End of the last source transaction that all sessions have applied; null: nothing of this stream yet. */
  readonly endLsn: Lsn | null;
  /** By the clock of the source, milliseconds since the epoch; 0 with no progress. */
  readonly committedAt: number;
  /** There are records of another slot or server: they were not used. In words; empty when there are none. */
  readonly foreign: string;
}

/** Reads the progress of a stream; makes schema and tables where they are missing. */
export function openProgress(_asking: Asking, _identity: StreamIdentity): Promise<StoredProgress> {
  return Promise.reject(new Error('not there yet'));
}

/** Replaces all routes of a stream. */
export function saveRoutes(
  _asking: Asking,
  _identity: StreamIdentity,
  _routes: ReadonlyMap<number, TableRoute>,
): Promise<void> {
  return Promise.reject(new Error('not there yet'));
}

/** Routes by the OID of the table on the side that the changes come from. */
export function readRoutes(_asking: Asking, _identity: StreamIdentity): Promise<Map<number, TableRoute>> {
  return Promise.reject(new Error('not there yet'));
}

/** Statements that store one route, or remove it. */
export function routeStatements(_identity: StreamIdentity, _oid: number, _route: TableRoute | null): string[] {
  return [];
}

/** Removes progress and routes of a stream, and the schema when nobody else has records in it. */
export function dropProgress(_asking: Asking, _identity: StreamIdentity): Promise<void> {
  return Promise.reject(new Error('not there yet'));
}
