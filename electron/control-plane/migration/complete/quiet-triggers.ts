import { z } from 'zod';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Journal } from '../journal';
import { isTelling } from '../follow/truncate/truncate-names';
import type { PlannedDatabase } from '../plan-model';
import { actingKinds, mayReplicate } from './fail-back-rights';

/**
 * Triggers and rules of the target that act on the changes that come: where the account may not set session_replication_role those that are in force,
 * else those that are ENABLE ALWAYS or ENABLE REPLICA. They come with the cut-over. Should changes still come after that (it is taken back, or a worker
 * begins anew) they would act on them: they are switched off until clients are about to be led there.
 */

const STEP = 'triggers off';
const statements = z.array(z.string());

type Row = {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly rule: boolean;
  readonly kind: string;
};

const acting = (session: PgSession, plan: PlannedDatabase, kinds: string[], signal: AbortSignal): Promise<Row[]> =>
  session.query<Row>(
    `WITH wanted AS (SELECT n.nspname AS schema, c.relname AS name, c.oid FROM unnest($1::text[], $2::text[]) w (schema, name)
       JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
       JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name)
     SELECT w.schema, w.name AS "table", t.tgname AS name, false AS rule, t.tgenabled::text AS kind
       FROM wanted w JOIN pg_catalog.pg_trigger t ON t.tgrelid = w.oid AND NOT t.tgisinternal AND t.tgenabled::text = ANY ($3)
         AND NOT ${isTelling('t')}
     UNION ALL
     SELECT w.schema, w.name, r.rulename, true, r.ev_enabled::text
       FROM wanted w JOIN pg_catalog.pg_rewrite r ON r.ev_class = w.oid AND r.ev_enabled::text = ANY ($3)`,
    [plan.tables.map(({ targetSchema }) => targetSchema), plan.tables.map(({ targetName }) => targetName), kinds],
    signal,
  );

/** Statements that switch on again what we have switched off. */
function standing(journal: Journal, database: string): string[] {
  const last = journal.entries.findLast(
    (entry) => entry.did === 'cut-over' && entry.database === database && entry.step === STEP,
  );
  return last?.did === 'cut-over' && !last.undone ? statements.parse(JSON.parse(last.note)) : [];
}

/** How a trigger or rule is switched on again, by its kind before. */
const AGAIN: Readonly<Record<string, string>> = { A: 'ENABLE ALWAYS', R: 'ENABLE REPLICA' };

/** Switches off what acts on the changes that come. May be done twice. */
export async function quietTriggers(
  target: PgSession,
  plan: PlannedDatabase,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  const found = await acting(target, plan, actingKinds(await mayReplicate(target, signal)), signal);
  if (found.length === 0) return;
  const change = (row: Row, how: string): string =>
    `ALTER TABLE ${quoteQualified(row.schema, row.table)} ${how} ${row.rule ? 'RULE' : 'TRIGGER'} ${quoteIdent(row.name)}`;
  const back = found.map((row) => change(row, AGAIN[row.kind] ?? 'ENABLE'));
  const note = JSON.stringify([...new Set([...standing(journal, plan.source), ...back])]);
  await journal.add({ did: 'cut-over', database: plan.source, step: STEP, undone: false, note });
  for (const row of found) await target.query(change(row, 'DISABLE'), [], signal);
}

/** Switches on again what `quietTriggers` has switched off. */
export async function wakeTriggers(
  target: PgSession,
  database: string,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  const back = standing(journal, database);
  if (back.length === 0) return;
  for (const statement of back) await target.query(statement, [], signal);
  await journal.add({ did: 'cut-over', database, step: STEP, undone: true, note: '' });
}
