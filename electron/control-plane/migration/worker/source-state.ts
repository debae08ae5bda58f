import { z } from 'zod';
import { AppError } from '../../../../shared/errors';
import type { DatabaseChoice } from '../../../../shared/model/migration';
import type { PgSession } from '../../../adapters/postgres/session';
import { sourceName } from '../copy/copy-statements';
import { importSnapshot, openSnapshot, type Snapshot } from '../copy/snapshot';
import type { PlannedDatabase, PlannedTable } from '../plan-model';
import { readPlan } from '../plan/read-plan';
import { reasonOf } from './failure';
import type { RunContext } from './run-context';

/** One state of a database of the source: a snapshot, what it holds, and a session that sees it. */
export interface SourceState {
  readonly snapshot: Snapshot;
  readonly plan: PlannedDatabase;
  readonly lsn: string;
  /** `client_encoding` for both ends. */
  readonly encoding: string;
  /** Sees the snapshot, and keeps the tables from being dropped, emptied or rewritten. One user at a time. */
  readonly reader: PgSession;
  release(): Promise<void>;
}

const ATTEMPTS = 5;
const BATCH = 500;

const facts = z.object({ lsn: z.string(), encoding: z.string(), locks: z.number() });
const changed = z.object({ name: z.string() });

/** The state could not be taken because the structure changed meanwhile. */
class Moved extends Error {}

async function begin(session: PgSession, snapshot: Snapshot, signal: AbortSignal): Promise<void> {
  for (const statement of importSnapshot(snapshot.id()).split('; ')) await session.query(statement, [], signal);
}

async function lockBatch(session: PgSession, tables: readonly PlannedTable[], signal: AbortSignal): Promise<void> {
  await session.query('SAVEPOINT lock_tables', [], signal);
  try {
    const list = tables.map((table) => `ONLY ${sourceName(table)}`).join(', ');
    await session.query(`LOCK TABLE ${list} IN ACCESS SHARE MODE`, [], signal);
    await session.query('RELEASE SAVEPOINT lock_tables', [], signal);
  } catch (error) {
    const { sqlstate } = reasonOf(error);
    if (sqlstate === '42P01' || sqlstate === '3F000') throw new Moved('a table is gone', { cause: error });
    if (sqlstate !== '42501' && sqlstate !== '55P03') throw error;
    await session.query('ROLLBACK TO SAVEPOINT lock_tables', [], signal);
    // A table that may not be read, or that somebody keeps locked, fails by itself later and says so.
    if (tables.length > 1) for (const table of tables) await lockBatch(session, [table], signal);
  }
}

/**
 * Keeps the tables as the snapshot has them: what empties or rewrites a table is not undone for older snapshots. Locks of a shared table
 * that other sessions need too are taken up to a quarter of its room.
 */
async function lockTables(
  session: PgSession,
  plan: PlannedDatabase,
  room: number,
  ctx: Pick<RunContext, 'telling' | 'signal'>,
): Promise<void> {
  const tables = plan.tables.filter(({ kind }) => kind === 'table');
  if (tables.length > room / 4) {
    ctx.telling.log(
      'warning',
      `${plan.source}: there are more tables (${tables.length}) than the source can lock without harm; do not drop, truncate or alter tables during the copy`,
    );
    return;
  }
  for (let at = 0; at < tables.length; at += BATCH) await lockBatch(session, tables.slice(at, at + BATCH), ctx.signal);
  const rewritten = await session.query(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = ANY ($1::oid[]) AND c.relfilenode <> pg_catalog.pg_relation_filenode(c.oid)`,
    [tables.map(({ oid }) => oid)],
    ctx.signal,
  );
  if (rewritten.length > 0) throw new Moved(rewritten.map((row) => changed.parse(row).name).join(', '));
}

async function take(ctx: RunContext, choice: DatabaseChoice): Promise<SourceState> {
  const { source, signal } = ctx;
  const open = (): Promise<PgSession> => source.open(choice.name, signal);
  const snapshot = await openSnapshot(open);
  let reader: PgSession | null = null;
  try {
    reader = await open();
    await begin(reader, snapshot, signal);
    const [row] = await reader.query(
      `SELECT (CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                    ELSE pg_catalog.pg_current_wal_lsn() END)::text AS lsn,
              pg_catalog.current_setting('server_encoding') AS encoding,
              pg_catalog.current_setting('max_locks_per_transaction')::int
                * (pg_catalog.current_setting('max_connections')::int
                   + pg_catalog.current_setting('max_prepared_transactions')::int) AS locks`,
      [],
      signal,
    );
    const { lsn, encoding, locks } = facts.parse(row);
    const plan = await readPlan(reader, choice, signal);
    if (ctx.order.options.type !== 'structure') await lockTables(reader, plan, locks, ctx);
    const kept = reader;
    return {
      snapshot,
      plan,
      lsn,
      encoding: encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8',
      reader: kept,
      async release() {
        await Promise.all([kept.end(), snapshot.release()]);
      },
    };
  } catch (error) {
    await Promise.all([reader?.end(), snapshot.release()]);
    throw error;
  }
}

/** Takes a state of the database; again when its structure changed while it was looked at. */
export async function takeState(ctx: RunContext, choice: DatabaseChoice): Promise<SourceState> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await take(ctx, choice);
    } catch (error) {
      if (!(error instanceof Moved)) throw error;
      if (attempt >= ATTEMPTS) {
        throw new AppError({
          code: 'conflict',
          message: `Tables of ${choice.name} are dropped or rewritten again and again (${error.message})`,
          hint: 'Stop the program that does so while the snapshot is taken, then resume.',
          retry: true,
        });
      }
      ctx.telling.log(
        'info',
        `${choice.name}: tables were changed meanwhile (${error.message}); taking another snapshot`,
      );
    }
  }
}
