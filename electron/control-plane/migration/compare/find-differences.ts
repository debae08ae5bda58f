import type { RowDifference } from '../../../../shared/model/migration-api';
import type { PgSession } from '../../../adapters/postgres/session';
import { sameSums, type FoundRow, type Key, type KeyRange, type SideReader, type Sums } from './side-reader';

/** One session of each side, of one user. */
export interface Pair {
  readonly source: PgSession;
  readonly target: PgSession;
}

export interface Readers {
  readonly source: SideReader;
  readonly target: SideReader;
  /** Whether the servers may put keys into another order. */
  readonly orderMayDiffer: boolean;
}

export interface Candidate {
  readonly id: string;
  readonly key: Key;
  readonly kind: RowDifference['kind'];
}

/** Ranges of at most so many rows are read row by row. */
const LEAF_ROWS = 1000;
/** Parts that a range that differs is cut into. */
const PARTS = 16;

export const sumsOf = async (
  pair: Pair,
  readers: Readers,
  range: KeyRange,
  signal: AbortSignal,
): Promise<{ readonly source: Sums; readonly target: Sums }> => {
  const [source, target] = await bothSettled(
    readers.source.sums(pair.source, range, signal),
    readers.target.sums(pair.target, range, signal),
  );
  return { source, target };
};

/** Both, after both have ended: a session whose question is under way must not be given to somebody else. */
export async function bothSettled<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

/** By key. */
export const indexRows = (rows: readonly FoundRow[]): Map<string, FoundRow[]> => {
  const found = new Map<string, FoundRow[]>();
  for (const row of rows) {
    const known = found.get(row.id);
    if (known) known.push(row);
    else found.set(row.id, [row]);
  }
  return found;
};

/** All that a side has under a key; the target may have it several times. */
export const hashesOf = (rows: readonly FoundRow[] | undefined): string =>
  (rows ?? [])
    .map(({ hash }) => hash)
    .toSorted()
    .join();

/** Rows that are not alike in both lists. */
export function differing(source: readonly FoundRow[], target: readonly FoundRow[]): Candidate[] {
  const there = indexRows(target);
  const here = indexRows(source);
  const found: Candidate[] = [];
  for (const [id, rows] of here) {
    const others = there.get(id);
    if (hashesOf(rows) === hashesOf(others)) continue;
    const many = others?.length ?? 0;
    const kind = many < rows.length ? 'missing' : many > rows.length ? 'extra' : 'changed';
    found.push({ id, key: rows[0]?.key ?? [], kind });
  }
  for (const [id, rows] of there) if (!here.has(id)) found.push({ id, key: rows[0]?.key ?? [], kind: 'extra' });
  return found;
}

/** Keys that both servers put into the same order, from those that one has put so: between them lie the same rows on both. */
export async function orderedKeys(
  keys: readonly Key[],
  range: KeyRange,
  ordered: (first: Key, second: Key) => Promise<boolean>,
): Promise<Key[]> {
  const kept: Key[] = [];
  let last = range.after;
  for (const key of keys) {
    if (last !== null && !(await ordered(last, key))) continue;
    if (range.upTo !== null && !(await ordered(key, range.upTo))) continue;
    kept.push(key);
    last = key;
  }
  return kept;
}

/** Rows of a range that is not alike on both sides, by cutting it into ever smaller ones. */
export async function search(
  pair: Pair,
  readers: Readers,
  range: KeyRange,
  sums: { readonly source: Sums; readonly target: Sums },
  signal: AbortSignal,
): Promise<Candidate[]> {
  const { source, target } = sums;
  const rows = Math.max(source.rows, target.rows);
  const fuller = source.rows >= target.rows ? 'source' : 'target';
  const other = fuller === 'source' ? 'target' : 'source';
  const small = rows <= LEAF_ROWS || Math.min(source.rows, target.rows) === 0;
  const found = small ? [] : await readers[fuller].bounds(pair[fuller], range, Math.ceil(rows / PARTS), signal);
  const cuts = readers.orderMayDiffer
    ? await orderedKeys(found, range, (first, second) => readers[other].ordered(pair[other], first, second, signal))
    : found;
  // The last key of a range may be the bound of it: nothing would be left behind.
  if (cuts.length < 2) {
    const [here, there] = await bothSettled(
      readers.source.list(pair.source, range, signal),
      readers.target.list(pair.target, range, signal),
    );
    return differing(here, there);
  }
  const candidates: Candidate[] = [];
  for (let at = 0; at <= cuts.length; at += 1) {
    const part = { after: cuts[at - 1] ?? range.after, upTo: cuts[at] ?? range.upTo };
    const looked = await sumsOf(pair, readers, part, signal);
    if (!sameSums(looked.source, looked.target))
      candidates.push(...(await search(pair, readers, part, looked, signal)));
  }
  return candidates;
}

/** Asks both sides for these rows by their keys: what is alike then does not differ. */
export async function lookAgain(
  pair: Pair,
  readers: Readers,
  candidates: readonly Candidate[],
  signal: AbortSignal,
): Promise<Candidate[]> {
  if (candidates.length === 0) return [];
  const keys = candidates.map(({ key }) => key);
  const [source, target] = await bothSettled(
    readers.source.lookUp(pair.source, keys, signal),
    readers.target.lookUp(pair.target, keys, signal),
  );
  const wanted = new Set(candidates.map(({ id }) => id));
  return differing(source, target).filter(({ id }) => wanted.has(id));
}
