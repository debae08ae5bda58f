import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { callsOwnFunctions } from './column-rows';
import { commentStatement, optionList, partObject, PHASE, type Piece } from './piece';
import type { RelationRow } from './relation-rows';

export interface ConstraintRow {
  readonly oid: number;
  readonly relation: number;
  readonly name: string;
  readonly type: 'p' | 'u' | 'x' | 'f' | 'c' | 'n';
  readonly definition: string;
  readonly validated: boolean;
  readonly local: boolean;
  /** Came with the constraint of a partitioned parent. */
  readonly hasParent: boolean;
  readonly callsFunctions: boolean;
  /** A check of the same name on a parent, which isn't validated there. */
  readonly lateParent: number | null;
  readonly comment: string | null;
  readonly index: {
    readonly schema: string;
    readonly name: string;
    readonly options: readonly string[] | null;
    readonly tablespace: string | null;
    readonly clustered: boolean;
    readonly replicaIdentity: boolean;
    readonly comment: string | null;
    readonly parent: {
      readonly oid: number;
      readonly constraint: number;
      readonly schema: string;
      readonly name: string;
    } | null;
  } | null;
}

const constraints = (parent: string): string => `
SELECT c.oid, c.conrelid AS relation, c.conname AS name, c.contype::text AS type, pg_catalog.pg_get_constraintdef(c.oid) AS definition,
       c.convalidated AS validated, c.conislocal AS local, ${parent} AS "hasParent",
       ${callsOwnFunctions('pg_constraint', 'c.oid')} AS "callsFunctions",
       CASE WHEN c.contype = 'c' AND c.coninhcount > 0 THEN (SELECT k.oid FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_constraint k
         ON k.conrelid = h.inhparent AND k.conname = c.conname AND k.contype = 'c' AND NOT k.convalidated
         WHERE h.inhrelid = c.conrelid LIMIT 1) END AS "lateParent",
       pg_catalog.obj_description(c.oid, 'pg_constraint') AS comment,
       CASE WHEN c.contype IN ('p', 'u', 'x') THEN (SELECT pg_catalog.json_build_object('schema', n.nspname, 'name', i.relname,
           'options', i.reloptions, 'tablespace', s.spcname, 'clustered', x.indisclustered, 'replicaIdentity', x.indisreplident,
           'comment', pg_catalog.obj_description(i.oid, 'pg_class'),
           'parent', (SELECT pg_catalog.json_build_object('oid', p.oid::int8, 'schema', pn.nspname, 'name', p.relname,
               'constraint', (SELECT k.oid::int8 FROM pg_catalog.pg_constraint k WHERE k.conindid = p.oid AND k.contype IN ('p', 'u', 'x') LIMIT 1))
             FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
             JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = i.oid))
         FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
         LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = i.reltablespace WHERE x.indexrelid = c.conindid) END AS "index"
  FROM pg_catalog.pg_constraint c`;

/** Constraints that say NOT NULL stand with their columns. */
const ON_RELATIONS = `WHERE c.conrelid = ANY ($1::oid[]) AND c.contype IN ('p', 'u', 'x', 'f', 'c')
 ORDER BY c.conrelid, position(c.contype::text in 'cpuxf'), c.conname`;

const CONSTRAINTS: VersionedSql = { 100000: constraints('false'), 110000: constraints('c.conparentid <> 0') };

export const readConstraints = (
  session: PgSession,
  relations: readonly number[],
  signal: AbortSignal,
): Promise<ConstraintRow[]> =>
  session.query(`${sqlFor(CONSTRAINTS, session.serverVersionNum)} ${ON_RELATIONS}`, [relations], signal);

/** One constraint of a table, of any kind but triggers'. */
export async function readConstraint(
  session: PgSession,
  oid: number,
  signal: AbortSignal,
): Promise<ConstraintRow | null> {
  const sql = `${sqlFor(CONSTRAINTS, session.serverVersionNum)} WHERE c.oid = $1 AND c.conrelid <> 0 AND c.contype <> 't'`;
  const [row] = await session.query<ConstraintRow>(sql, [oid], signal);
  return row ?? null;
}

/** How constraints are written down. */
export interface ConstraintContext {
  readonly relation: RelationRow;
  /** The script makes the parents too. */
  readonly whole: boolean;
}

/** Checks that stand inside CREATE TABLE. */
export const isInline = (row: ConstraintRow, { relation, whole }: ConstraintContext): boolean =>
  row.type === 'c' &&
  row.validated &&
  !(whole && row.callsFunctions) &&
  (row.local || relation.partitionBound !== null);

export const constraintLine = (row: ConstraintRow): string => `CONSTRAINT ${quoteIdent(row.name)} ${row.definition}`;

/** `COMMENT ON CONSTRAINT` of a constraint. */
export const constraintComment = (row: ConstraintRow, relation: RelationRow): string[] =>
  commentStatement(
    `CONSTRAINT ${quoteIdent(row.name)} ON ${quoteQualified(relation.schema, relation.name)}`,
    row.comment,
  );

function addStatements(row: ConstraintRow, relation: RelationRow): string[] {
  const only = row.type === 'c' || row.type === 'n' || (row.type === 'f' && relation.kind === 'p') ? '' : 'ONLY ';
  const keyword = relation.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE';
  return [
    `ALTER ${keyword} ${only}${quoteQualified(relation.schema, relation.name)}\n    ADD ${constraintLine(row)};`,
    ...constraintComment(row, relation),
  ];
}

/** A check or NOT NULL that CREATE TABLE says, as a statement of its own. */
export const constraintAlone = (row: ConstraintRow, relation: RelationRow): Piece => ({
  id: `pg_constraint:${row.oid}`,
  object: partObject('constraint', relation, row.name),
  phase: PHASE.constraint,
  name: row.name,
  sql: addStatements(row, relation).join('\n'),
  needs: [],
});

/** A constraint as a piece of its own; none for those inside CREATE TABLE and those that come with a parent. */
export function constraintPieces(row: ConstraintRow, context: ConstraintContext): Piece[] {
  const { relation, whole } = context;
  const table = quoteQualified(relation.schema, relation.name);
  const isPartition = relation.partitionBound !== null;
  if (isInline(row, context)) return [];
  if (row.type === 'c' && !row.local && !(isPartition && !whole)) return whole ? validation(row, relation) : [];
  if (row.type === 'f' && row.hasParent) return [];
  const id = `pg_constraint:${row.oid}`;
  const statements = addStatements(row, relation);
  const pieces: Piece[] = [];
  if (row.index) {
    const { schema, name, options, tablespace, clustered, replicaIdentity, comment, parent } = row.index;
    const index = quoteQualified(schema, name);
    const settings = optionList(options);
    if (settings !== '') statements.push(`ALTER INDEX ${index} SET (${settings});`);
    if (tablespace !== null) statements.push(`ALTER INDEX ${index} SET TABLESPACE ${quoteIdent(tablespace)};`);
    if (clustered) statements.push(`ALTER TABLE ${table} CLUSTER ON ${quoteIdent(name)};`);
    if (replicaIdentity) statements.push(`ALTER TABLE ONLY ${table} REPLICA IDENTITY USING INDEX ${quoteIdent(name)};`);
    statements.push(...commentStatement(`INDEX ${index}`, comment));
    if (parent) {
      pieces.push({
        id: `attach-index:${row.oid}`,
        phase: PHASE.attach + 5,
        name: index,
        object: partObject('constraint', relation, row.name),
        sql: `ALTER INDEX ${quoteQualified(parent.schema, parent.name)} ATTACH PARTITION ${index};`,
        needs: [id, `pg_constraint:${parent.constraint}`, `pg_class:${parent.oid}`, `attach:${relation.oid}`],
      });
    }
  }
  pieces.unshift({
    id,
    phase: row.type === 'f' ? PHASE.foreignKey : PHASE.constraint,
    name: `${table}.${quoteIdent(row.name)}`,
    sql: statements.join('\n'),
    object: partObject('constraint', relation, row.name),
    relation: relation.oid,
    needs: [`pg_class:${relation.oid}`],
  });
  return pieces;
}

/** In a script of a database a child gets the check from its parent after it was made, not validated; its own may be. */
function validation(row: ConstraintRow, relation: RelationRow): Piece[] {
  if (!row.validated || row.lateParent === null) return [];
  const table = quoteQualified(relation.schema, relation.name);
  return [
    {
      id: `validate:${row.oid}`,
      phase: PHASE.constraint + 5,
      name: `${table}.${quoteIdent(row.name)}`,
      object: partObject('constraint', relation, row.name),
      sql: `ALTER TABLE ONLY ${table} VALIDATE CONSTRAINT ${quoteIdent(row.name)};`,
      needs: [`pg_class:${relation.oid}`, `pg_constraint:${row.lateParent}`],
    },
  ];
}
