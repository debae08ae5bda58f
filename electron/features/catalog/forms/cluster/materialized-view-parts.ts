import type { ObjectRef } from '../../../../../shared/model/catalog';
import type { PgSession } from '../../../../adapters/postgres/session';
import { columnAttachments, columnStatements } from '../../ddl/column-ddl';
import { readColumns } from '../../ddl/column-rows';
import { extensionMarkPieces } from '../../ddl/extension-marks';
import { indexPieces, indexStatements, readIndexes } from '../../ddl/index-ddl';
import { readRelations } from '../../ddl/relation-rows';
import { readStatistics, statisticsStatements } from '../../ddl/table-parts';
import { describeObjects } from '../../objects/describe-objects';
import { findFalling } from '../../objects/falling-objects';
import { addressOf } from '../../objects/object-address';

const withoutSemicolon = (sql: string): string => sql.replace(/;$/u, '');

/**
 * Statements that bring back what falls with a materialized view and what its own statement does not say: settings, comments and privileges
 * of columns, indexes with all that is theirs, extended statistics.
 */
export async function readRestoring(session: PgSession, oid: number, signal: AbortSignal): Promise<string[]> {
  const [relation] = await readRelations(session, [oid], signal);
  if (!relation) return [];
  const columns = (await readColumns(session, [oid], signal)).get(oid) ?? [];
  const context = { relation, sequences: new Map(), apart: false };
  const indexes = await readIndexes(session, [oid], signal);
  const statistics = await readStatistics(session, [oid], signal);
  const pieces = indexes.flatMap((row) => indexPieces(row, relation));
  const marks = await extensionMarkPieces(session, pieces, signal);
  return [
    ...columns.flatMap((column) => [...columnStatements(column, context), ...columnAttachments(column, relation)]),
    ...indexes.flatMap((row) => indexStatements(row, relation)),
    ...statistics.flatMap(statisticsStatements),
    ...marks.map(({ sql }) => sql),
  ].map(withoutSemicolon);
}

/** What keeps an object from being dropped, in the server's words. */
export async function readNeededBy(session: PgSession, object: ObjectRef, signal: AbortSignal): Promise<string[]> {
  const { objects, held } = await findFalling(session, [addressOf(object)], signal);
  const keeping = [...objects.filter(({ named, silently }) => !named && !silently), ...held.map(({ owner }) => owner)];
  const described = await describeObjects(session, keeping, signal);
  return [...new Set(described.map(({ text }) => text))];
}
