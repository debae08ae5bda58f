import { z } from 'zod';
import type { PgSession } from '../../../adapters/postgres/session';
import type { JournalEntry } from '../journal';
import type { Flow } from './compare-model';

/** A session of a side for one question. */
export type Ask = <T>(side: 'source' | 'target', work: (session: PgSession) => Promise<T>) => Promise<T>;

const position = z.object({ lsn: z.string().nullable() });

/** Both halves are hexadecimal. */
function lsnOf(text: string): bigint {
  const [high = '0', low = '0'] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

const CONFIRMED_FROM = 90_600;
const WAL_FROM = 100_000;

/** What of the slot's changes the other side has durably: the task tells its source no more than that. */
async function confirmed(session: PgSession, slot: string, signal: AbortSignal): Promise<string | null | undefined> {
  const column = session.serverVersionNum >= CONFIRMED_FROM ? 'confirmed_flush_lsn' : 'restart_lsn';
  const [row] = await session.query(
    `SELECT ${column}::text AS lsn FROM pg_catalog.pg_replication_slots WHERE slot_name = $1`,
    [slot],
    signal,
  );
  return row === undefined ? undefined : position.parse(row).lsn;
}

async function current(session: PgSession, signal: AbortSignal): Promise<string> {
  const [replayed, written] =
    session.serverVersionNum >= WAL_FROM
      ? ['pg_last_wal_replay_lsn', 'pg_current_wal_lsn']
      : ['pg_last_xlog_replay_location', 'pg_current_xlog_location'];
  const sql = `SELECT (CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.${replayed}()
    ELSE pg_catalog.${written}() END)::text AS lsn`;
  return position.parse((await session.query(sql, [], signal))[0]).lsn ?? '0/0';
}

/**
 * Whether changes of a database flow between the sides of a task, by what its journal and the servers say: null when it has no slot (any more).
 * The way back is what counts once there is one.
 */
export async function slotFlow(
  database: string,
  entries: readonly JournalEntry[],
  ask: Ask,
  signal: AbortSignal,
): Promise<Flow | null> {
  for (const direction of ['back', 'forward'] as const) {
    const side = direction === 'back' ? 'target' : 'source';
    const slots = entries.flatMap((entry) =>
      entry.did === 'slot' && entry.database === database && entry.direction === direction ? [entry.slot] : [],
    );
    const slot = slots.at(-1);
    if (slot === undefined) continue;
    const there = await ask(side, (session) => confirmed(session, slot, signal));
    if (there === undefined) continue;
    return {
      from: side,
      applied: async (until) => lsnOf((await ask(side, (session) => confirmed(session, slot, until))) ?? '0/0'),
      written: async (until) => lsnOf(await ask(side, (session) => current(session, until))),
    };
  }
  return null;
}
