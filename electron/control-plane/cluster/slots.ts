import { AppError } from '../../../shared/errors';
import type { PgSession } from '../../adapters/postgres/session';
import { pause } from '../processes';
import type { ClusterNode } from './node';
import { asSuperuser } from './session';

/** Slots of ours carry node ids; others (of logical replication, of tools) are none of our business. */
const OURS = '^n[0-9]+$';
const DROP_MS = 10_000;

interface Slot {
  slot_name: string;
  active_pid: number | null;
  /** Holds the log it needs; false after it was invalidated (13 and later) or never used. */
  holds: boolean;
}

const slotsOf = (session: PgSession): Promise<Slot[]> =>
  session.query<Slot>(
    `SELECT slot_name, active_pid, restart_lsn IS NOT NULL AS holds FROM pg_catalog.pg_replication_slots WHERE slot_type = 'physical' AND slot_name ~ '${OURS}'`,
  );

/** Ends what streams by a slot and drops it. No failure when there is none. */
async function drop(session: PgSession, name: string): Promise<void> {
  for (const deadline = Date.now() + DROP_MS; ; await pause(20)) {
    const slot = (await slotsOf(session)).find((each) => each.slot_name === name);
    if (!slot) return;
    if (slot.active_pid !== null) await session.query('SELECT pg_terminate_backend($1)', [slot.active_pid]);
    try {
      await session.query('SELECT pg_drop_replication_slot($1)', [name]);
    } catch (error) {
      // 55006: still in use, by the same sender or by a new one of a standby that is quick to come back.
      const inUse = error instanceof AppError && (error.info.sqlstate === '55006' || error.info.sqlstate === '42704');
      if (!inUse || Date.now() > deadline) throw error;
    }
  }
}

/** Makes a slot that keeps the log from now on. */
const make = (session: PgSession, name: string): Promise<unknown> =>
  session.query('SELECT pg_create_physical_replication_slot($1, true)', [name]);

/**
 * Makes the slots of these node ids and drops our other ones, ending what streams by them. A slot that has lost the log it kept is made anew:
 * its standby needs a new copy anyhow. Works on a standby too, where it drops what it kept as a primary. May be done twice.
 */
export async function ensureSlots(node: ClusterNode, ids: readonly string[]): Promise<void> {
  await asSuperuser(node, async (session) => {
    const known = await slotsOf(session);
    for (const { slot_name } of known) if (!ids.includes(slot_name)) await drop(session, slot_name);
    for (const id of ids) {
      const slot = known.find(({ slot_name }) => slot_name === id);
      if (slot && !slot.holds && slot.active_pid === null) await drop(session, id);
      if (!slot || (!slot.holds && slot.active_pid === null)) await make(session, id);
    }
  });
}

/** A slot for a standby that begins: lets go of what an earlier one kept. */
export async function renewSlot(node: ClusterNode, id: string): Promise<void> {
  await asSuperuser(node, async (session) => {
    await drop(session, id);
    await make(session, id);
  });
}

export async function dropSlot(node: ClusterNode, id: string): Promise<void> {
  await asSuperuser(node, (session) => drop(session, id));
}

/** Bytes of log that each of our slots keeps on its server, from what its standby has to what is written now. */
export async function keptBySlots(session: PgSession, signal?: AbortSignal): Promise<{ id: string; bytes: number }[]> {
  const rows = await session.query<{ id: string; bytes: string }>(
    `SELECT slot_name AS id, pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), restart_lsn)::text AS bytes
       FROM pg_catalog.pg_replication_slots
      WHERE slot_type = 'physical' AND slot_name ~ '${OURS}' AND restart_lsn IS NOT NULL`,
    [],
    signal,
  );
  return rows.map(({ id, bytes }) => ({ id, bytes: Number(bytes) }));
}
