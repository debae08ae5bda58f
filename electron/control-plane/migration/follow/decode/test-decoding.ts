import type { ChangeSink, Wait } from '../change-stream';
import { StreamDamage } from './stream-damage';
import {
  createTableBook,
  isNamed,
  namelessHalt,
  timeOf,
  tupleOf,
  type Found,
  type PositionedDecoder,
  type TableBookOptions,
} from './text-tuple';
import { readTestDecoding, type TextChange } from './test-decoding-text';
import type { TransactionSpool } from './transaction-spool';

export interface TestDecodingOptions extends TableBookOptions {
  /** Its text tells where a transaction was committed only at its end: transactions are kept here until then. */
  readonly spool: TransactionSpool;
}

/**
 * Decodes test_decoding of servers 9.4 and newer, as `startOptions` asks for it. The header of the line COMMIT stands at the end of the commit
 * record: that grows from one transaction to the next, as commits come in their order. The begin of that record is not told; one byte
 * before its end stands for it, which is on the same side of every position that a snapshot or a progress can have, as those lie at ends of records.
 */
export function createTestDecodingDecoder(sink: ChangeSink, options: TestDecodingOptions): PositionedDecoder {
  const { spool } = options;
  const book = createTableBook(options);
  let xid: number | null = null;
  let lastEnd = 0n;

  const tell = async ({ relation, told }: NonNullable<Found>): Promise<void> => {
    if (told) await sink.relation(relation);
  };
  const change = async (read: TextChange): Promise<void> => {
    if (read.kind === 'message') return sink.message(read.prefix, read.content, read.transactional, lastEnd);
    if (read.kind === 'begin' || read.kind === 'commit')
      throw new StreamDamage('', 'a transaction begins inside of another');
    if (read.kind === 'truncate') {
      const relations = [];
      for (const { schema, name } of read.tables) {
        const found = await book.find(schema, name, [], false);
        if (!found) continue;
        await tell(found);
        relations.push(found.relation);
      }
      if (relations.length > 0) await sink.truncate(relations, read.cascade, read.restart);
      return;
    }
    const { schema, name } = read.table;
    const whole = read.kind === 'insert' || read.kind === 'update';
    const columns = whole ? read.row.keys() : read.kind === 'delete' ? (read.old?.keys() ?? []) : [];
    const found = await book.find(schema, name, columns, whole);
    if (!found) return;
    await tell(found);
    const { relation } = found;
    if (read.kind === 'insert') return sink.insert(relation, tupleOf(relation, read.row, null), 0);
    const of = relation.identity === 'full' ? 'full' : 'key';
    const nameless = read.kind === 'nothing' || !isNamed(relation) || (read.kind === 'delete' && !read.old);
    if (nameless) {
      const halt = namelessHalt(relation, options.decisions);
      if (halt) throw halt;
      return;
    }
    if (read.kind === 'delete' && read.old) return sink.delete(relation, of, tupleOf(relation, read.old, null), 0);
    if (read.kind !== 'update') return;
    const row = tupleOf(relation, read.row, undefined);
    if (!read.old) return sink.update(relation, 'none', row, -1, 0);
    const old = tupleOf(relation, read.old, null);
    return sink.update(relation, of, Buffer.concat([old, row]), 0, old.length);
  };
  const commit = async (top: number, endLsn: bigint, at: string): Promise<void> => {
    if (endLsn <= lastEnd) throw new StreamDamage('', 'transactions are not in the order of their commits');
    lastEnd = endLsn;
    const commitLsn = endLsn - 1n;
    const committedAt = timeOf(at);
    await sink.begin({ xid: top, commitLsn, committedAt });
    await spool.replay(top, (line) => change(readTestDecoding(line)));
    await sink.commit({ commitLsn, endLsn, committedAt });
  };

  return {
    push(payload, walStart): Wait {
      // Rows are read once, when their transaction is known to be committed.
      if (xid !== null && payload[0] !== COMMIT_BEGIN) return spool.append(xid, xid, payload);
      const read = readTestDecoding(payload);
      if (read.kind === 'begin' && xid === null) {
        xid = read.xid;
        return undefined;
      }
      if (read.kind === 'commit' && xid !== null) {
        const top = xid;
        xid = null;
        return commit(top, walStart, read.at);
      }
      if (read.kind === 'message' && !read.transactional)
        return sink.message(read.prefix, read.content, false, walStart);
      throw new StreamDamage('', 'a change is outside of a transaction');
    },
    close: () => spool.close(),
  };
}

/** `C` of COMMIT; no other line begins so. */
const COMMIT_BEGIN = 0x43;
