import type { PgSession } from '../../../adapters/postgres/session';
import { findTargetSequences } from '../finish/sequence-states';
import type { PlannedDatabase } from '../plan-model';

type Row = { readonly schema: string; readonly name: string; readonly oid: number };
type NamedRow = { readonly oid: number; readonly schema: string; readonly name: string };

/** Numbers of relations of the session's database, by their names as JSON; those that are not there are missing. */
async function oidsOf(
  session: PgSession,
  wanted: readonly (readonly [schema: string, name: string])[],
  signal: AbortSignal,
): Promise<(schema: string, name: string) => number | undefined> {
  const rows = await session.query<Row>(
    `SELECT w.schema, w.name, c.oid FROM unnest($1::text[], $2::text[]) w (schema, name)
       JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
       JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p', 'm')`,
    [wanted.map(([schema]) => schema), wanted.map(([, name]) => name)],
    signal,
  );
  const found = new Map(rows.map(({ schema, name, oid }) => [JSON.stringify([schema, name]), oid]));
  return (schema, name) => found.get(JSON.stringify([schema, name]));
}

/**
 * The plan of a database for the way back: tables, sequences and materialized views by their names and numbers on the target, and where they come
 * from as where they go. What the target does not have is left out, as is what does not change after the copy. It is told under the
 * name of the source's database. Filters of rows are gone: whatever is written to the target after the cut-over belongs to the source, too.
 */
export async function reversePlan(
  { source, target }: { readonly source: PgSession; readonly target: PgSession },
  plan: PlannedDatabase,
  signal: AbortSignal,
): Promise<PlannedDatabase> {
  const find = await oidsOf(
    target,
    [
      ...plan.tables.map(({ targetSchema, targetName }) => [targetSchema, targetName] as const),
      ...plan.materializedViews.map(({ targetSchema, name }) => [targetSchema, name] as const),
    ],
    signal,
  );
  const sequenceOids = await findTargetSequences({ source, target }, plan, signal);
  const sequenceRows = await target.query<NamedRow>(
    `SELECT c.oid, n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1::oid[])`,
    [[...sequenceOids.values()]],
    signal,
  );
  const sequenceOf = new Map(sequenceRows.map((row) => [row.oid, row]));
  return {
    ...plan,
    schemas: plan.schemas.map(({ name, targetName, whole }) => ({ name: targetName, targetName: name, whole })),
    tables: plan.tables.flatMap((table) => {
      const oid = find(table.targetSchema, table.targetName);
      const { schema, name, targetSchema, targetName } = table;
      return oid === undefined
        ? []
        : [
            {
              ...table,
              oid,
              schema: targetSchema,
              name: targetName,
              targetSchema: schema,
              targetName: name,
              rowFilter: '',
            },
          ];
    }),
    sequences: plan.sequences.flatMap(({ oid, schema }) => {
      const there = sequenceOf.get(sequenceOids.get(oid) ?? 0);
      return there ? [{ ...there, targetSchema: schema }] : [];
    }),
    materializedViews: plan.materializedViews.flatMap(({ schema, name, targetSchema }) => {
      const oid = find(targetSchema, name);
      return oid === undefined ? [] : [{ oid, schema: targetSchema, name, targetSchema: schema }];
    }),
    indexes: [],
    views: [],
    foreignTables: [],
    functions: [],
    largeObjects: false,
  };
}
