import { LAST_ITEMS, columnNames, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

/** pg_publication. */
export const publications: KindDefinition = {
  folder: 'publications',
  kind: 'publication',
  scope: 'database',
  rare: true,
  select: always(
    `p.oid, p.pubname AS name, '' AS note, CASE WHEN p.puballtables THEN 'all-tables' ELSE '' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_publication p WHERE $1 OR true`),
  order: 'p.pubname',
  properties: {
    publication: {
      sql: {
        100000: facts('NULL::text', 'NULL::text', 'NULL::text'),
        110000: facts('p.pubtruncate', 'NULL::text', 'NULL::text'),
        130000: facts('p.pubtruncate', 'p.pubviaroot::text', 'NULL::text'),
        180000: facts('p.pubtruncate', 'p.pubviaroot::text', 'p.pubgencols::text'),
      },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['owner', 'text'],
        ['allTables', 'boolean'],
        ['operations', 'text'],
        ['viaRoot', 'boolean'],
        ['generatedColumns', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [
        {
          key: 'tables',
          columns: ['name', 'columns', 'where'],
          sql: {
            100000: tables('NULL::text', 'NULL::text'),
            150000: tables(columnNames('r.prrelid', 'r.prattrs'), 'pg_catalog.pg_get_expr(r.prqual, r.prrelid)'),
          },
        },
        {
          key: 'schemas',
          columns: ['name'],
          sql: {
            100000: 'SELECT NULL::text AS name WHERE $1::oid IS NULL',
            150000:
              'SELECT n.nspname AS name FROM pg_catalog.pg_publication_namespace p JOIN pg_catalog.pg_namespace n ON n.oid = p.pnnspid WHERE p.pnpubid = $1 ORDER BY 1',
          },
        },
      ],
    },
  },
};

function facts(truncate: string, viaRoot: string, generatedColumns: string): string {
  const operations = [
    ['insert', 'p.pubinsert'],
    ['update', 'p.pubupdate'],
    ['delete', 'p.pubdelete'],
    ['truncate', truncate],
  ].map(([word, column]) => `CASE WHEN ${column}::boolean THEN '${word}' END`);
  return `
SELECT p.pubname AS name, p.oid::text AS oid, pg_catalog.pg_get_userbyid(p.pubowner) AS owner, p.puballtables::text AS "allTables",
       concat_ws(', ', ${operations.join(', ')}) AS operations, ${viaRoot} AS "viaRoot",
       CASE ${generatedColumns} WHEN 'n' THEN 'none' WHEN 's' THEN 'stored' END AS "generatedColumns",${lastFacts('p.oid', 'pg_publication')}
  FROM pg_catalog.pg_publication p WHERE p.oid = $1`;
}

function tables(columns: string, where: string): string {
  return `
SELECT r.prrelid::pg_catalog.regclass::text AS name, ${columns} AS columns, ${where} AS "where"
  FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = $1 ORDER BY 1`;
}
