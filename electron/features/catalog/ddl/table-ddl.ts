import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import {
  alterTarget,
  columnAttachments,
  columnLine,
  columnStatements,
  defaultApart,
  type ColumnContext,
} from './column-ddl';
import { groupBy, readColumns, type ColumnRow } from './column-rows';
import {
  constraintComment,
  constraintLine,
  constraintPieces,
  isInline,
  readConstraints,
  type ConstraintRow,
} from './constraint-ddl';
import { indexPieces, readIndexes } from './index-ddl';
import {
  type PieceObject,
  pieceObject,
  attachmentStatements,
  foreignOptions,
  joinStatements,
  optionList,
  PHASE,
  type Piece,
} from './piece';
import { readRelations, type RelationRow } from './relation-rows';
import { readSequences } from './sequence-ddl';
import { policyPieces, rulePieces, statisticsPieces, triggerPieces } from './table-parts';

/**
 * Everything that tables and foreign tables are made of, as pieces: the table, its constraints, indexes, attachment to a parent, triggers,
 * rules, policies and statistics. `whole`: the script makes the whole database, so that defaults and checks which call its own functions
 * stand apart.
 */
export async function tablePieces(
  session: PgSession,
  oids: readonly number[],
  whole: boolean,
  signal: AbortSignal,
): Promise<Piece[]> {
  if (oids.length === 0) return [];
  const relations = await readRelations(session, oids, signal);
  const byOid = new Map(relations.map((row) => [row.oid, row]));
  const columns = await readColumns(session, oids, signal);
  const identities = [...columns.values()].flat().flatMap((column) => column.identitySequence ?? []);
  const sequences = new Map(
    identities.length === 0 ? [] : (await readSequences(session, identities, signal)).map((row) => [row.oid, row]),
  );
  const sequenceRelations = new Map(
    identities.length === 0 ? [] : (await readRelations(session, identities, signal)).map((row) => [row.oid, row]),
  );
  const constraints = groupBy(await readConstraints(session, oids, signal), (row) => row.relation);
  const pieces: Piece[] = [];
  for (const relation of relations) {
    const context: ColumnContext = { relation, sequences, apart: whole };
    const ofTable = columns.get(relation.oid) ?? [];
    const checks = constraints.get(relation.oid) ?? [];
    const identityRelations = ofTable.flatMap((column) => sequenceRelations.get(column.identitySequence ?? 0) ?? []);
    pieces.push(createPiece(context, ofTable, checks, identityRelations, whole));
    pieces.push(...defaultPieces(context, ofTable));
    pieces.push(...attachPiece(relation));
    for (const row of checks) pieces.push(...constraintPieces(row, { relation, whole }));
  }
  for (const row of await readIndexes(session, oids, signal)) {
    const relation = byOid.get(row.relation);
    if (relation && (row.usable || !whole)) pieces.push(...indexPieces(row, relation));
  }
  pieces.push(
    ...(await statisticsPieces(session, byOid, signal)),
    ...(await rulePieces(session, byOid, signal)),
    ...(await triggerPieces(session, byOid, signal)),
    ...(await policyPieces(session, byOid, signal)),
  );
  return pieces;
}

const tableObject = (relation: RelationRow): PieceObject =>
  pieceObject(relation.kind === 'f' ? 'foreign-table' : 'table', relation.schema, relation.name);

function createPiece(
  context: ColumnContext,
  columns: readonly ColumnRow[],
  constraints: readonly ConstraintRow[],
  identities: readonly RelationRow[],
  whole: boolean,
): Piece {
  const { relation } = context;
  const table = quoteQualified(relation.schema, relation.name);
  const inline = constraints.filter((row) => isInline(row, { relation, whole }));
  const target = `${relation.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE'} ${table}`;
  const create = createStatement(context, columns, inline);
  const rest = [
    ...attachmentStatements(target, { ...relation, acl: relation }, `TABLE ${table}`),
    ...columns.flatMap((column) => columnStatements(column, context)),
    ...columns.flatMap((column) => columnAttachments(column, relation)),
    ...inline.flatMap((row) => constraintComment(row, relation)),
    ...identities.flatMap((row) => identityAttachments(row, relation)),
    ...securityStatements(relation),
  ];
  return {
    id: `pg_class:${relation.oid}`,
    object: tableObject(relation),
    phase: PHASE.table,
    name: table,
    sql: joinStatements(create, rest),
    needs: [],
  };
}

function createStatement(
  context: ColumnContext,
  columns: readonly ColumnRow[],
  checks: readonly ConstraintRow[],
): string {
  const { relation } = context;
  const table = quoteQualified(relation.schema, relation.name);
  const lines = [...columns.flatMap((column) => columnLine(column, context) ?? []), ...checks.map(constraintLine)];
  const body = lines.length === 0 ? '' : `\n    ${lines.join(',\n    ')}\n`;
  const isPartition = relation.partitionBound !== null;
  const parents = isPartition ? [] : (relation.parents ?? []);
  const variant = relation.kind === 'f' ? 'FOREIGN ' : relation.persistence === 'u' ? 'UNLOGGED ' : '';
  const head = `CREATE ${variant}TABLE ${table}`;
  const of = relation.ofType === null ? '' : ` OF ${relation.ofType}`;
  const list = relation.ofType !== null && lines.length === 0 ? '' : ` (${body})`;
  const tail: string[] = [];
  if (parents.length > 0) {
    tail.push(`INHERITS (${parents.map((parent) => quoteQualified(parent.schema, parent.name)).join(', ')})`);
  }
  if (relation.partitionKey !== null) tail.push(`PARTITION BY ${relation.partitionKey}`);
  if (relation.foreignServer !== null) {
    const options = foreignOptions(relation.foreignOptions);
    tail.push(`SERVER ${quoteIdent(relation.foreignServer)}${options === '' ? '' : ` OPTIONS (${options})`}`);
  }
  tail.push(...storageClauses(relation));
  return `${head}${of}${list}${tail.map((clause) => `\n${clause}`).join('')};`;
}

/** USING, WITH and TABLESPACE of a table or materialized view. */
export function storageClauses(relation: RelationRow): string[] {
  const clauses: string[] = [];
  if (relation.accessMethod !== null) clauses.push(`USING ${quoteIdent(relation.accessMethod)}`);
  const options = [optionList(relation.options), optionList(relation.toastOptions, 'toast.')]
    .filter(Boolean)
    .join(', ');
  if (options !== '') clauses.push(`WITH (${options})`);
  if (relation.tablespace !== null) clauses.push(`TABLESPACE ${quoteIdent(relation.tablespace)}`);
  return clauses;
}

/** The sequence of an identity column may have privileges, a comment and a persistence of its own. */
function identityAttachments(sequence: RelationRow, table: RelationRow): string[] {
  const target = `SEQUENCE ${quoteQualified(sequence.schema, sequence.name)}`;
  // The owner is always the table's and can't be said of the sequence.
  const [, ...attachments] = attachmentStatements(target, { ...sequence, acl: sequence });
  const isTables = sequence.persistence === '' || sequence.persistence === table.persistence;
  const logged = sequence.persistence === 'u' ? 'UNLOGGED' : 'LOGGED';
  return isTables ? attachments : [`ALTER ${target} SET ${logged};`, ...attachments];
}

function securityStatements(relation: RelationRow): string[] {
  const alter = alterTarget(relation);
  const statements: string[] = [];
  if (relation.rowSecurity) statements.push(`${alter} ENABLE ROW LEVEL SECURITY;`);
  if (relation.forceRowSecurity) statements.push(`${alter} FORCE ROW LEVEL SECURITY;`);
  if (relation.kind !== 'f' && relation.replicaIdentity === 'f') statements.push(`${alter} REPLICA IDENTITY FULL;`);
  if (relation.kind !== 'f' && relation.replicaIdentity === 'n') statements.push(`${alter} REPLICA IDENTITY NOTHING;`);
  return statements;
}

/** Defaults that stand apart. */
const defaultPieces = (context: ColumnContext, columns: readonly ColumnRow[]): Piece[] =>
  columns
    .filter((column) => defaultApart(column, context))
    .map((column) => ({
      id: `default:${column.relation}.${column.number}`,
      object: tableObject(context.relation),
      phase: PHASE.defaults,
      name: `${quoteQualified(context.relation.schema, context.relation.name)}.${quoteIdent(column.name)}`,
      sql: `${alterTarget(context.relation)} ALTER COLUMN ${quoteIdent(column.name)} SET DEFAULT ${column.default};`,
      relation: column.relation,
      needs: [`pg_class:${column.relation}`],
    }));

function attachPiece(relation: RelationRow): Piece[] {
  const [parent] = relation.parents ?? [];
  if (relation.partitionBound === null || !parent) return [];
  const table = quoteQualified(relation.schema, relation.name);
  return [
    {
      id: `attach:${relation.oid}`,
      object: tableObject(relation),
      phase: PHASE.attach,
      name: table,
      sql: `ALTER TABLE ONLY ${quoteQualified(parent.schema, parent.name)}\n    ATTACH PARTITION ${table} ${relation.partitionBound};`,
      relation: relation.oid,
      needs: [`pg_class:${relation.oid}`, `pg_class:${parent.oid}`],
    },
  ];
}
