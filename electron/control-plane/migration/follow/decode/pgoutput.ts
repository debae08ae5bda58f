import { cancelled } from '../../../../../shared/errors';
import type { Begin, ChangeSink, Commit, Lsn, Relation, Wait } from '../change-stream';
import type { MessageReader } from './message-reader';
import {
  readBegin,
  readCommit,
  readMessage,
  readOrigin,
  readRelation,
  readTruncate,
  skipType,
} from './pgoutput-messages';
import { StreamedTransactions } from './pgoutput-streamed';
import { damaged, FIELDS, MESSAGE, readerOf } from './pgoutput-wire';
import { StreamDamage } from './stream-damage';
import type { TransactionSpool } from './transaction-spool';
import { CUT_SHORT, tupleEnd, WRONG_COLUMNS } from './tuple';

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

const NEW_TUPLE = 0x4e;
const OLD_KEY = 0x4b;
const OLD_FULL = 0x4f;
/**
 * Decodes pgoutput of servers 10 to 18. A message that no server sends ends the stream with `StreamDamage`: nothing is guessed, and nothing is
 * handed on after it.
 *
 * Transactions that are streamed while they run are kept in the spool and handed on at their commit as if they came only then. A table that is
 * told within one counts from that moment on: the server takes it as told for the whole stream once the transaction has committed, and tells it
 * again where the (sub)transaction was rolled back.
 */
export function createPgoutputDecoder(sink: ChangeSink, options: PgoutputOptions): StreamDecoder {
  return new PgoutputDecoder(sink, options);
}

class PgoutputDecoder implements StreamDecoder {
  private readonly relations = new Map<number, Relation>();
  private latest: Relation | undefined;
  /** Position of the commit of the transaction at hand; null between transactions. */
  private open: Lsn | null = null;
  private lastEnd: Lsn = 0n;
  private readonly streamed: StreamedTransactions;
  private damage: unknown = null;

  constructor(
    private readonly sink: ChangeSink,
    options: PgoutputOptions,
  ) {
    this.streamed = new StreamedTransactions(options, {
      begin: (begin) => this.begin(begin),
      take: (payload, at) => this.take(payload, at),
      commit: (commit) => this.commit(commit),
    });
  }

  push(payload: Buffer): Wait {
    if (this.damage !== null) throw this.damage;
    try {
      return this.streamed.inBlock ? this.streamed.keep(payload) : this.take(payload, FIELDS);
    } catch (error) {
      this.damage = error;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.damage ??= cancelled();
    await this.streamed.close();
  }

  /** One message of a transaction that is handed on; the fields begin at `at`. */
  private take(payload: Buffer, at: number): Wait {
    switch (payload[0]) {
      case MESSAGE.insert:
        return this.insert(payload, at);
      case MESSAGE.update:
        return this.update(payload, at);
      case MESSAGE.delete:
        return this.delete(payload, at);
      default:
        return this.takeRare(payload, at);
    }
  }

  private insert(bytes: Buffer, at: number): Wait {
    const relation = this.relationAt(bytes, at);
    if (bytes[at + 4] !== NEW_TUPLE) throw damaged(bytes, 'it has no new row');
    const tuple = at + 5;
    if (tupleEnd(bytes, tuple, relation.columns.length, false) === bytes.length)
      return this.sink.insert(relation, bytes, tuple);
    // With a row filter the server makes an INSERT of an UPDATE that moves a row into it, and large values that did not change do not come. It is
    // handed on as the UPDATE that it was: that finds no row, and nobody takes the row for whole.
    const mayLack = relation.identity === 'default' || relation.identity === 'index';
    if (this.tuple(relation, bytes, tuple, mayLack) !== bytes.length) throw damaged(bytes, 'more follows its row');
    return this.sink.update(relation, 'none', bytes, -1, tuple);
  }

  private update(bytes: Buffer, at: number): Wait {
    const relation = this.relationAt(bytes, at);
    let next = at + 4;
    let old: 'none' | 'key' | 'full' = 'none';
    let oldAt = -1;
    const kind = bytes[next];
    if (kind === OLD_KEY || kind === OLD_FULL) {
      old = kind === OLD_KEY ? 'key' : 'full';
      oldAt = next + 1;
      next = this.tuple(relation, bytes, oldAt, false);
    }
    if (bytes[next] !== NEW_TUPLE) throw damaged(bytes, 'it has no new row');
    if (this.tuple(relation, bytes, next + 1, true) !== bytes.length) throw damaged(bytes, 'more follows its row');
    return this.sink.update(relation, old, bytes, oldAt, next + 1);
  }

  private delete(bytes: Buffer, at: number): Wait {
    const relation = this.relationAt(bytes, at);
    const kind = bytes[at + 4];
    if (kind !== OLD_KEY && kind !== OLD_FULL) throw damaged(bytes, 'it has no old row');
    if (this.tuple(relation, bytes, at + 5, false) !== bytes.length) throw damaged(bytes, 'more follows its row');
    return this.sink.delete(relation, kind === OLD_KEY ? 'key' : 'full', bytes, at + 5);
  }

  private relationAt(bytes: Buffer, at: number): Relation {
    if (this.open === null) throw damaged(bytes, 'it belongs to no transaction');
    if (at + 5 > bytes.length) throw damaged(bytes, 'it is cut short');
    const oid =
      (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>>
      0;
    return this.latest?.oid === oid ? this.latest : this.relation(bytes, oid);
  }

  private relation(bytes: Buffer, oid: number): Relation {
    const found = this.relations.get(oid);
    if (!found) throw damaged(bytes, `table ${oid} was not told before`);
    this.latest = found;
    return found;
  }

  /** Where the row at `at` ends. Only the new row of an UPDATE may lack values, and the INSERT made of one. */
  private tuple(relation: Relation, bytes: Buffer, at: number, mayLack: boolean): number {
    const end = tupleEnd(bytes, at, relation.columns.length, mayLack);
    if (end >= 0) return end;
    if (end === CUT_SHORT) throw damaged(bytes, 'it is cut short');
    const where = `a row of ${relation.schema}.${relation.name}`;
    throw damaged(
      bytes,
      end === WRONG_COLUMNS ? `${where} has another number of columns` : `${where} has a value of an unknown kind`,
    );
  }

  private takeRare(payload: Buffer, at: number): Wait {
    const type = payload[0];
    const reader = readerOf(payload, at);
    switch (type) {
      case MESSAGE.begin:
        if (this.open !== null) throw reader.damage('the transaction before has not ended');
        return this.begin(readBegin(reader));
      case MESSAGE.commit:
        return this.commit(readCommit(reader));
      case MESSAGE.relation: {
        const relation = readRelation(reader);
        this.relations.set(relation.oid, relation);
        this.latest = relation;
        return this.sink.relation(relation);
      }
      case MESSAGE.type:
        skipType(reader);
        return undefined;
      case MESSAGE.origin:
        this.needOpen(reader);
        return this.sink.origin(readOrigin(reader));
      case MESSAGE.truncate: {
        this.needOpen(reader);
        const { oids, cascade, restartIdentity } = readTruncate(reader);
        const relations = oids.map((oid) => this.relation(payload, oid));
        return this.sink.truncate(relations, cascade, restartIdentity);
      }
      case MESSAGE.message: {
        const { prefix, content, transactional, lsn } = readMessage(reader);
        if (transactional) this.needOpen(reader);
        return this.sink.message(prefix, content, transactional, lsn);
      }
      default:
        if (this.open !== null) throw reader.damage('it was not to be expected within a transaction');
        return this.streamed.take(payload, reader)?.catch((error: unknown) => {
          this.damage = error;
          throw error;
        });
    }
  }

  private begin(begin: Begin): Wait {
    this.open = begin.commitLsn;
    return this.sink.begin(begin);
  }

  private commit(commit: Commit): Wait {
    if (commit.commitLsn !== this.open) throw new StreamDamage('C', 'it ends another transaction than the one at hand');
    if (commit.endLsn <= this.lastEnd) throw new StreamDamage('C', 'it comes before the transaction before it');
    this.open = null;
    this.lastEnd = commit.endLsn;
    return this.sink.commit(commit);
  }

  private needOpen(reader: MessageReader): void {
    if (this.open === null) throw reader.damage('it belongs to no transaction');
  }
}
