import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { reasonText } from '../worker/failure';
import { isOfObject } from '../finish/object-failure';
import type { PlannedDatabase } from '../plan-model';

type OwnedRow = {
  readonly sequence: string;
  readonly schema: string;
  readonly name: string;
  readonly column: string;
  readonly up: boolean;
};
type BehindRow = { readonly value: string };

/** Sequences of the plan's tables that give a column its values, where an index makes its highest one quick to find. */
const owned = (session: PgSession, plan: PlannedDatabase, signal: AbortSignal): Promise<OwnedRow[]> =>
  session.query<OwnedRow>(
    `SELECT pg_catalog.format('%I.%I', sn.nspname, s.relname) AS sequence, n.nspname AS schema, t.relname AS name,
       a.attname AS "column", q.seqincrement > 0 AS up
     FROM unnest($1::text[], $2::text[]) w (schema, name)
       JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
       JOIN pg_catalog.pg_class t ON t.relnamespace = n.oid AND t.relname = w.name
       JOIN pg_catalog.pg_depend d ON d.refobjid = t.oid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
         AND d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = d.classid
       JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
       JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
       JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid AND NOT q.seqcycle
       JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
         AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
     WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_index i
       WHERE i.indrelid = t.oid AND i.indisvalid AND i.indkey[0] = a.attnum AND i.indpred IS NULL)`,
    [plan.tables.map(({ targetSchema }) => targetSchema), plan.tables.map(({ targetName }) => targetName)],
    signal,
  );

/**
 * Sets sequences of the receiving side that are behind the values of their column to the furthest of them: whoever wrote those by hand, the next
 * value must not be one of them. Returns what was done, and what could not be, in words.
 */
export async function raiseToHighest(
  session: PgSession,
  plan: PlannedDatabase,
  signal: AbortSignal,
): Promise<string[]> {
  const said: string[] = [];
  for (const { sequence, schema, name, column, up } of await owned(session, plan, signal)) {
    const table = quoteQualified(schema, name);
    try {
      const [row] = await session.query<BehindRow>(
        `SELECT pg_catalog.setval(${quoteLiteral(sequence)}::regclass, m.furthest)::text AS value
           FROM (SELECT ${up ? 'max' : 'min'}(${quoteIdent(column)})::int8 AS furthest FROM ${table}) m, ${sequence} s
          WHERE m.furthest ${up ? '>' : '<'} s.last_value`,
        [],
        signal,
      );
      if (row) said.push(`${sequence} was behind ${table}.${quoteIdent(column)} and stands at ${row.value} now`);
    } catch (error) {
      if (!isOfObject(error)) throw error;
      said.push(`${sequence} could not be compared with ${table}.${quoteIdent(column)}: ${reasonText(error)}`);
    }
  }
  return said;
}
