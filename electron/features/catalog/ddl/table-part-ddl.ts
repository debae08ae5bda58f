import type { ObjectRef } from '../../../../shared/model/catalog';
import type { PgSession } from '../../../adapters/postgres/session';
import { constraintAlone, readConstraint } from './constraint-ddl';
import type { Piece } from './piece';
import { readRelations } from './relation-rows';
import { tablePieces } from './table-ddl';
import { domainCheckPiece } from './type-ddl';
import { readDomainConstraints, readTypes } from './type-rows';
import { viewPieces } from './view-ddl';

/** Catalog of each part, and the query for the relation that it is a part of. */
const PART_OF = {
  constraint: ['pg_constraint', 'SELECT c.conrelid AS relation FROM pg_catalog.pg_constraint c WHERE c.oid = $1'],
  index: ['pg_class', 'SELECT x.indrelid AS relation FROM pg_catalog.pg_index x WHERE x.indexrelid = $1'],
  trigger: ['pg_trigger', 'SELECT t.tgrelid AS relation FROM pg_catalog.pg_trigger t WHERE t.oid = $1'],
  rule: ['pg_rewrite', 'SELECT r.ev_class AS relation FROM pg_catalog.pg_rewrite r WHERE r.oid = $1'],
  policy: ['pg_policy', 'SELECT p.polrelid AS relation FROM pg_catalog.pg_policy p WHERE p.oid = $1'],
  'statistics-object': [
    'pg_statistic_ext',
    'SELECT s.stxrelid AS relation FROM pg_catalog.pg_statistic_ext s WHERE s.oid = $1',
  ],
} as const;

export type TablePart = keyof typeof PART_OF;

/** A part of a table or view alone: its pieces out of those of the table; what only the table's own statement makes, by that. */
export async function tablePartPieces(
  session: PgSession,
  kind: TablePart,
  oid: number,
  signal: AbortSignal,
): Promise<Piece[]> {
  const [catalog, partOf] = PART_OF[kind];
  const [owner] = await session.query<{ relation: number; relkind: string }>(
    `SELECT p.relation, c.relkind::text FROM (${partOf}) p JOIN pg_catalog.pg_class c ON c.oid = p.relation`,
    [oid],
    signal,
  );
  if (!owner) return [];
  const isView = owner.relkind === 'v' || owner.relkind === 'm';
  const pieces = isView
    ? await viewPieces(session, [owner.relation], false, signal)
    : await tablePieces(session, [owner.relation], false, signal);
  const ids = new Set([`${catalog}:${oid}`, `attach-index:${oid}`]);
  for (const other of await twins(session, kind, oid, owner.relation, signal)) {
    ids.add(other).add(`attach-index:${other.slice(other.indexOf(':') + 1)}`);
  }
  const parts = pieces.filter((piece) => ids.has(piece.id));
  return parts.length > 0 ? parts : pieces.filter((piece) => piece.id === `pg_class:${owner.relation}`);
}

/** The constraint that an index stands behind, and the trigger that a constraint is. */
async function twins(
  session: PgSession,
  kind: TablePart,
  oid: number,
  relation: number,
  signal: AbortSignal,
): Promise<string[]> {
  if (kind === 'index') {
    const rows = await session.query<{ oid: number }>(
      "SELECT c.oid FROM pg_catalog.pg_constraint c WHERE c.conindid = $1 AND c.conrelid = $2 AND c.contype IN ('p', 'u', 'x')",
      [oid, relation],
      signal,
    );
    return rows.map((row) => `pg_constraint:${row.oid}`);
  }
  if (kind !== 'constraint') return [];
  const rows = await session.query<{ oid: number }>(
    `SELECT t.oid FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_constraint c ON c.oid = t.tgconstraint
      WHERE t.tgconstraint = $1 AND c.contype = 't'`,
    [oid],
    signal,
  );
  return rows.map((row) => `pg_trigger:${row.oid}`);
}

/** A constraint of a table or of a domain, as a statement that adds it. */
export async function constraintPieces(session: PgSession, { oid }: ObjectRef, signal: AbortSignal): Promise<Piece[]> {
  const [domain] = await session.query<{ type: number }>(
    'SELECT c.contypid AS type FROM pg_catalog.pg_constraint c WHERE c.oid = $1 AND c.contypid <> 0',
    [oid],
    signal,
  );
  if (domain) {
    const [type] = await readTypes(session, [domain.type], signal);
    const checks = await readDomainConstraints(session, [domain.type], signal);
    return type ? checks.filter((check) => check.oid === oid).map((check) => domainCheckPiece(type, check)) : [];
  }
  const row = await readConstraint(session, oid, signal);
  if (row?.type !== 'c' && row?.type !== 'n') return tablePartPieces(session, 'constraint', oid, signal);
  const [relation] = await readRelations(session, [row.relation], signal);
  return relation ? [constraintAlone(row, relation)] : [];
}
