import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { isOfObject } from '../finish/object-failure';
import type { PlannedDatabase } from '../plan-model';
import { reasonText } from '../worker/failure';
import type { Telling } from '../worker-protocol';

type Row = { readonly schema: string; readonly name: string; readonly constraint: string };

/** Constraints whose rows have not been looked at. Those that are not enforced (from 18 on) cannot be. */
const unchecked = (session: PgSession, schemas: readonly string[], names: readonly string[], signal: AbortSignal) =>
  session.query<Row>(
    `SELECT n.nspname AS schema, c.relname AS name, k.conname AS "constraint"
     FROM unnest($1::text[], $2::text[]) w (schema, name)
       JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
       JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
       JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND NOT k.convalidated AND k.contype IN ('f', 'c', 'n')
     WHERE ${session.serverVersionNum >= 180_000 ? 'k.conenforced' : 'true'}`,
    [schemas, names],
    signal,
  );

/**
 * Looks at the rows of constraints of the target that were made without, unless they are so on the source, too. One whose rows do not fit is told
 * and stays as it is. Returns how many.
 */
export async function validateConstraints(work: {
  readonly source: PgSession;
  readonly target: PgSession;
  readonly plan: PlannedDatabase;
  readonly telling: Telling;
  readonly signal: AbortSignal;
}): Promise<number> {
  const { source, target, plan, telling, signal } = work;
  const { tables } = plan;
  const [there, here] = [
    await unchecked(
      target,
      tables.map(({ targetSchema }) => targetSchema),
      tables.map(({ targetName }) => targetName),
      signal,
    ),
    await unchecked(
      source,
      tables.map(({ schema }) => schema),
      tables.map(({ name }) => name),
      signal,
    ),
  ];
  const onSource = new Map(tables.map((table) => [quoteQualified(table.targetSchema, table.targetName), table]));
  const asWished = new Set(here.map((row) => `${quoteQualified(row.schema, row.name)} ${row.constraint}`));
  let failed = 0;
  for (const { schema, name, constraint } of there) {
    const from = onSource.get(quoteQualified(schema, name));
    if (from && asWished.has(`${quoteQualified(from.schema, from.name)} ${constraint}`)) continue;
    const statement = `ALTER TABLE ${quoteQualified(schema, name)} VALIDATE CONSTRAINT ${quoteIdent(constraint)}`;
    const key = `VALIDATE ${quoteQualified(schema, name)} ${quoteIdent(constraint)}`;
    const told = { database: plan.source, key, kind: 'VALIDATE CONSTRAINT', schema, name: `${name} ${constraint}` };
    try {
      await target.query(statement, [], signal);
      telling.object({ ...told, outcome: 'done', reason: '', statement: '' });
    } catch (error) {
      if (!isOfObject(error)) throw error;
      failed += 1;
      telling.object({ ...told, outcome: 'failed', reason: reasonText(error), statement });
    }
  }
  return failed;
}
