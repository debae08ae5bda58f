import { z } from 'zod';
import { parseLsn, type ChangeSink, type Wait } from '../change-stream';
import { StreamDamage } from './stream-damage';
import {
  bytesOf,
  createTableBook,
  isNamed,
  nameOf,
  namelessHalt,
  timeOf,
  tupleOf,
  type PositionedDecoder,
  type TableBookOptions,
  type TextRow,
  type TextValue,
} from './text-tuple';
import type { Relation } from '../change-stream';

export type Wal2jsonOptions = TableBookOptions;

/** Text stands for bytes, one character each. Numbers come as text, so that none of them is ever a number here. */
const item = z.object({
  name: z.string(),
  typeoid: z.number().int().optional(),
  value: z.union([z.string(), z.boolean(), z.null()]),
});
const at = {
  xid: z.number().int().nullish(),
  timestamp: z.string().nullish(),
  lsn: z.string(),
};
const line = z.discriminatedUnion('action', [
  z.object({ ...at, action: z.literal('B'), nextlsn: z.string() }),
  z.object({ ...at, action: z.literal('C'), nextlsn: z.string() }),
  z.object({ ...at, action: z.literal('I'), schema: z.string(), table: z.string(), columns: z.array(item) }),
  z.object({
    ...at,
    action: z.literal('U'),
    schema: z.string(),
    table: z.string(),
    columns: z.array(item),
    identity: z.array(item).optional(),
  }),
  z.object({
    ...at,
    action: z.literal('D'),
    schema: z.string(),
    table: z.string(),
    identity: z.array(item).optional(),
  }),
  z.object({ ...at, action: z.literal('T'), schema: z.string(), table: z.string() }),
  z.object({
    ...at,
    action: z.literal('M'),
    transactional: z.boolean(),
    prefix: z.string(),
    content: z.string(),
  }),
]);
type Line = z.output<typeof line>;
type Item = z.output<typeof item>;

const BYTEA = 17;

function readLine(payload: Buffer): Line {
  let value: unknown;
  try {
    value = JSON.parse(payload.toString('latin1'));
  } catch {
    throw new StreamDamage('', 'a line of wal2json is no JSON');
  }
  const read = line.safeParse(value);
  if (!read.success) throw new StreamDamage('', `a line of wal2json is not known: ${z.prettifyError(read.error)}`);
  return read.data;
}

/** Where the plugin writes another text than the type does, the type's is made again. */
function valueOf({ value, typeoid }: Item, column: Relation['columns'][number] | undefined): TextValue {
  if (value === null) return null;
  if (typeof value === 'boolean') return bytesOf(value ? 't' : 'f');
  return bytesOf((typeoid ?? column?.typeOid) === BYTEA ? `\\x${value}` : value);
}

function rowOf(items: readonly Item[], relation: Relation): TextRow {
  const columns = new Map(relation.columns.map((column) => [column.name, column]));
  return new Map(
    items.map((each) => {
      const name = nameOf(each.name);
      return [name, valueOf(each, columns.get(name))];
    }),
  );
}

const equal = (one: TextValue, other: TextValue): boolean =>
  one === other || (Buffer.isBuffer(one) && Buffer.isBuffer(other) && one.equals(other));

/** The identity comes with every update: whether it is what the row is found by though it is not the new one's. */
function differs(identity: TextRow, row: TextRow): boolean {
  for (const [name, value] of identity) if (row.get(name) !== undefined && !equal(value, row.get(name))) return true;
  return false;
}

/** Decodes wal2json, format version 2, as `startOptions` asks for it. Its lines tell where their transaction was committed, and where that ends. */
export function createWal2jsonDecoder(sink: ChangeSink, options: Wal2jsonOptions): PositionedDecoder {
  const book = createTableBook(options);
  let lastEnd = 0n;
  let open = false;
  /** Tables of one TRUNCATE come one by one, all with one position. */
  let emptied: { readonly lsn: string; readonly relations: Relation[] } | null = null;

  const relationOf = async (
    read: { readonly schema: string; readonly table: string },
    items: readonly Item[],
    whole: boolean,
  ): Promise<Relation | null> => {
    const columns = items.map(({ name }) => nameOf(name));
    const found = await book.find(nameOf(read.schema), nameOf(read.table), columns, whole);
    if (found?.told === true) await sink.relation(found.relation);
    return found?.relation ?? null;
  };
  const truncate = async (): Promise<void> => {
    const relations = emptied?.relations ?? [];
    emptied = null;
    if (relations.length > 0) await sink.truncate(relations, false, false);
  };
  const row = async (read: Extract<Line, { action: 'I' | 'U' | 'D' }>): Promise<void> => {
    const items = read.action === 'D' ? (read.identity ?? []) : read.columns;
    const relation = await relationOf(read, items, read.action === 'I');
    if (!relation) return;
    if (read.action === 'I') return sink.insert(relation, tupleOf(relation, rowOf(items, relation), null), 0);
    const identity = read.identity && read.identity.length > 0 ? rowOf(read.identity, relation) : null;
    if (!identity || !isNamed(relation)) {
      const halt = namelessHalt(relation, options.decisions);
      if (halt) throw halt;
      return;
    }
    const of = relation.identity === 'full' ? 'full' : 'key';
    const old = tupleOf(relation, identity, null);
    if (read.action === 'D') return sink.delete(relation, of, old, 0);
    const values = rowOf(items, relation);
    const changed = tupleOf(relation, values, undefined);
    if (of === 'key' && !differs(identity, values)) return sink.update(relation, 'none', changed, -1, 0);
    return sink.update(relation, of, Buffer.concat([old, changed]), 0, old.length);
  };
  const positions = (read: Extract<Line, { action: 'B' | 'C' }>) => ({
    commitLsn: parseLsn(read.lsn),
    endLsn: parseLsn(read.nextlsn),
    committedAt: timeOf(read.timestamp ?? ''),
  });
  const take = async (read: Line): Promise<void> => {
    if (emptied && (read.action !== 'T' || read.lsn !== emptied.lsn)) await truncate();
    if (read.action === 'M') {
      if (read.transactional !== open) throw new StreamDamage('M', 'it is not where it belongs');
      return sink.message(nameOf(read.prefix), bytesOf(read.content), read.transactional, parseLsn(read.lsn));
    }
    if ((read.action === 'B') === open) throw new StreamDamage(read.action, 'it is not where it belongs');
    switch (read.action) {
      case 'B': {
        open = true;
        const { commitLsn, committedAt } = positions(read);
        return sink.begin({ xid: read.xid ?? 0, commitLsn, committedAt });
      }
      case 'C': {
        open = false;
        const commit = positions(read);
        if (commit.endLsn <= lastEnd) throw new StreamDamage('C', 'transactions are not in the order of their commits');
        lastEnd = commit.endLsn;
        return sink.commit(commit);
      }
      case 'T': {
        const relation = await relationOf(read, [], false);
        emptied ??= { lsn: read.lsn, relations: [] };
        if (relation) emptied.relations.push(relation);
        return;
      }
      default:
        return row(read);
    }
  };
  return {
    push: (payload): Wait => take(readLine(payload)),
    close: () => Promise.resolve(),
  };
}
