import { quoteIdent } from '../../../../shared/model/quote';
import type { PlannedTable } from '../plan-model';

/** One piece of a table that is copied by itself; an empty condition is the whole table. */
export interface TablePart {
  readonly number: number;
  readonly of: number;
  /** SQL condition without parameters; only numbers and the quoted key column. */
  readonly where: string;
  /** Bytes, for the order and the estimate. */
  readonly bytes: number;
}

const PAGE = 8192;
/** More parts than this only cost sessions and scans. */
const PARTS_MAX = 256;
/** TID range scans exist from 14 on; before, the same condition reads the whole table for every part. Measured on 13. */
const CTID_RANGES_FROM = 140_000;

export interface SplitFacts {
  /** Tables larger than this are split; 0 never. Bytes. */
  readonly splitAbove: number;
  /** Of the source, `server_version_num`. */
  readonly serverVersionNum: number;
  /** Smallest and largest key under the snapshot; null when the table is empty or has no such key. */
  readonly keyRange: { readonly min: bigint; readonly max: bigint } | null;
}

const whole = (table: PlannedTable): TablePart[] => [{ number: 1, of: 1, where: '', bytes: table.bytes }];

function byCtid(table: PlannedTable, count: number): TablePart[] {
  const pages = Math.ceil(Math.ceil((table.heapBytes ?? table.bytes) / PAGE) / count);
  return Array.from({ length: count }, (_none, index) => {
    const from = index === 0 ? '' : `ctid >= '(${index * pages},0)'::tid`;
    // The last part is open-ended: the table may have grown since its size was read.
    const to = index === count - 1 ? '' : `ctid < '(${(index + 1) * pages},0)'::tid`;
    const where = [from, to].filter((part) => part !== '').join(' AND ');
    return { number: index + 1, of: count, where, bytes: table.bytes / count };
  });
}

function byKey(table: PlannedTable, key: string, range: { min: bigint; max: bigint }, count: number): TablePart[] {
  const column = quoteIdent(key);
  const step = (range.max - range.min) / BigInt(count) + 1n;
  return Array.from({ length: count }, (_none, index) => {
    const from = index === 0 ? '' : `${column} >= ${range.min + step * BigInt(index)}`;
    const to = index === count - 1 ? '' : `${column} < ${range.min + step * BigInt(index + 1)}`;
    const where = [from, to].filter((part) => part !== '').join(' AND ');
    return { number: index + 1, of: count, where, bytes: table.bytes / count };
  });
}

/**
 * Cuts a large table into parts that can be copied side by side: by position where the source can scan a range of it, else by its integer
 * key, else not at all. Every row is in exactly one part, whatever it is.
 */
export function partsOf(table: PlannedTable, facts: SplitFacts): TablePart[] {
  if (facts.splitAbove <= 0 || table.bytes <= facts.splitAbove) return whole(table);
  const count = Math.min(PARTS_MAX, Math.ceil(table.bytes / facts.splitAbove));
  if (facts.serverVersionNum >= CTID_RANGES_FROM) return byCtid(table, count);
  const { keyRange } = facts;
  if (table.integerKey === null || keyRange === null || keyRange.max - keyRange.min < BigInt(count))
    return whole(table);
  return byKey(table, table.integerKey, keyRange, count);
}
