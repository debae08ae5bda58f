import { z } from 'zod';
import { AppError } from '../../../../shared/errors';
import type { DatabaseChoice } from '../../../../shared/model/migration';
import type { PgSession } from '../../../adapters/postgres/session';
import { importSnapshot, openSnapshot, type Snapshot } from '../copy/snapshot';
import { formatLsn, type Lsn } from '../follow/change-stream';
import type { PlannedDatabase } from '../plan-model';
import { readPlan } from '../plan/read-plan';
import type { RunContext } from './run-context';

/** One state of a database of the source: a snapshot, what it holds, and a session that sees it. */
export interface SourceState {
  readonly snapshot: Snapshot;
  readonly plan: PlannedDatabase;
  readonly lsn: string;
  /** `client_encoding` for both ends. */
  readonly encoding: string;
  /** Sees the snapshot. Keeps no locks on tables. One user at a time. */
  readonly reader: PgSession;
  /** Reads on a session of its own that sees the snapshot: what it locks is free again afterwards. */
  aside<T>(read: (session: PgSession) => Promise<T>): Promise<T>;
  release(): Promise<void>;
}

/** A state that somebody else exports, until it is released. */
export interface ExportedState {
  readonly lsn: Lsn;
  readonly snapshot: string;
  release(): Promise<void>;
}

/** Where the states come from when the changes after them are followed. */
export interface StateStart {
  take(): Promise<ExportedState>;
  /** Whether the changes of everything that travels are kept; false: another state is taken. */
  holds(plan: PlannedDatabase): Promise<boolean>;
}

const ATTEMPTS = 5;

const facts = z.object({ lsn: z.string(), encoding: z.string() });
const changed = z.object({ name: z.string() });

/** The state could not be taken because the structure changed meanwhile. */
class Moved extends Error {}

async function importInto(session: PgSession, snapshot: Snapshot, signal: AbortSignal): Promise<void> {
  for (const statement of importSnapshot(snapshot.id()).split('; ')) await session.query(statement, [], signal);
}

/** Tables that were emptied or rewritten since the snapshot was taken: their rows of then cannot be read any more. */
async function mustStand(session: PgSession, plan: PlannedDatabase, signal: AbortSignal): Promise<void> {
  const rewritten = await session.query(
    `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = ANY ($1::oid[]) AND c.relfilenode IS DISTINCT FROM pg_catalog.pg_relation_filenode(c.oid)`,
    [plan.tables.flatMap(({ kind, oid }) => (kind === 'table' ? [oid] : []))],
    signal,
  );
  if (rewritten.length > 0) throw new Moved(rewritten.map((row) => changed.parse(row).name).join(', '));
}

/** The snapshot, and where it lies in the WAL when that is known exactly. */
async function openState(
  open: () => Promise<PgSession>,
  start: StateStart | null,
): Promise<{ readonly snapshot: Snapshot; readonly lsn: Lsn | null }> {
  if (!start) return { snapshot: await openSnapshot(open), lsn: null };
  const exported = await start.take();
  try {
    return { snapshot: await openSnapshot(open, exported.snapshot), lsn: exported.lsn };
  } finally {
    await exported.release();
  }
}

async function take(ctx: RunContext, choice: DatabaseChoice, start: StateStart | null): Promise<SourceState> {
  const { source, signal } = ctx;
  const open = (): Promise<PgSession> => source.open(choice.name, signal);
  const { snapshot, lsn: point } = await openState(open, start);
  let reader: PgSession | null = null;
  try {
    reader = await open();
    await importInto(reader, snapshot, signal);
    const [row] = await reader.query(
      `SELECT (CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                    ELSE pg_catalog.pg_current_wal_lsn() END)::text AS lsn,
              pg_catalog.current_setting('server_encoding') AS encoding`,
      [],
      signal,
    );
    const { lsn, encoding } = facts.parse(row);
    const plan = await readPlan(reader, choice, signal);
    const kept = reader;
    return {
      snapshot,
      plan,
      lsn: point === null ? lsn : formatLsn(point),
      encoding: encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8',
      reader: kept,
      async aside(read) {
        const session = await open();
        try {
          await importInto(session, snapshot, signal);
          return await read(session);
        } finally {
          await session.end();
        }
      },
      async release() {
        await Promise.all([kept.end(), snapshot.release()]);
      },
    };
  } catch (error) {
    await Promise.all([reader?.end(), snapshot.release()]);
    throw error;
  }
}

/**
 * Takes a state of the database and does with it what comes before the rows; both again when tables were emptied or rewritten meanwhile, as
 * long as nothing is copied yet.
 */
export async function takeState<T>(
  ctx: RunContext,
  choice: DatabaseChoice,
  begin: (state: SourceState) => Promise<T>,
  start: StateStart | null = null,
): Promise<{ readonly source: SourceState; readonly begun: T }> {
  for (let attempt = 1; ; attempt += 1) {
    const source = await take(ctx, choice, start);
    try {
      if (start && !(await start.holds(source.plan))) throw new Moved('tables were made');
      const begun = await begin(source);
      // What is emptied later is copied anew where the changes after the state are kept.
      if (ctx.order.options.type !== 'structure' && !start) await mustStand(source.reader, source.plan, ctx.signal);
      return { source, begun };
    } catch (error) {
      await source.release();
      if (!(error instanceof Moved)) throw error;
      if (attempt >= ATTEMPTS) throw failure(choice.name, error);
      ctx.telling.log('info', `${choice.name}: tables were changed (${error.message}); taking another snapshot`);
    }
  }
}

const failure = (database: string, error: Moved): AppError =>
  new AppError({
    code: 'conflict',
    message: `Tables of ${database} are emptied or rewritten again and again (${error.message})`,
    hint: 'Stop the program that does so while the snapshot is taken, then resume.',
    retry: true,
  });
