import { z } from 'zod';
import { AppError } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';
import { createWorkPool } from '../copy/work-pool';
import { createSessionPool } from '../worker/session-pool';
import { together } from '../worker/together';
import { withSession } from '../worker/sides';
import type { CompareDatabaseOptions, CompareTotals } from './compare-model';
import { compareTable, type TableDeps } from './compare-table';
import { createTypeCatalog } from './type-tree';
import { readShape } from './table-shape';
import type { TextForm } from './value-text';

const encodingRow = z.object({ encoding: z.string() });

interface SideFacts {
  readonly versionNum: number;
  readonly encoding: string;
  /** FIPS mode forbids it. */
  readonly md5: boolean;
}

async function readFacts(session: PgSession, signal: AbortSignal): Promise<SideFacts> {
  const [row] = await session.query("SELECT pg_catalog.current_setting('server_encoding') AS encoding", [], signal);
  const md5 = await session.query("SELECT pg_catalog.md5('')", [], signal).then(
    () => true,
    () => false,
  );
  return { versionNum: session.serverVersionNum, encoding: encodingRow.parse(row).encoding, md5 };
}

const RAW = 'SQL_ASCII';
const SHA_FROM = 110_000;
const FLOATS_FROM = 120_000;
const CHARS_FROM = 160_000;

function formsOf(source: SideFacts, target: SideFacts): { readonly source: TextForm; readonly target: TextForm } {
  const across = (from: number): boolean => source.versionNum < from !== target.versionNum < from;
  const sha = Math.min(source.versionNum, target.versionNum) >= SHA_FROM;
  if (!(source.md5 && target.md5) && !sha)
    throw new AppError({
      code: 'unsupported',
      message: 'One of the servers makes no md5 (FIPS), the other one makes nothing else',
      hint: 'From PostgreSQL 11 on sha256 is used instead.',
    });
  const common = {
    floatsDiffer: across(FLOATS_FROM),
    charsDiffer: across(CHARS_FROM),
    hash: source.md5 && target.md5 ? ('md5' as const) : ('sha256' as const),
  };
  const same = source.encoding === target.encoding;
  // As the rows were copied: what a server without an encoding holds goes over as it is.
  const converts = ({ encoding }: SideFacts): boolean => !same && encoding !== 'UTF8' && encoding !== RAW;
  return {
    source: { ...common, convert: converts(source) },
    target: { ...common, convert: converts(target) && source.encoding !== RAW },
  };
}

/** Reads of many sessions must not take more of a server than that many processes. */
const NOT_PARALLEL = "SELECT pg_catalog.set_config('max_parallel_workers_per_gather', '0', false)";
const PARALLEL_FROM = 90_600;

/**
 * Compares the rows of a database with those of its copy, table by table. What one table cannot be compared for is told with it; what ends
 * everything (a server that is away, the signal) is thrown.
 */
export async function compareDatabase(options: CompareDatabaseOptions): Promise<CompareTotals> {
  const { signal } = options;
  const opened = (open: (until: AbortSignal) => Promise<PgSession>) => async (): Promise<PgSession> => {
    const session = await open(signal);
    try {
      if (session.serverVersionNum >= PARALLEL_FROM) await session.query(NOT_PARALLEL, [], signal);
    } catch (error) {
      await session.end();
      throw error;
    }
    return session;
  };
  const pools = {
    source: createSessionPool(opened((until) => options.source(until))),
    target: createSessionPool(opened((until) => options.target(until))),
  };
  const facts = (open: (until: AbortSignal) => Promise<PgSession>): Promise<SideFacts> =>
    withSession(
      () => open(signal),
      signal,
      (session) => readFacts(session, signal),
    );
  const [source, target] = await Promise.all([
    facts((until) => options.source(until)),
    facts((until) => options.target(until)),
  ]);
  const forms = formsOf(source, target);
  const types = { source: createTypeCatalog(), target: createTypeCatalog() };
  const strings = source.encoding !== RAW && target.encoding !== RAW;
  const deps: Omit<TableDeps, 'options'> = {
    slots: createWorkPool(options.jobs),
    use: (_until, work) =>
      pools.source.use((here) => pools.target.use((there) => work({ source: here, target: there }))),
    shape: (pair, table) => readShape(table, { ...pair, types, forms, strings, signal }),
  };
  const totals = { tables: 0, equal: 0, different: 0, failed: 0, rows: 0, differences: 0 };
  const waiting = options.tables.toSorted((a, b) => a.bytes - b.bytes);
  const lane = async (until: AbortSignal): Promise<void> => {
    const own = { ...deps, options: { ...options, signal: until } };
    for (let table = waiting.pop(); table !== undefined; table = waiting.pop()) {
      const { result, rows, differences } = await compareTable(table, own);
      totals.tables += 1;
      totals.rows += rows;
      totals.differences += differences;
      if (result === 'equal' || result === 'different') totals[result] += 1;
      else totals.failed += 1;
    }
  };
  try {
    await together(
      signal,
      Array.from({ length: options.jobs }, () => lane),
    );
  } finally {
    await Promise.all([pools.source.close(), pools.target.close()]);
  }
  return totals;
}
