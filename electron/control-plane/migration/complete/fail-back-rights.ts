import { AppError } from '../../../../shared/errors';
import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { isOfObject } from '../finish/object-failure';
import { isTelling } from '../follow/truncate/truncate-names';
import type { PlannedDatabase } from '../plan-model';

/** Servers before have no publications, and sequences of another kind. */
const OLDEST = 100_000;
const NAMED = 5;

const lacks = (message: string, hint: string): AppError => new AppError({ code: 'conflict', message, hint });

/** Whether the account may keep triggers and foreign keys from seeing what it writes. */
export async function mayReplicate(session: PgSession, signal: AbortSignal): Promise<boolean> {
  try {
    await session.query('SET session_replication_role = replica', [], signal);
  } catch (error) {
    if (!isOfObject(error)) throw error;
    return false;
  }
  await session.query('RESET session_replication_role', [], signal);
  return true;
}

type NameRow = { readonly schema: string; readonly name: string };

/**
 * `tgenabled` and `ev_enabled` of triggers and rules that act on what a session of ours writes, by whether it may set session_replication_role: those
 * that are ENABLE ALWAYS act in any case, those that are ENABLE REPLICA just because it is set.
 */
export const actingKinds = (replica: boolean): string[] => (replica ? ['A', 'R'] : ['O', 'A']);

/** Tables of the plan on the source with triggers, rules or foreign keys that do something: they would do it again. */
async function acting(
  source: PgSession,
  plan: PlannedDatabase,
  replica: boolean,
  signal: AbortSignal,
): Promise<string[]> {
  const rows = await source.query<NameRow>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = ANY ($1::oid[]) AND (
       EXISTS (SELECT 1 FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
         AND t.tgenabled::text = ANY ($2) AND NOT ${isTelling('t')})
       OR EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_enabled::text = ANY ($2))
       OR NOT $3 AND EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.confrelid = c.oid AND k.contype = 'f'
         AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd'))))
     ORDER BY 1, 2`,
    [plan.tables.map(({ oid }) => oid), actingKinds(replica), replica],
    signal,
  );
  return rows.map(({ schema, name }) => quoteQualified(schema, name));
}

type TargetRow = {
  readonly level: string;
  readonly slots: number;
  readonly role: boolean;
  readonly user: string;
};

/** The target must let its changes be followed. Fails with `conflict`, naming what is missing. */
export async function mustFollowTarget(target: PgSession, databases: number, signal: AbortSignal): Promise<void> {
  const [row] = await target.query<TargetRow>(
    `SELECT pg_catalog.current_setting('wal_level') AS level,
       pg_catalog.current_setting('max_replication_slots')::int
         - (SELECT count(*)::int FROM pg_catalog.pg_replication_slots WHERE slot_name NOT LIKE 'howdah%back') AS slots,
       (SELECT rolsuper OR rolreplication OR coalesce((SELECT pg_catalog.pg_has_role(r.rolname, g.oid, 'member')
          FROM pg_catalog.pg_roles g WHERE g.rolname = 'rds_replication'), false)
          FROM pg_catalog.pg_roles r WHERE rolname = current_user) AS role,
       current_user::text AS user`,
    [],
    signal,
  );
  if (!row) return;
  if (row.level !== 'logical')
    throw lacks(
      `The way back cannot be kept open: wal_level of the target is ${row.level}`,
      'Set wal_level = logical on the target and restart it, or complete without a way back.',
    );
  if (row.slots < databases)
    throw lacks(
      `The way back cannot be kept open: the target has ${row.slots} free replication slots, ${databases} are needed`,
      'Raise max_replication_slots on the target, or complete without a way back.',
    );
  if (!row.role)
    throw lacks(
      `The way back cannot be kept open: ${row.user} may not replicate from the target`,
      `On the target: ALTER ROLE ${row.user} REPLICATION; or complete without a way back.`,
    );
}

/** The source must take what comes back without doing things of its own. Fails with `conflict`, naming what is missing. */
export async function mustTakeBack(source: PgSession, plan: PlannedDatabase, signal: AbortSignal): Promise<void> {
  if (source.serverVersionNum < OLDEST)
    throw lacks(
      'The way back cannot be kept open: the source is older than PostgreSQL 10',
      'Complete without a way back.',
    );
  const [state] = await source.query<{ standby: boolean }>(
    'SELECT pg_catalog.pg_is_in_recovery() AS standby',
    [],
    signal,
  );
  if (state?.standby)
    throw lacks(
      'The way back cannot be kept open: the source is a standby, which takes no writes',
      'Complete without a way back.',
    );
  const replica = await mayReplicate(source, signal);
  const tables = await acting(source, plan, replica, signal);
  if (tables.length === 0) return;
  const named = `${tables.slice(0, NAMED).join(', ')}${tables.length > NAMED ? ` and ${tables.length - NAMED} more tables` : ''}`;
  if (replica)
    throw lacks(
      `The way back cannot be kept open: triggers or rules of ${named} are ENABLE ALWAYS or ENABLE REPLICA, they would do again what the target has done`,
      'On the source: ALTER TABLE … DISABLE TRIGGER (or RULE) until the way back is given up; or complete without a way back.',
    );
  const [row] = await source.query<{ user: string }>('SELECT current_user::text AS user', [], signal);
  throw lacks(
    `The way back cannot be kept open: ${row?.user ?? ''} may not set session_replication_role on the source, so triggers, rules and cascades of ${named} would do again what the target has done`,
    `On the source (from 15 on): GRANT SET ON PARAMETER session_replication_role TO ${row?.user ?? ''}; or complete without a way back.`,
  );
}
