import type { ChangeSink } from '../change-stream';
import type { TransactionSpool } from './transaction-spool';

/** Turns the payloads of a stream into changes. */
export interface StreamDecoder {
  /** Takes one payload. A promise: nothing more before it resolves. Throws, or rejects, with what ends the stream. */
  push(payload: Buffer): Promise<void> | undefined;
  /** Lets go of what is spooled. */
  close(): Promise<void>;
}

export interface PgoutputOptions {
  readonly protocol: 1 | 2 | 3 | 4;
  /** Needed where transactions are streamed while they run. */
  readonly spool: TransactionSpool | null;
}

/** Decodes pgoutput of servers 10 to 18. */
export function createPgoutputDecoder(sink: ChangeSink, options: PgoutputOptions): StreamDecoder {
  throw new Error(`not yet: ${typeof sink.begin} ${options.protocol}`);
}
