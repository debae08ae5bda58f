import { AppError, cancelled } from '../../../../../shared/errors';
import type { Begin, Commit, Wait } from '../change-stream';
import type { MessageReader } from './message-reader';
import { readCommit } from './pgoutput-messages';
import { damaged, FIELDS, MESSAGE, readerOf, STREAMED_FIELDS } from './pgoutput-wire';
import { typeName } from './stream-damage';
import type { TransactionSpool } from './transaction-spool';

/** Where a streamed transaction goes at its commit: `take` gets its messages, whose fields begin at `at`. */
interface Whole {
  begin(begin: Begin): Wait;
  take(payload: Buffer, at: number): Wait;
  commit(commit: Commit): Wait;
}

interface Options {
  readonly protocol: 1 | 2 | 3 | 4;
  readonly spool: TransactionSpool | null;
}

/** Begin and end of transactions in two phases: the slots of a task do not ask for them. */
const TWO_PHASE = new Set([0x62, 0x50, 0x4b, 0x72, 0x70]);
/** What a block may hold, with the number of the (sub)transaction after the type. */
const IN_BLOCKS = new Set<number>([
  MESSAGE.relation,
  MESSAGE.type,
  MESSAGE.insert,
  MESSAGE.update,
  MESSAGE.delete,
  MESSAGE.truncate,
  MESSAGE.message,
]);
/** Position and time of an abort: of protocol 4, where the stream is asked for as parallel. */
const ABORT_DETAILS = 16;

/**
 * Transactions that are sent in blocks while they run, from protocol 2 on. They are kept, and handed on at their commit as if they came only
 * then.
 */
export class StreamedTransactions {
  /** The transaction whose block is being sent; 0 outside of blocks. */
  private block = 0;
  private readonly running = new Set<number>();
  private closed = false;

  constructor(
    private readonly options: Options,
    private readonly whole: Whole,
  ) {}

  get inBlock(): boolean {
    return this.block !== 0;
  }

  /** A message within a block. */
  keep(payload: Buffer): Wait {
    const type = payload[0] ?? -1;
    const { spool } = this.options;
    if (type === MESSAGE.streamStop) {
      readerOf(payload, FIELDS).end();
      this.block = 0;
      return undefined;
    }
    // The origin is told once for the whole transaction, without a number.
    if (type === MESSAGE.origin) return spool?.append(this.block, this.block, payload);
    if (!IN_BLOCKS.has(type)) throw damaged(payload, 'it is not part of a streamed transaction');
    return spool?.append(this.block, readerOf(payload, FIELDS).uint32(), payload);
  }

  /** A message between transactions and blocks that speaks of streamed ones. Refuses every other. */
  take(payload: Buffer, reader: MessageReader): Wait {
    const type = payload[0] ?? -1;
    const { spool, protocol } = this.options;
    if (TWO_PHASE.has(type)) {
      throw new AppError({
        code: 'unsupported',
        message: `The slot sends transactions that are prepared (message ${typeName(type)}), which was not asked for`,
        hint: 'Let the task make its slot itself, without two_phase.',
      });
    }
    if (type === MESSAGE.streamAbort) return this.abort(reader);
    if (protocol >= 2 && spool) {
      if (type === MESSAGE.streamStart) return this.start(reader);
      if (type === MESSAGE.streamCommit) return this.commit(reader, spool);
    }
    throw damaged(payload, 'it is of an unknown type');
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.options.spool?.close();
  }

  private start(reader: MessageReader): Wait {
    const xid = reader.uint32();
    const first = reader.uint8();
    reader.end();
    if (xid === 0 || first > 1) throw reader.damage('its fields are not known');
    if ((first === 1) === this.running.has(xid)) {
      throw reader.damage(`transaction ${xid} ${first === 1 ? 'begins twice' : 'goes on without having begun'}`);
    }
    this.running.add(xid);
    this.block = xid;
    return undefined;
  }

  private commit(reader: MessageReader, spool: TransactionSpool): Wait {
    const xid = reader.uint32();
    const commit = readCommit(reader);
    if (!this.running.delete(xid)) throw reader.damage(`transaction ${xid} has not begun`);
    return this.handOn(xid, commit, spool);
  }

  private async handOn(xid: number, commit: Commit, spool: TransactionSpool): Promise<void> {
    await this.whole.begin({ xid, commitLsn: commit.commitLsn, committedAt: commit.committedAt });
    await spool.replay(xid, (payload) => {
      if (this.closed) throw cancelled();
      return this.whole.take(payload, payload[0] === MESSAGE.origin ? FIELDS : STREAMED_FIELDS);
    });
    await this.whole.commit(commit);
  }

  private abort(reader: MessageReader): Wait {
    const xid = reader.uint32();
    const sub = reader.uint32();
    if (this.options.protocol >= 4 && reader.left === ABORT_DETAILS) reader.view(ABORT_DETAILS);
    reader.end();
    // A server (18, now and then, under any protocol) also tells the end of one of which it has sent nothing: there is nothing to forget.
    if (!this.running.has(xid)) return undefined;
    if (xid === sub) this.running.delete(xid);
    return this.options.spool?.abort(xid, sub);
  }
}
