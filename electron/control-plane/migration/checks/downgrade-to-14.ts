import {
  collationsWhere,
  columnsWhere,
  constraintsWhere,
  functions,
  indexesWhere,
  routinesWhere,
  schemas,
  statisticsWhere,
  tablesWhere,
  type ServerFeature,
} from './downgrade-feature';
import { COLUMN_NAME, COLUMNS, RELATION_NAME, RELATIONS } from './object-scope';

const NOT_THERE = 'These objects will not exist on the target; everything else goes on.';
const LEAVE = 'Leave them out of the selection, replace them on the source, or choose a newer target.';
const REPLACE = 'Replace them on the source, make a substitute on the target afterwards, or choose a newer target.';

/** Oldest first. Source: the release notes of 11 to 14. */
export const FEATURES_TO_14: readonly ServerFeature[] = [
  {
    id: 'procedures',
    since: 11,
    name: 'procedures',
    sql: routinesWhere("p.prokind = 'p'"),
    params: functions,
    effect: NOT_THERE,
    remedy: 'Write them as functions, or choose a target of 11 or newer.',
  },
  {
    id: 'hash-partitions',
    since: 11,
    name: 'tables partitioned by hash',
    sql: tablesWhere("t.partstrat = 'h'", 'JOIN pg_catalog.pg_partitioned_table t ON t.partrelid = c.oid'),
    effect: 'These tables and their partitions will not exist on the target, their rows are not copied.',
    remedy: 'Make plain tables or range partitions on the source, or choose a target of 11 or newer.',
  },
  {
    id: 'default-partitions',
    since: 11,
    name: 'tables with a default partition',
    sql: tablesWhere('t.partdefid <> 0', 'JOIN pg_catalog.pg_partitioned_table t ON t.partrelid = c.oid'),
    effect: 'The default partition is not attached on the target: its rows are not seen through the partitioned table.',
    remedy: 'Make partitions for what lies in the default partition, or choose a target of 11 or newer.',
  },
  {
    id: 'partitioned-keys',
    since: 11,
    name: 'indexes, keys and row triggers of partitioned tables',
    sql: `SELECT pg_catalog.format('%s: %I', k.owner, k.name) AS item FROM (
SELECT ${RELATION_NAME} AS owner, i.relname AS name FROM ${RELATIONS} JOIN pg_catalog.pg_index x ON x.indrelid = c.oid
JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid WHERE c.oid = ANY ($1::oid[]) AND c.relkind = 'p'
UNION ALL SELECT ${RELATION_NAME}, f.conname FROM ${RELATIONS} JOIN pg_catalog.pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f'
WHERE c.oid = ANY ($1::oid[]) AND c.relkind = 'p'
UNION ALL SELECT ${RELATION_NAME}, g.tgname FROM ${RELATIONS} JOIN pg_catalog.pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal
AND g.tgtype::integer & 1 = 1 WHERE c.oid = ANY ($1::oid[]) AND c.relkind = 'p') k ORDER BY 1`,
    effect: 'They will not exist on the partitioned tables of the target; each partition keeps its own.',
    remedy: 'Make what a partition lacks on the target afterwards, or choose a target of 11 or newer.',
  },
  {
    id: 'include',
    since: 11,
    name: 'indexes with INCLUDE columns',
    sql: indexesWhere('i.indnkeyatts <> i.indnatts'),
    level: 'info',
    effect:
      'They are made without the INCLUDE columns: keys hold as before, some queries have to read the table as well.',
    remedy: 'Nothing has to be done.',
  },
  {
    id: 'generated-columns',
    since: 12,
    name: 'generated columns',
    sql: columnsWhere("a.attgenerated <> ''"),
    effect: 'The tables cannot be made as they are: with them their rows are missing on the target.',
    remedy:
      'ALTER COLUMN … DROP EXPRESSION on the source (13 or newer) keeps the values, a trigger the rule; or choose a target of 12 or newer.',
  },
  {
    id: 'references-partitioned',
    since: 12,
    name: 'foreign keys to partitioned tables',
    sql: constraintsWhere(
      "k.contype = 'f' AND k.conparentid = 0 AND EXISTS (SELECT 1 FROM pg_catalog.pg_class r WHERE r.oid = k.confrelid AND r.relkind = 'p')",
    ),
    effect: 'These foreign keys will not exist on the target: it takes rows that refer to nothing.',
    remedy: REPLACE,
  },
  {
    id: 'nondeterministic-collations',
    since: 12,
    name: 'nondeterministic collations',
    sql: collationsWhere('NOT l.collisdeterministic'),
    params: schemas,
    effect: 'These collations will not exist on the target, nor the tables that use them.',
    remedy: LEAVE,
  },
  {
    id: 'mcv-statistics',
    since: 12,
    name: 'extended statistics on most common values',
    sql: statisticsWhere("'m' = ANY (s.stxkind)"),
    effect: 'They are made without most common values; some queries may be planned worse.',
    remedy: 'Nothing has to be done.',
  },
  {
    id: 'before-triggers-partitioned',
    since: 13,
    name: 'BEFORE ROW triggers of partitioned tables',
    sql: `SELECT pg_catalog.format('%I.%I: %I', n.nspname, c.relname, g.tgname) AS item FROM ${RELATIONS}
JOIN pg_catalog.pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgtype::integer & 3 = 3
WHERE c.oid = ANY ($1::oid[]) AND c.relkind = 'p' ORDER BY 1`,
    effect: 'These triggers will not exist on the target: what they do to new rows does not happen.',
    remedy: 'Make them on each partition of the target afterwards.',
  },
  {
    id: 'multiranges',
    since: 14,
    name: 'columns of multirange types',
    sql: `SELECT ${COLUMN_NAME} AS item FROM ${COLUMNS} JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
WHERE 'm' IN (t.typtype, e.typtype, b.typtype) ORDER BY 1`,
    effect: 'The tables cannot be made: they and their rows are missing on the target.',
    remedy: 'Store arrays of ranges on the source, leave the tables out, or choose a target of 14 or newer.',
  },
  {
    id: 'sql-bodies',
    since: 14,
    name: 'functions with a body of the SQL standard (BEGIN ATOMIC, RETURN)',
    sql: routinesWhere('p.prosqlbody IS NOT NULL'),
    params: functions,
    level: 'info',
    effect: 'Their bodies are written as text and do the same; the server does not know any more what they depend on.',
    remedy: 'Nothing has to be done.',
  },
  {
    id: 'procedure-out',
    since: 14,
    name: 'procedures with OUT parameters',
    sql: routinesWhere("p.prokind = 'p' AND 'o' = ANY (p.proargmodes)"),
    params: functions,
    effect: NOT_THERE,
    remedy: 'Make the parameters INOUT, or choose a target of 14 or newer.',
  },
  {
    id: 'expression-statistics',
    since: 14,
    name: 'extended statistics on expressions',
    sql: statisticsWhere('s.stxexprs IS NOT NULL'),
    effect: 'These statistics will not exist on the target; some queries may be planned worse.',
    remedy: 'An index on the expression gives the target such statistics as well.',
  },
  {
    id: 'column-compression',
    since: 14,
    name: 'columns with a compression method of their own',
    sql: columnsWhere("a.attcompression <> ''"),
    level: 'info',
    effect: 'The target compresses these columns by its own method (pglz); their values are the same.',
    remedy: 'Nothing has to be done.',
  },
];
