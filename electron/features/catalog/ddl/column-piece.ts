import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { columnAttachments, columnLine, columnStatements, type ColumnContext } from './column-ddl';
import { readColumns } from './column-rows';
import { partObject, PHASE, type Piece } from './piece';
import { readRelations } from './relation-rows';
import { readSequences, sequencePieces } from './sequence-ddl';

/** Said of columns that CREATE TABLE or CREATE VIEW makes along with the rest. */
const COMES_WITH_IT = '-- The column comes with its table or view; this is what was said of it afterwards.';

/**
 * `ALTER TABLE … ADD COLUMN` with the sequence that the column owns, its settings, comment and privileges. Columns that a view's query, a
 * parent or a type gives can't be added: of these only what was said afterwards.
 */
export async function columnPieces(
  session: PgSession,
  relationOid: number,
  number: number,
  signal: AbortSignal,
): Promise<Piece[]> {
  const [relation] = await readRelations(session, [relationOid], signal);
  const columns = (await readColumns(session, [relationOid], signal)).get(relationOid) ?? [];
  const column = columns.find((each) => each.number === number);
  if (!relation || !column) return [];
  const owned = await session.query<{ oid: number }>(OWNED, [relationOid, number], signal);
  const identity = column.identitySequence === null ? [] : [column.identitySequence];
  const sequences = new Map((await readSequences(session, identity, signal)).map((row) => [row.oid, row]));
  const context: ColumnContext = { relation, sequences, apart: false };
  const isTable = ['r', 'p', 'f'].includes(relation.kind) && relation.ofType === null;
  const line = isTable ? columnLine(column, context) : null;
  const keyword = relation.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE';
  const table = quoteQualified(relation.schema, relation.name);
  const statements = [
    line === null ? COMES_WITH_IT : `ALTER ${keyword} ${table}\n    ADD COLUMN ${line};`,
    ...columnStatements(column, context),
    ...columnAttachments(column, relation),
  ];
  const before = await sequencePieces(
    session,
    owned.map((row) => row.oid),
    signal,
  );
  return [
    ...before,
    {
      id: `column:${relationOid}.${number}`,
      object: partObject('column', relation, column.name),
      phase: PHASE.table,
      name: table,
      sql: statements.join('\n'),
      needs: [],
    },
  ];
}

/** Sequences that the column owns by OWNED BY. */
const OWNED = `
SELECT d.objid AS oid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'
 WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = d.classid AND d.refobjid = $1 AND d.refobjsubid = $2
   AND d.deptype = 'a' ORDER BY c.relname`;
