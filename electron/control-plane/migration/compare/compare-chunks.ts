import { createHash } from 'node:crypto';
import { awaitFlow } from './await-flow';
import type { Flow } from './compare-model';
import { lookAgain, search, sumsOf, type Candidate, type Pair, type Readers } from './find-differences';
import { settleDifferences } from './settle-differences';
import { sameSums, type Key, type KeyRange, type Sums } from './side-reader';

/** Time that one statement should take, in milliseconds. */
const CHUNK_MS = 1500;
const ROWS_MAX = 200_000;
/** Smaller parts than this share of the first one do not make a statement shorter that walks through the whole table. */
const SHRINK = 5;
/** Bounds in a row that the other server puts elsewhere. */
const TRIES = 20;

export interface Chunk {
  readonly index: number;
  readonly range: KeyRange;
  /** Of a sample: whether it is looked at. */
  readonly taken: boolean;
}

/** Cuts a table into ranges of keys as they are asked for, one after the other. */
export interface Chunks {
  /** Null: there are no more. */
  next(pair: Pair, signal: AbortSignal): Promise<Chunk | null>;
  /** How long a chunk took: the next ones follow it. */
  took(rows: number, ms: number): void;
  readonly rowsAtOnce: number;
}

export interface ChunkOptions {
  readonly readers: Readers;
  readonly rows: number;
  /** 1 … 100. */
  readonly percent: number;
  /** What is the same for the same table and sample. */
  readonly seed: string;
}

/** Whether a part is in a sample: the same answer to the same question. */
export function isTaken(seed: string, index: number, percent: number): boolean {
  if (percent >= 100 || index === 0) return true;
  const number = createHash('sha256').update(`${seed}\n${index}`).digest().readUInt32BE(0);
  return number / 0x1_0000_0000 < percent / 100;
}

export function createChunks({ readers, rows, percent, seed }: ChunkOptions): Chunks {
  let wanted = rows;
  let index = 0;
  let after: Key | null = null;
  let over = false;
  let queue: Promise<unknown> = Promise.resolve();

  const upTo = async (pair: Pair, signal: AbortSignal): Promise<Key | null> => {
    let from = after;
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const bound = await readers.source.bound(pair.source, from, wanted, signal);
      if (bound === null || after === null || !readers.orderMayDiffer) return bound;
      if (await readers.target.ordered(pair.target, after, bound, signal)) return bound;
      from = bound;
    }
    return null;
  };
  const take = async (pair: Pair, signal: AbortSignal): Promise<Chunk | null> => {
    if (over) return null;
    const bound = await upTo(pair, signal);
    const chunk = { index, range: { after, upTo: bound }, taken: isTaken(seed, index, percent) };
    index += 1;
    after = bound;
    over = bound === null;
    return chunk;
  };

  return {
    next(pair, signal) {
      const mine = queue.then(() => take(pair, signal));
      queue = mine.catch(() => undefined);
      return mine;
    },
    took(count, ms) {
      // A sample takes the same rows again only when its parts are the same.
      if (percent < 100 || count < wanted / 2) return;
      const factor = Math.min(2, Math.max(0.5, CHUNK_MS / Math.max(1, ms)));
      wanted = Math.round(Math.min(Math.max(rows, ROWS_MAX), Math.max(rows / SHRINK, 1, wanted * factor)));
    },
    get rowsAtOnce() {
      return wanted;
    },
  };
}

export interface ChunkResult {
  readonly source: Sums;
  readonly target: Sums;
  readonly different: readonly Candidate[];
  readonly restless: number;
  /** Of the first look, in milliseconds. */
  readonly ms: number;
}

/** Compares one range of keys; what differs is searched for, and looked at again while changes flow. */
export async function compareChunk(
  pair: Pair,
  readers: Readers,
  range: KeyRange,
  lag: { readonly flow: Flow; readonly patienceMs: number } | null,
  signal: AbortSignal,
): Promise<ChunkResult> {
  const begun = performance.now();
  const sums = await sumsOf(pair, readers, range, signal);
  const ms = performance.now() - begun;
  const equal = { ...sums, different: [], restless: 0, ms };
  if (sameSums(sums.source, sums.target)) return equal;
  if (!lag) {
    const found = await search(pair, readers, range, sums, signal);
    // Where keys are in another order, a row of this range may be in another one on the other side.
    const different = readers.orderMayDiffer ? await lookAgain(pair, readers, found, signal) : found;
    return { ...sums, different, restless: 0, ms };
  }
  await awaitFlow(lag.flow, lag.patienceMs, signal);
  const again = await sumsOf(pair, readers, range, signal);
  const written = lag.flow.from;
  const copy = again[written === 'source' ? 'target' : 'source'];
  if (sameSums(copy, sums[written]) || sameSums(copy, again[written])) return { ...equal, ...again };
  const found = await search(pair, readers, range, again, signal);
  const settled = await settleDifferences(pair, readers, found, lag.flow, lag.patienceMs, signal);
  return { ...again, different: settled.different, restless: settled.restless.length, ms };
}
