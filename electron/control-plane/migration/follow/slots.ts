import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { AppError, throwIfAborted } from '../../../../shared/errors';
import type { PgSession } from '../../../adapters/postgres/session';
import { parseLsn, type Lsn } from './change-stream';

/** A slot as the server shows it. */
export interface SlotState {
  readonly plugin: string;
  /** Of the walsender that uses it; null when none does. */
  readonly pid: number | null;
  /** What that walsender waits for; null when it works. */
  readonly wait: string | null;
  /** WAL is kept from here on; null when nothing is kept any more. */
  readonly restart: Lsn | null;
  readonly confirmed: Lsn | null;
  /** `reserved`, `extended`, `unreserved`, `lost` from 13 on, else empty. */
  readonly walStatus: string;
}

export interface SlotLook {
  /** Null: there is no such slot. */
  readonly slot: SlotState | null;
  /** End of what the server has written, or replayed where it is a standby. */
  readonly written: Lsn;
  /** By the clock of the server, milliseconds since the epoch. */
  readonly clock: number;
}

const STATUS_FROM = 130_000;
const END_MS = 10_000;

const lookRow = z.object({
  written: z.string(),
  clock: z.string(),
  plugin: z.string().nullable(),
  pid: z.number().nullable(),
  wait: z.string().nullable(),
  restart: z.string().nullable(),
  confirmed: z.string().nullable(),
  status: z.string().nullable(),
});

/** What the server shows of a slot, and where it stands itself. */
export async function lookAtSlot(session: PgSession, slot: string, signal: AbortSignal): Promise<SlotLook> {
  const status = session.serverVersionNum >= STATUS_FROM ? 's.wal_status::text' : "''::text";
  const [row] = await session.query(
    `SELECT w.written::text AS written, (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::text AS clock,
       s.plugin::text AS plugin, s.active_pid AS pid, a.wait_event AS wait, s.restart_lsn::text AS restart,
       s.confirmed_flush_lsn::text AS confirmed, ${status} AS status
     FROM (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                       ELSE pg_catalog.pg_current_wal_lsn() END AS written) w
     LEFT JOIN pg_catalog.pg_replication_slots s ON s.slot_name = $1
     LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid`,
    [slot],
    signal,
  );
  const { written, clock, plugin, pid, wait, restart, confirmed, status: walStatus } = lookRow.parse(row);
  return {
    written: parseLsn(written),
    clock: Number(clock),
    slot:
      plugin === null
        ? null
        : {
            plugin,
            pid,
            wait,
            restart: restart === null ? null : parseLsn(restart),
            confirmed: confirmed === null ? null : parseLsn(confirmed),
            walStatus: walStatus ?? '',
          },
  };
}

/** Ends the walsender that an earlier worker left on the slot, and waits until it is gone. */
export async function freeSlot(session: PgSession, slot: string, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + END_MS; ;) {
    const left = await session.query(
      `SELECT pg_catalog.pg_terminate_backend(active_pid) FROM pg_catalog.pg_replication_slots
        WHERE slot_name = $1 AND active_pid IS NOT NULL`,
      [slot],
      signal,
    );
    if (left.length === 0) return;
    if (Date.now() > deadline) break;
    await pause(50);
    throwIfAborted(signal);
  }
  throw new AppError({
    code: 'lost-connection',
    message: `The slot ${slot} is in use by a connection that does not end`,
    hint: 'Look into pg_replication_slots for its active_pid.',
    retry: true,
  });
}

/** Drops a slot where it is; the walsender that uses it is ended. */
export async function dropSlot(session: PgSession, slot: string, signal: AbortSignal): Promise<void> {
  await freeSlot(session, slot, signal);
  await session.query(
    'SELECT pg_catalog.pg_drop_replication_slot(slot_name) FROM pg_catalog.pg_replication_slots WHERE slot_name = $1',
    [slot],
    signal,
  );
}
