import type { TableCompare } from '../../../../shared/model/migration-api';
import type { WorkPool } from '../copy/work-pool';
import { failureKind, reasonText } from '../worker/failure';
import { withRetries } from '../worker/sides';
import { together } from '../worker/together';
import { compareChunk, createChunks } from './compare-chunks';
import type { ComparedTable, CompareDatabaseOptions } from './compare-model';
import { compareWhole } from './compare-whole';
import type { Candidate, Pair, Readers } from './find-differences';
import { describeRows } from './row-details';
import { createSideReader } from './side-reader';
import type { Missing, TableShape } from './table-shape';

export interface TableDeps {
  readonly options: CompareDatabaseOptions;
  readonly slots: WorkPool;
  /** Lends a session of each side. */
  use<T>(signal: AbortSignal, work: (pair: Pair) => Promise<T>): Promise<T>;
  shape(pair: Pair, table: ComparedTable): Promise<TableShape | Missing>;
}

/** Rows of the first part; fewer where rows are wide. */
const CHUNK_ROWS = 50_000;
const CHUNK_BYTES = 64 * 1024 * 1024;
const CHUNK_ROWS_MIN = 500;
/** Parts of a sample are smaller, so that it is spread. */
const SAMPLE_SHARE = 10;
/** Rows of a table that are listed. */
const LISTED = 1000;
const PATIENCE_MS = 120_000;

function firstRows(table: ComparedTable, { mode, chunkRows = CHUNK_ROWS }: CompareDatabaseOptions): number {
  const width = table.bytes / Math.max(1, table.rows);
  const rows = width > 0 ? Math.min(chunkRows, Math.max(CHUNK_ROWS_MIN, Math.floor(CHUNK_BYTES / width))) : chunkRows;
  return Math.max(1, Math.round(mode === 'sample' ? rows / SAMPLE_SHARE : rows));
}

/** What is told of a table before anything is known of it. */
export const waitingTable = (
  table: ComparedTable,
  { database, mode }: Pick<CompareDatabaseOptions, 'database' | 'mode'>,
): TableCompare => ({
  database,
  schema: table.schema,
  name: table.name,
  result: 'waiting',
  mode,
  rows: 0,
  estimatedRows: Math.max(0, Math.round(table.rows)),
  sourceRows: null,
  targetRows: null,
  chunks: 0,
  chunksDone: 0,
  differences: 0,
  startedAt: null,
  endedAt: null,
  reason: '',
});

const rowWord = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);

/** Compares one table and tells how it goes; answers what was told last. Throws only what ends everything. */
export async function compareTable(table: ComparedTable, deps: TableDeps): Promise<TableCompare> {
  const { options, slots } = deps;
  const { lag: flow, mode } = options;
  const lag = flow && { flow, patienceMs: options.patienceMs ?? PATIENCE_MS };
  let told = waitingTable(table, options);
  const tell = (change: Partial<TableCompare>): void => {
    told = { ...told, ...change };
    options.onTable(told);
  };
  const end = (change: Pick<TableCompare, 'result'> & Partial<TableCompare>): void =>
    tell({ ...change, endedAt: Date.now() });
  const inSlot = <T>(signal: AbortSignal, work: (pair: Pair) => Promise<T>): Promise<T> =>
    slots.add(table.bytes, () => withRetries(() => deps.use(signal, work), signal));

  const missing = async (side: Missing['missing']): Promise<void> => {
    if (side === 'source') {
      end({ result: 'unfit', reason: `The source has no table ${table.schema}.${table.name} any more` });
      return;
    }
    end({ result: 'different', reason: `The target has no table ${table.targetSchema}.${table.targetName}` });
  };

  const byChunks = async (shape: TableShape, readers: Readers): Promise<void> => {
    const chunks = createChunks({
      readers,
      rows: firstRows(table, options),
      percent: mode === 'sample' ? options.samplePercent : 100,
      seed: `${options.seed ?? ''}\n${table.schema}\n${table.name}`,
    });
    let listed = 0;
    let restless = 0;
    let sourceRows = 0;
    let targetRows = 0;
    const estimate = (): number => Math.max(told.chunksDone + 1, Math.ceil(told.estimatedRows / chunks.rowsAtOnce));
    tell({ chunks: estimate() });
    const list = async (signal: AbortSignal, found: readonly Candidate[]): Promise<void> => {
      const shown = found.slice(0, LISTED - listed);
      listed += shown.length;
      if (shown.length === 0) return;
      const rows = await inSlot(signal, (pair) => describeRows(pair, readers, shape, shown, signal));
      options.onDifferences(table.schema, table.name, rows);
    };
    const lane = async (signal: AbortSignal): Promise<void> => {
      for (;;) {
        const chunk = await inSlot(signal, (pair) => chunks.next(pair, signal));
        if (!chunk) return;
        if (!chunk.taken) {
          tell({ chunksDone: told.chunksDone + 1, chunks: Math.max(told.chunks, estimate()) });
          continue;
        }
        const done = await inSlot(signal, (pair) => compareChunk(pair, readers, chunk.range, lag, signal));
        chunks.took(done.source.rows, done.ms);
        sourceRows += done.source.rows;
        targetRows += done.target.rows;
        restless += done.restless;
        await list(signal, done.different);
        tell({
          rows: sourceRows,
          differences: told.differences + done.different.length,
          chunksDone: told.chunksDone + 1,
          chunks: Math.max(told.chunksDone + 1, estimate()),
        });
      }
    };
    await together(
      options.signal,
      Array.from({ length: options.jobs }, () => lane),
    );
    const problems = [...shape.problems];
    if (restless > 0) problems.push(`${rowWord(restless)} changed at every look: compare again when they rest`);
    end({
      result: told.differences > 0 ? 'different' : problems.length > 0 ? 'unfit' : 'equal',
      chunks: told.chunksDone,
      // Of a sample nobody knows them.
      ...(mode === 'sample' ? {} : { sourceRows, targetRows }),
      reason: problems.join('; '),
    });
  };

  const whole = async (shape: TableShape, readers: Readers): Promise<void> => {
    const counted = mode === 'rowCount';
    tell({ chunks: 1, mode: counted ? 'rowCount' : 'full' });
    const { source, target, outcome } = await inSlot(options.signal, (pair) =>
      compareWhole(pair, readers, lag, options.signal),
    );
    const problems = counted ? [] : [...shape.problems];
    if (!counted && outcome === 'different')
      problems.push('the table has no key by which both servers could be asked: which rows differ cannot be told');
    if (outcome === 'restless') problems.push('it was changed at every look: compare again when it rests');
    const gap = Math.abs(source.rows - target.rows);
    end({
      result: outcome === 'different' ? 'different' : problems.length > 0 ? 'unfit' : 'equal',
      rows: source.rows,
      sourceRows: source.rows,
      targetRows: target.rows,
      chunksDone: 1,
      differences: outcome === 'different' ? Math.max(1, gap) : 0,
      reason: problems.join('; '),
    });
  };

  tell({ result: 'comparing', startedAt: Date.now() });
  try {
    const shape = await inSlot(options.signal, (pair) => deps.shape(pair, table));
    if ('missing' in shape) {
      await missing(shape.missing);
    } else {
      const hashes = mode !== 'rowCount';
      const readers = {
        source: createSideReader(shape.source, hashes),
        target: createSideReader(shape.target, hashes),
        orderMayDiffer: shape.orderMayDiffer,
      };
      await (hashes && shape.key.length > 0 ? byChunks(shape, readers) : whole(shape, readers));
    }
  } catch (error) {
    const kind = failureKind(error);
    if (kind !== 'object' && kind !== 'busy') throw error;
    end({ result: 'failed', reason: reasonText(error) });
  }
  return told;
}
