import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, throwIfAborted } from '../../../../../shared/errors';
import type { PgSession } from '../../../../adapters/postgres/session';
import { captureNames, OWN_CHANGE, type CaptureNames } from './capture-names';
import { captureStatements, fillStatement } from './capture-sql';

export interface CaptureOrder {
  readonly jobId: string;
  /** Of the stream; below 14 the log of changes is a table of it. */
  readonly publication: string;
  readonly signal: AbortSignal;
}

type CaptureOf = Omit<CaptureOrder, 'publication'>;

/** Tables whose shape is written in one transaction: an application's statement waits for it at most. */
const FILLED_AT_ONCE = 500;
const POLL_MS = 100;
/** What a server says to somebody who may not make event triggers. */
const NOT_ALLOWED = '42501';

async function exists(source: PgSession, names: CaptureNames, signal: AbortSignal): Promise<boolean> {
  const rows = await source.query(
    'SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = ANY ($1)',
    [names.eventTriggers.map(({ name }) => name)],
    signal,
  );
  return rows.length === names.eventTriggers.length;
}

/** Runs statements in one transaction; false when the account may not. */
async function inOne(source: PgSession, statements: readonly string[], signal: AbortSignal): Promise<boolean> {
  await source.query('BEGIN', [], signal);
  try {
    for (const statement of statements) await source.query(statement, [], signal);
    await source.query('COMMIT', [], signal);
    return true;
  } catch (error) {
    if (!source.closed) await source.query('ROLLBACK').catch(() => undefined);
    if (error instanceof AppError && error.info.sqlstate === NOT_ALLOWED) return false;
    throw error;
  }
}

/** Waits until every transaction that could have begun without the event triggers has ended. */
async function waitForOlder(source: PgSession, signal: AbortSignal): Promise<void> {
  const [row] = await source.query<{ id: string }>('SELECT pg_catalog.txid_current()::text AS id', [], signal);
  for (;;) {
    const [{ past } = { past: false }] = await source.query<{ past: boolean }>(
      'SELECT pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot()) > $1::int8 AS past',
      [row?.id],
      signal,
    );
    if (past) return;
    await pause(POLL_MS);
    throwIfAborted(signal);
  }
}

/**
 * Makes event triggers on the source that write changes of the structure into the WAL, in their order among the changes of rows. To be called
 * after the publication is there and before the slot is made: it waits for transactions that began before. False where the account may not
 * make event triggers. Done twice it does nothing more. Fails with `sql` and `cancelled`.
 */
export async function installCapture(source: PgSession, order: CaptureOrder): Promise<boolean> {
  const { signal } = order;
  const names = captureNames(order.jobId);
  const [{ standby } = { standby: true }] = await source.query<{ standby: boolean }>(
    'SELECT pg_catalog.pg_is_in_recovery() AS standby',
    [],
    signal,
  );
  if (standby) return false;
  if (!(await exists(source, names, signal))) {
    await removeCapture(source, order);
    const statements = captureStatements(names, {
      version: source.serverVersionNum,
      publication: order.publication,
      token: randomBytes(16).toString('hex'),
    });
    // Two tasks that make the schema at once would stand in each other's way.
    const lock = "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('howdah_migration'))";
    if (!(await inOne(source, [OWN_CHANGE, lock, ...statements], signal))) return false;
  }
  await waitForOlder(source, signal);
  for (;;) {
    const filled = await source.query(fillStatement(names), [FILLED_AT_ONCE], signal);
    if (filled.length === 0) return true;
  }
}

/** Whether changes of the structure of a database are told by its source. */
export const hasCapture = (source: PgSession, { jobId, signal }: CaptureOf): Promise<boolean> =>
  exists(source, captureNames(jobId), signal);

interface LeftRow {
  readonly kind: 'event trigger' | 'function' | 'table' | 'schema';
  readonly name: string;
}

/** What is there of the task, in the order in which it can be dropped; the schema when it holds nothing else. */
const LEFT = `SELECT 1 AS turn, 'event trigger' AS kind, pg_catalog.quote_ident(evtname) AS name FROM pg_catalog.pg_event_trigger WHERE evtname = ANY ($1)
  UNION ALL SELECT 2, 'function', p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = $2 AND p.proname = ANY ($3)
  UNION ALL SELECT 3, 'table', pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $2 AND c.relkind = 'r' AND c.relname = ANY ($3)
  UNION ALL SELECT 4, 'schema', pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_namespace n
    WHERE n.nspname = $2 AND pg_catalog.pg_has_role(n.nspowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relkind = 'r' AND c.relname <> ALL ($3))
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid AND p.proname <> ALL ($3))
  ORDER BY 1, 3`;

async function left(source: PgSession, order: CaptureOf): Promise<LeftRow[]> {
  const names = captureNames(order.jobId);
  const { keys, shapes, log, shapeOf, detail, tell, note, failed, trigger } = names;
  const rows = await source.query<LeftRow & { turn: number }>(
    LEFT,
    [
      names.eventTriggers.map(({ name }) => name),
      names.schema,
      [keys, shapes, log, shapeOf, detail, tell, note, failed, trigger],
    ],
    order.signal,
  );
  // An empty schema alone may be the one of another task that begins.
  return rows.every(({ kind }) => kind === 'schema') ? [] : rows;
}

const dropping = ({ kind, name }: LeftRow): string => `DROP ${kind.toUpperCase()} IF EXISTS ${name}`;

/** Takes away what `installCapture` has made; nothing when it is not there. Fails with `sql` and `cancelled`. */
export async function removeCapture(source: PgSession, order: CaptureOf): Promise<void> {
  const rows = await left(source, order);
  if (rows.length === 0) return;
  const mine = rows.filter(({ kind }) => kind !== 'schema').map(dropping);
  await source.query('BEGIN', [], order.signal);
  try {
    for (const statement of mine) await source.query(statement, [], order.signal);
    await source.query('COMMIT', [], order.signal);
  } catch (error) {
    if (!source.closed) await source.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  // Somebody else may have put something into it meanwhile.
  for (const schema of rows.filter(({ kind }) => kind === 'schema'))
    await source.query(dropping(schema), [], order.signal).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'sql') throw error;
    });
}

/** Statements that take away what is left, to be shown to a person; empty when nothing is. */
export const captureLeft = async (source: PgSession, order: CaptureOf): Promise<string[]> =>
  (await left(source, order)).map(dropping);
