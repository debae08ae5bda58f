import { quoteIdent } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { PlannedDatabase } from '../plan-model';
import { readAside } from '../plan/read-aside';
import { reasonText } from '../worker/failure';
import { inChunks } from './in-chunks';
import { isOfObject } from './object-failure';

/** A sequence as it stands now; sequences have no snapshot. */
export interface SequenceState {
  readonly oid: number;
  readonly lastValue: bigint;
  readonly called: boolean;
  readonly increment: bigint;
  readonly cycle: boolean;
}

export interface SequenceStates {
  readonly states: ReadonlyMap<number, SequenceState>;
  /** Why a sequence could not be read. */
  readonly reasons: ReadonlyMap<number, string>;
}

type FactRow = {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly increment: string;
  readonly cycle: boolean;
};
type ValueRow = { readonly oid: number; readonly value: string; readonly called: boolean };

/** Sequences that are read, and set, by one statement. */
export const AT_ONCE = 200;

const readValues = (session: PgSession, facts: readonly FactRow[], signal: AbortSignal): Promise<ValueRow[]> =>
  readAside(session, () =>
    session.query<ValueRow>(
      facts
        .map(
          ({ oid, schema, name }) =>
            `SELECT ${oid}::pg_catalog.oid AS oid, last_value::pg_catalog.text AS value, is_called AS called
             FROM ${quoteIdent(schema)}.${quoteIdent(name)}`,
        )
        .join(' UNION ALL '),
      [],
      signal,
    ),
  );

/**
 * Reads sequences by their numbers, many by one query, and one by one when some of them cannot be read. Fails when the connection is lost, or as
 * the signal says.
 */
export async function readSequenceStates(
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<SequenceStates> {
  const states = new Map<number, SequenceState>();
  const reasons = new Map<number, string>();
  const facts = await readAside(session, () =>
    session.query<FactRow>(
      `SELECT c.oid, n.nspname AS schema, c.relname AS name, s.seqincrement AS increment, s.seqcycle AS cycle
     FROM pg_catalog.unnest($1::pg_catalog.oid[]) o (oid)
       JOIN pg_catalog.pg_class c ON c.oid = o.oid AND c.relkind = 'S'
       JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`,
      [oids],
      signal,
    ),
  );
  const factOf = new Map(facts.map((fact) => [fact.oid, fact]));
  for (const oid of oids) if (!factOf.has(oid)) reasons.set(oid, 'The sequence is not there any more');

  const read = async (chunk: readonly FactRow[]): Promise<void> => {
    try {
      for (const { oid, value, called } of await readValues(session, chunk, signal)) {
        const fact = factOf.get(oid);
        if (!fact) continue;
        const increment = BigInt(fact.increment);
        states.set(oid, { oid, lastValue: BigInt(value), called, increment, cycle: fact.cycle });
      }
    } catch (error) {
      if (!isOfObject(error)) throw error;
      const [first] = chunk;
      if (chunk.length === 1 && first) reasons.set(first.oid, reasonText(error));
      else for (const each of chunk) await read([each]);
    }
  };
  for (const chunk of inChunks(facts, AT_ONCE)) await read(chunk);
  return { states, reasons };
}

type TargetRow = { readonly source: number; readonly target: number | null };

/**
 * The sequence of the target for each one of the plan: that of the same name, else that of the same column, when the table was made by somebody
 * else there.
 */
export async function findTargetSequences(
  d: { readonly source: PgSession; readonly target: PgSession },
  plan: PlannedDatabase,
  signal: AbortSignal,
): Promise<Map<number, number>> {
  const { source, target } = d;
  const owners = await readAside(source, () =>
    source.query<{ sequence: number; table: number; column: string }>(
      `SELECT d.objid AS sequence, d.refobjid AS "table", a.attname AS column
     FROM pg_catalog.unnest($1::pg_catalog.oid[]) o (oid)
       JOIN pg_catalog.pg_depend d ON d.objid = o.oid AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
         AND d.refclassid = d.classid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
       JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid`,
      [plan.sequences.map(({ oid }) => oid)],
      signal,
    ),
  );
  const ownerOf = new Map(owners.map((owner) => [owner.sequence, owner]));
  const tableOf = new Map(plan.tables.map((table) => [table.oid, table]));
  const lines = plan.sequences.map((sequence) => {
    const owner = ownerOf.get(sequence.oid);
    return { sequence, owner, table: tableOf.get(owner?.table ?? 0) };
  });
  const rows = await target.query<TargetRow>(
    `SELECT o.source, coalesce(
       (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'S' AND n.nspname = o.schema AND c.relname = o.name),
       (SELECT s.oid FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
          JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attname = o.column_name
          JOIN pg_catalog.pg_depend d ON d.refobjid = t.oid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i')
            AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.classid = d.refclassid
          JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
        WHERE n.nspname = o.table_schema AND t.relname = o.table_name ORDER BY s.oid LIMIT 1)) AS target
     FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.text[], $3::pg_catalog.text[], $4::pg_catalog.text[],
       $5::pg_catalog.text[], $6::pg_catalog.text[]) o (source, schema, name, table_schema, table_name, column_name)`,
    [
      lines.map(({ sequence }) => sequence.oid),
      lines.map(({ sequence }) => sequence.targetSchema),
      lines.map(({ sequence }) => sequence.name),
      lines.map(({ table }) => table?.targetSchema ?? null),
      lines.map(({ table }) => table?.targetName ?? null),
      lines.map(({ owner }) => owner?.column ?? null),
    ],
    signal,
  );
  return new Map(rows.flatMap(({ source: from, target: to }) => (to === null ? [] : [[from, to] as const])));
}
