import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { commentStatement, partObject, PHASE, terminated, type Piece } from './piece';
import type { RelationRow } from './relation-rows';

export interface IndexRow {
  readonly oid: number;
  readonly relation: number;
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
  readonly tablespace: string | null;
  /** False: building it failed; nobody can use it. */
  readonly usable: boolean;
  readonly clustered: boolean;
  readonly replicaIdentity: boolean;
  readonly comment: string | null;
  readonly statistics: readonly { readonly column: number; readonly target: number }[] | null;
  readonly parent: { readonly oid: number; readonly schema: string; readonly name: string } | null;
}

const indexes = (target: string): string => `
SELECT i.oid, x.indrelid AS relation, n.nspname AS schema, i.relname AS name, pg_catalog.pg_get_indexdef(i.oid) AS definition,
       s.spcname AS tablespace, x.indisready AND (x.indisvalid OR i.relkind = 'I') AS usable, x.indisclustered AS clustered, x.indisreplident AS "replicaIdentity",
       pg_catalog.obj_description(i.oid, 'pg_class') AS comment,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('column', a.attnum, 'target', a.attstattarget) ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.oid AND ${target}) AS statistics,
       (SELECT pg_catalog.json_build_object('oid', p.oid::int8, 'schema', pn.nspname, 'name', p.relname)
          FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
          JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = i.oid) AS parent
  FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
  LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = i.reltablespace
 WHERE x.indrelid = ANY ($1::oid[])
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = i.oid AND c.conrelid = x.indrelid AND c.contype IN ('p', 'u', 'x'))
 ORDER BY 3, 4`;

const INDEXES: VersionedSql = {
  100000: indexes('a.attstattarget >= 0'),
  170000: indexes('a.attstattarget IS NOT NULL'),
};

export const readIndexes = (
  session: PgSession,
  relations: readonly number[],
  signal: AbortSignal,
): Promise<IndexRow[]> => session.query(sqlFor(INDEXES, session.serverVersionNum), [relations], signal);

/** What makes an index that no constraint owns, and what is said of it afterwards. */
export function indexStatements(row: IndexRow, relation: RelationRow): string[] {
  const name = quoteQualified(row.schema, row.name);
  const table = quoteQualified(relation.schema, relation.name);
  const keyword = relation.kind === 'm' ? 'MATERIALIZED VIEW' : 'TABLE';
  const statements = [terminated(row.definition)];
  if (row.tablespace !== null) statements.push(`ALTER INDEX ${name} SET TABLESPACE ${quoteIdent(row.tablespace)};`);
  for (const { column, target } of row.statistics ?? []) {
    statements.push(`ALTER INDEX ${name} ALTER COLUMN ${column} SET STATISTICS ${target};`);
  }
  if (row.clustered) statements.push(`ALTER ${keyword} ${table} CLUSTER ON ${quoteIdent(row.name)};`);
  if (row.replicaIdentity) {
    statements.push(`ALTER TABLE ONLY ${table} REPLICA IDENTITY USING INDEX ${quoteIdent(row.name)};`);
  }
  return [...statements, ...commentStatement(`INDEX ${name}`, row.comment)];
}

/** An index that no constraint owns. */
export function indexPieces(row: IndexRow, relation: RelationRow): Piece[] {
  const name = quoteQualified(row.schema, row.name);
  const id = `pg_class:${row.oid}`;
  const pieces: Piece[] = [
    {
      id,
      object: partObject('index', relation, row.name),
      phase: PHASE.index,
      name,
      sql: indexStatements(row, relation).join('\n'),
      relation: relation.oid,
      needs: [`pg_class:${relation.oid}`],
    },
  ];
  if (row.parent) {
    pieces.push({
      id: `attach-index:${row.oid}`,
      object: partObject('index', relation, row.name),
      phase: PHASE.attach + 5,
      name,
      sql: `ALTER INDEX ${quoteQualified(row.parent.schema, row.parent.name)} ATTACH PARTITION ${name};`,
      needs: [id, `pg_class:${row.parent.oid}`, `attach:${relation.oid}`],
    });
  }
  return pieces;
}
