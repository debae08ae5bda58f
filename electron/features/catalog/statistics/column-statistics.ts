import { always, type GridDefinition, type PropertiesDefinition } from '../kinds/kind';
import { fraction } from './figures';

/** What ANALYZE found of one column: of the relation alone, or of it and its children where it has no rows of its own. Only who may read the column sees it. */
const OF_COLUMN = `
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  %JOIN% LATERAL (SELECT s.* FROM pg_catalog.pg_stats s WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
                ORDER BY s.inherited LIMIT 1) s ON true
 WHERE a.attrelid = $1`;

/** pg_stats of a column. */
export const columnStatistics: PropertiesDefinition = {
  sql: always(`
SELECT ${fraction('s.null_frac')} AS "nullFraction", s.avg_width::text AS "averageWidth", s.n_distinct::text AS distinct,
       s.correlation::text AS correlation, s.inherited::text AS "withChildren"
  ${OF_COLUMN.replace('%JOIN%', 'LEFT JOIN')} AND a.attnum = $2`),
  items: [
    ['nullFraction', 'text'],
    ['averageWidth', 'count'],
    ['distinct', 'text'],
    ['correlation', 'text'],
    ['withChildren', 'boolean'],
  ],
  grids: [
    {
      key: 'mostCommon',
      columns: ['value', 'frequency'],
      sql: always(`
SELECT v.value, ${fraction('v.frequency')} AS frequency FROM (
  SELECT s.most_common_vals::text::text[] AS vals, s.most_common_freqs AS freqs ${OF_COLUMN.replace('%JOIN%', 'JOIN')} AND a.attnum = $2::int4
) m, unnest(m.vals, m.freqs) WITH ORDINALITY v (value, frequency, at) ORDER BY v.at`),
    },
    {
      key: 'histogram',
      columns: ['number', 'bound'],
      sql: always(`
SELECT v.at::text AS number, v.bound FROM (
  SELECT s.histogram_bounds::text::text[] AS bounds ${OF_COLUMN.replace('%JOIN%', 'JOIN')} AND a.attnum = $2::int4
) h, unnest(h.bounds) WITH ORDINALITY v (bound, at) ORDER BY v.at`),
    },
  ],
};

/** What ANALYZE found of every column of a relation. */
export const columnsGrid: GridDefinition = {
  key: 'columns',
  columns: ['name', 'nullFraction', 'averageWidth', 'distinct', 'correlation'],
  sql: always(`
SELECT a.attname AS name, ${fraction('s.null_frac')} AS "nullFraction", s.avg_width::text AS "averageWidth", s.n_distinct::text AS distinct,
       s.correlation::text AS correlation
  ${OF_COLUMN.replace('%JOIN%', 'JOIN')} AND a.attnum > 0 ORDER BY a.attnum`),
};

/** pg_stats_ext shows figures to who may read the columns; it came with 12. */
const EXTENDED = `
  FROM pg_catalog.pg_statistic_ext x JOIN pg_catalog.pg_namespace n ON n.oid = x.stxnamespace
  LEFT JOIN LATERAL (SELECT s.* FROM pg_catalog.pg_stats_ext s WHERE s.statistics_schemaname = n.nspname AND s.statistics_name = x.stxname LIMIT 1) s ON true
 WHERE x.oid = $1`;

/** What ANALYZE found for a statistics object. */
export const statisticsObjectStatistics: PropertiesDefinition = {
  sql: {
    100000: `
SELECT x.stxndistinct::text AS "distinctCounts", x.stxdependencies::text AS dependencies FROM pg_catalog.pg_statistic_ext x WHERE x.oid = $1`,
    120000: `SELECT s.n_distinct::text AS "distinctCounts", s.dependencies::text AS dependencies ${EXTENDED}`,
  },
  items: [
    ['distinctCounts', 'code'],
    ['dependencies', 'code'],
  ],
  grids: [
    {
      key: 'mostCommon',
      columns: ['value', 'frequency', 'baseFrequency'],
      sql: {
        100000:
          'SELECT NULL::text AS value, NULL::text AS frequency, NULL::text AS "baseFrequency" WHERE $1::oid IS NULL',
        120000: `
SELECT (SELECT string_agg(coalesce(m.vals[k.at][j], 'NULL'), ', ' ORDER BY j) FROM generate_subscripts(m.vals, 2) j) AS value,
       ${fraction('k.frequency')} AS frequency, ${fraction('k.base')} AS "baseFrequency"
  FROM (SELECT s.most_common_vals AS vals, s.most_common_freqs AS freqs, s.most_common_base_freqs AS bases ${EXTENDED}) m,
       unnest(m.freqs, m.bases) WITH ORDINALITY k (frequency, base, at) ORDER BY k.at`,
      },
    },
  ],
};
