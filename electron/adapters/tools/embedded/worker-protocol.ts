import type { MessagePort } from 'node:worker_threads';

/** What the worker of the built-in pg_dump is given. */
export interface WorkerInput {
  readonly port: MessagePort;
  /** Three counters that both threads share, by index below. */
  readonly counters: SharedArrayBuffer;
  readonly database: string;
  readonly user: string;
  readonly args: readonly string[];
}

/** Indexes into the counters. */
export const COUNTERS = {
  /** Grows with each message to the worker, so that it can sleep until one comes. */
  arrived: 0,
  /** Bytes of the dump that the parent has not passed on yet: the worker sleeps while they are too many. */
  unread: 1,
} as const;
export const COUNTER_BYTES = 8;
export const UNREAD_LIMIT = 4 * 1024 * 1024;

/** To the worker: bytes of the server, or null at the end of the connection. */
export type ToWorker = Uint8Array | null;

export type FromWorker =
  | { readonly what: 'send'; readonly bytes: Uint8Array }
  /** So many bytes of the server were read. */
  | { readonly what: 'consumed'; readonly bytes: number }
  | { readonly what: 'dump'; readonly bytes: Uint8Array }
  | { readonly what: 'error-line'; readonly line: string }
  | { readonly what: 'exit'; readonly code: number };
