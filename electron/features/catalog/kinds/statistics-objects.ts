import { always, type KindDefinition } from './kind';

const OF_RELATION = always(
  'FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid WHERE s.stxrelid = $1',
);

/** Extended statistics: those of a schema under the schema, those of a relation, in whatever schema they are, under the relation. */
export const statisticsObjects: KindDefinition = {
  folder: 'statistics-objects',
  kind: 'statistics-object',
  scope: 'schema',
  rare: true,
  select: always(`s.oid, s.stxname AS name, c.relname AS note, '' AS mark, n.nspname AS schema`),
  from: always(
    `FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid WHERE s.stxnamespace = $1`,
  ),
  fromWithin: { table: OF_RELATION, 'foreign-table': OF_RELATION, 'materialized-view': OF_RELATION },
  order: 's.stxname',
  properties: {},
};
