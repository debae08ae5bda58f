import { MessageReader } from './message-reader';
import { StreamDamage, typeName } from './stream-damage';

/** Type bytes of pgoutput. Source: PostgreSQL's documentation, "Logical Replication Message Formats". */
export const MESSAGE = {
  begin: 0x42,
  commit: 0x43,
  origin: 0x4f,
  relation: 0x52,
  type: 0x59,
  insert: 0x49,
  update: 0x55,
  delete: 0x44,
  truncate: 0x54,
  message: 0x4d,
  streamStart: 0x53,
  streamStop: 0x45,
  streamCommit: 0x63,
  streamAbort: 0x41,
} as const;

/** Where the fields begin: after the type, and after the number of the transaction in what is streamed. */
export const FIELDS = 1;
export const STREAMED_FIELDS = 5;

const nameOf = (payload: Buffer): string => (payload.length === 0 ? '' : typeName(payload[0] ?? 0));

export const damaged = (payload: Buffer, what: string): StreamDamage => new StreamDamage(nameOf(payload), what);

/** Reads the fields of a message from `at` on. */
export const readerOf = (payload: Buffer, at: number): MessageReader => new MessageReader(nameOf(payload), payload, at);
