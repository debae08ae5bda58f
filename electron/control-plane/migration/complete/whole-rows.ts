import { z } from 'zod';
import type { DatabaseChoice } from '../../../../shared/model/migration';
import { quoteQualified } from '../../../../shared/model/quote';
import { underBriefLock } from '../follow/brief-lock';
import type { PlannedDatabase } from '../plan-model';
import type { RunContext } from '../worker/run-context';
import { withSession } from '../worker/sides';

/**
 * Tables of the target without a key: while the way back is open their changed rows are named by all of their values, so that updates and deletes
 * come back, too.
 */

const STEP = 'whole rows';
const table = z.object({ schema: z.string(), name: z.string(), before: z.enum(['DEFAULT', 'NOTHING']) });
const tables = z.array(table);
type Table = z.output<typeof table>;

const FIND = `SELECT n.nspname::text AS schema, c.relname::text AS name,
    CASE c.relreplident WHEN 'n' THEN 'NOTHING' ELSE 'DEFAULT' END AS before
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = ANY ($1::oid[]) AND c.relkind = 'r' AND c.relpersistence = 'p'
    AND CASE c.relreplident WHEN 'f' THEN false WHEN 'n' THEN true
      WHEN 'd' THEN NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index i
        WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid)
      ELSE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisreplident) END`;

type WholeRowDeps = Pick<RunContext, 'target' | 'journal'>;

function standing({ journal }: WholeRowDeps, database: string): Table[] {
  const last = journal.entries.findLast(
    (entry) => entry.did === 'cut-over' && entry.database === database && entry.step === STEP,
  );
  return last?.did === 'cut-over' && !last.undone ? tables.parse(JSON.parse(last.note)) : [];
}

type Named = Pick<DatabaseChoice, 'name' | 'newName'>;

const targetName = ({ name, newName }: Named): string => (newName === '' ? name : newName);

/** From here on. `plan` is that of the way back. What was before is in the journal first. */
export async function nameByWholeRows(
  ctx: WholeRowDeps,
  choice: Named,
  plan: PlannedDatabase,
  signal: AbortSignal,
): Promise<void> {
  const { target, journal } = ctx;
  await withSession(
    () => target.open(targetName(choice), signal),
    signal,
    async (session) => {
      const ours = plan.tables.filter(({ extension }) => extension === undefined).map(({ oid }) => oid);
      const found = (await session.query(FIND, [ours], signal)).map((row) => table.parse(row));
      if (found.length === 0) return;
      const note = JSON.stringify([...standing(ctx, choice.name), ...found]);
      await journal.add({ did: 'cut-over', database: choice.name, step: STEP, undone: false, note });
      for (const { schema, name } of found)
        await underBriefLock(session, `ALTER TABLE ${quoteQualified(schema, name)} REPLICA IDENTITY FULL`, signal);
    },
  );
}

/** They are named as before; done twice it does nothing. A table that is gone is left. */
export async function nameAsBefore(ctx: WholeRowDeps, choice: Named, signal: AbortSignal): Promise<void> {
  const { target, journal } = ctx;
  const found = standing(ctx, choice.name);
  if (found.length === 0) return;
  await withSession(
    () => target.open(targetName(choice), signal),
    signal,
    async (session) => {
      for (const { schema, name, before } of found)
        await underBriefLock(
          session,
          `ALTER TABLE IF EXISTS ${quoteQualified(schema, name)} REPLICA IDENTITY ${before}`,
          signal,
        );
    },
  );
  await journal.add({ did: 'cut-over', database: choice.name, step: STEP, undone: true, note: '' });
}
