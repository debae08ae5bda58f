import { LAST_ITEMS, columnNames, lastFacts } from './facts';
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
  properties: {
    'statistics-object': {
      sql: { 100000: facts('NULL::text'), 130000: facts('s.stxstattarget::text') },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['table', 'code'],
        ['columns', 'code'],
        ['statisticsKinds', 'text'],
        ['statisticsTarget', 'text'],
        ['definition', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
};

function facts(target: string): string {
  return `
SELECT s.stxname AS name, s.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(s.stxowner) AS owner,
       s.stxrelid::pg_catalog.regclass::text AS table,${columnNames('s.stxrelid', 's.stxkeys')} AS columns,
       (SELECT string_agg(CASE k WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' WHEN 'm' THEN 'mcv' WHEN 'e' THEN 'expressions' END, ', ')
          FROM unnest(s.stxkind) k) AS "statisticsKinds",
       ${target} AS "statisticsTarget", pg_catalog.pg_get_statisticsobjdef(s.oid) AS definition,${lastFacts('s.oid', 'pg_statistic_ext')}
  FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE s.oid = $1`;
}
