import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { collateClause, columnAttachments, columnStatements, type ColumnContext } from './column-ddl';
import { readColumns, type ColumnRow } from './column-rows';
import { indexPieces, readIndexes } from './index-ddl';
import { pieceObject, attachmentStatements, joinStatements, optionList, PHASE, type Piece } from './piece';
import { readRelations, type RelationRow } from './relation-rows';
import { storageClauses } from './table-ddl';
import { rulePieces, statisticsPieces, triggerPieces } from './table-parts';

interface DefinitionRow {
  readonly oid: number;
  readonly definition: string;
}

const DEFINITIONS =
  'SELECT c.oid, pg_catalog.pg_get_viewdef(c.oid) AS definition FROM pg_catalog.pg_class c WHERE c.oid = ANY ($1::oid[])';

/** Views and materialized views with their indexes, rules and triggers. `whole`: materialized views are filled at the end of the script. */
export async function viewPieces(
  session: PgSession,
  oids: readonly number[],
  whole: boolean,
  signal: AbortSignal,
): Promise<Piece[]> {
  if (oids.length === 0) return [];
  const relations = await readRelations(session, oids, signal);
  const byOid = new Map(relations.map((row) => [row.oid, row]));
  const definitions = await session.query<DefinitionRow>(DEFINITIONS, [oids], signal);
  const queryOf = new Map(definitions.map((row) => [row.oid, row.definition.trim().replace(/;$/, '')]));
  const columns = await readColumns(session, oids, signal);
  const pieces: Piece[] = [];
  for (const relation of relations) {
    const name = quoteQualified(relation.schema, relation.name);
    const context: ColumnContext = { relation, sequences: new Map(), apart: false };
    const ofView = columns.get(relation.oid) ?? [];
    const target = `${relation.kind === 'm' ? 'MATERIALIZED VIEW' : 'VIEW'} ${name}`;
    const create = createStatement(relation, queryOf.get(relation.oid) ?? '', whole);
    const rest = [
      ...attachmentStatements(target, { ...relation, acl: relation }, `TABLE ${name}`),
      ...ofView.flatMap((column) => columnStatements(column, context)),
      ...ofView.flatMap((column) => columnAttachments(column, relation)),
    ];
    const id = `pg_class:${relation.oid}`;
    const object = pieceObject(relation.kind === 'm' ? 'materialized-view' : 'view', relation.schema, relation.name);
    const piece: Piece = { id, object, phase: PHASE.view, name, sql: joinStatements(create, rest), needs: [] };
    const replacement = joinStatements(create.replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW'), rest);
    pieces.push(
      relation.kind === 'v' ? { ...piece, placeholder: { sql: placeholder(name, ofView), replacement } } : piece,
    );
    if (whole && relation.kind === 'm' && relation.populated) {
      pieces.push({
        id: `refresh:${relation.oid}`,
        object,
        phase: PHASE.refresh,
        name,
        sql: `REFRESH MATERIALIZED VIEW ${name};`,
        needs: [id],
      });
    }
  }
  for (const row of await readIndexes(session, oids, signal)) {
    const relation = byOid.get(row.relation);
    if (relation && (row.usable || !whole)) pieces.push(...indexPieces(row, relation));
  }
  pieces.push(
    ...(await statisticsPieces(session, byOid, signal)),
    ...(await rulePieces(session, byOid, signal)),
    ...(await triggerPieces(session, byOid, signal)),
  );
  return pieces;
}

/** A view of the same columns that needs nothing, for a function that returns the view's rows and that the view calls. */
const placeholder = (name: string, columns: readonly ColumnRow[]): string => {
  const list = columns.map((column) => `NULL::${column.type}${collateClause(column)} AS ${quoteIdent(column.name)}`);
  return `CREATE VIEW ${name} AS\n SELECT ${list.join(',\n    ')};`;
};

function createStatement(relation: RelationRow, query: string, whole: boolean): string {
  const name = quoteQualified(relation.schema, relation.name);
  if (relation.kind === 'm') {
    const clauses = storageClauses(relation).map((clause) => `\n${clause}`);
    return `CREATE MATERIALIZED VIEW ${name}${clauses.join('')} AS\n ${query}\nWITH ${relation.populated && !whole ? '' : 'NO '}DATA;`;
  }
  const options = optionList(relation.options);
  return `CREATE VIEW ${name}${options === '' ? '' : ` WITH (${options})`} AS\n ${query};`;
}
