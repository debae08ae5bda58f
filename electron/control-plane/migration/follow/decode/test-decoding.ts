import type { ChangeSink } from '../change-stream';
import type { FindRelation, PositionedDecoder } from './text-tuple';
import type { TransactionSpool } from './transaction-spool';

export interface TestDecodingOptions {
  readonly relations: FindRelation;
  /** Its text tells where a transaction was committed only at its end: transactions are kept here until then. */
  readonly spool: TransactionSpool;
}

/** Decodes test_decoding of servers 9.4 and newer, as `startOptions` asks for it. */
export function createTestDecodingDecoder(sink: ChangeSink, options: TestDecodingOptions): PositionedDecoder {
  throw new Error(`not ready: ${typeof sink.begin} ${typeof options.relations}`);
}
