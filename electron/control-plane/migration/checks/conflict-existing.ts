import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { PlannedDatabase, PlannedTable } from '../plan-model';
import { ownTables } from './object-scope';

/** A table that travels and is on the target already. */
export interface ExistingTable {
  readonly table: PlannedTable;
  /** On the target. */
  readonly oid: number;
  /** `relkind` on the target. */
  readonly kind: string;
  /** On the target, quoted. */
  readonly name: string;
}

/** `$1` schemas and `$2` names, side by side. */
export const EXISTING = `SELECT c.oid::bigint::float8 AS oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
(SELECT d.refobjid::bigint::float8 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i') AND c.relkind = 'S' LIMIT 1) AS owner
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN unnest($1::text[], $2::text[]) w (schema, name) ON w.schema = n.nspname AND w.name = c.relname`;

export interface ExistingRelation extends Record<string, unknown> {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  /** Table of a sequence that belongs to a column. */
  readonly owner: number | null;
}

/** What the target has under these names. */
export const existingRelations = (
  target: PgSession,
  names: readonly { readonly schema: string; readonly name: string }[],
  signal: AbortSignal,
): Promise<ExistingRelation[]> =>
  target.query<ExistingRelation>(EXISTING, [names.map(({ schema }) => schema), names.map(({ name }) => name)], signal);

export async function existingTables(
  target: PgSession,
  plan: PlannedDatabase,
  signal: AbortSignal,
): Promise<ExistingTable[]> {
  const tables = ownTables(plan);
  const places = tables.map(({ targetSchema, targetName }) => ({ schema: targetSchema, name: targetName }));
  const there = new Map(
    (await existingRelations(target, places, signal)).map((each) => [quoteQualified(each.schema, each.name), each]),
  );
  return tables.flatMap((table) => {
    const name = quoteQualified(table.targetSchema, table.targetName);
    const found = there.get(name);
    return found ? [{ table, oid: found.oid, kind: found.kind, name }] : [];
  });
}

/** Whether rows can be written into it. */
export const isTable = ({ kind }: ExistingTable): boolean => kind === 'r' || kind === 'p';
