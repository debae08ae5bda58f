import type { ColumnShape, TableShape } from '../../../../shared/model/compare-shape';
import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { columnLine, defaultApart, type ColumnContext } from '../ddl/column-ddl';
import { groupBy, readColumns, type ColumnRow } from '../ddl/column-rows';
import { isInline, readConstraints } from '../ddl/constraint-ddl';
import { readRelations } from '../ddl/relation-rows';
import { readSequences, type SequenceRow } from '../ddl/sequence-ddl';

const STORAGE: Readonly<Record<string, string>> = { p: 'PLAIN', e: 'EXTERNAL', m: 'MAIN', x: 'EXTENDED' };

const USUAL_STORAGE = `
SELECT a.attrelid AS relation, a.attname AS name, t.typstorage::text AS storage
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
 WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped`;

const identityOptions = (row: SequenceRow | undefined): string[] =>
  row
    ? [
        `START WITH ${row.start}`,
        `INCREMENT BY ${row.increment}`,
        `MINVALUE ${row.minimum}`,
        `MAXVALUE ${row.maximum}`,
        `CACHE ${row.cache}`,
        row.cycle ? 'CYCLE' : 'NO CYCLE',
      ]
    : [];

const shown = (options: readonly string[] | null): string[] =>
  (options ?? []).filter((option) => !option.startsWith('pg_attver=')).toSorted();

/** Tables and foreign tables as values that can be compared, by oid. */
export async function readTableShapes(
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<Map<number, TableShape>> {
  if (oids.length === 0) return new Map();
  const relations = await readRelations(session, oids, signal);
  const columns = await readColumns(session, oids, signal);
  const constraints = groupBy(await readConstraints(session, oids, signal), (row) => row.relation);
  const identities = [...columns.values()].flat().flatMap((column) => column.identitySequence ?? []);
  const sequences = new Map(
    identities.length === 0 ? [] : (await readSequences(session, identities, signal)).map((row) => [row.oid, row]),
  );
  const storages = new Map(
    (await session.query<{ relation: number; name: string; storage: string }>(USUAL_STORAGE, [oids], signal)).map(
      (row) => [JSON.stringify([row.relation, row.name]), STORAGE[row.storage] ?? 'EXTENDED'],
    ),
  );
  return new Map(
    relations.map((relation): [number, TableShape] => {
      const context: ColumnContext = { relation, sequences, apart: true };
      const isPartition = relation.partitionBound !== null;
      const shape = (column: ColumnRow): ColumnShape => {
        const sequence = column.identitySequence === null ? undefined : sequences.get(column.identitySequence);
        const constraint = column.notNullConstraint;
        return {
          name: column.name,
          line: columnLine(column, context),
          type: column.type,
          collation: column.collation ? quoteQualified(column.collation.schema, column.collation.name) : null,
          default: defaultApart(column, context) ? null : column.default,
          notNull: column.notNull && (constraint?.validated ?? true),
          notNullName: constraint?.name ?? null,
          noInherit: constraint?.noInherit ?? false,
          identity: sequence ? column.identity : '',
          identityOptions: identityOptions(sequence),
          identitySequence: sequence ? quoteQualified(sequence.schema, sequence.name) : null,
          generated: column.generated,
          foreignOptions: column.foreignOptions ?? [],
          own: !column.inherited,
          usualStorage: storages.get(JSON.stringify([relation.oid, column.name])) ?? 'EXTENDED',
        };
      };
      return [
        relation.oid,
        {
          kind: relation.kind,
          persistence: relation.persistence,
          ofType: relation.ofType,
          partitionKey: relation.partitionKey,
          isPartition,
          parents: isPartition ? [] : (relation.parents ?? []).map(({ schema, name }) => quoteQualified(schema, name)),
          server: relation.foreignServer,
          foreignOptions: relation.foreignOptions ?? [],
          options: [...shown(relation.options), ...shown(relation.toastOptions).map((option) => `toast.${option}`)],
          tablespace: relation.tablespace,
          accessMethod: relation.accessMethod,
          columns: (columns.get(relation.oid) ?? []).map(shape),
          checks: (constraints.get(relation.oid) ?? [])
            .filter((row) => isInline(row, { relation, whole: true }))
            .map(({ name, definition }) => ({ name, definition })),
        },
      ];
    }),
  );
}
