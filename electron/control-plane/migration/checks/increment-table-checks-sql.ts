import { COLUMN_NAME, COLUMNS, RELATION_NAME, RELATIONS } from './object-scope';

/** Tables with rows of their own among `$1`; those of partitioned tables are their partitions. */
const TABLES = `FROM ${RELATIONS} WHERE c.oid = ANY ($1::oid[]) AND c.relkind = 'r'`;

const HAS_KEY = `EXISTS (SELECT 1 FROM pg_catalog.pg_index i
  WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid)`;

/**
 * Rows `name`, `index` (one that can identify the rows, or null), `key` (whether a primary key would do), `owned`: tables whose updates and
 * deletes the server would refuse, or not tell which row they mean.
 */
export const NO_IDENTITY_SQL = `SELECT ${RELATION_NAME} AS name, ${HAS_KEY} AS key, pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
  (SELECT x.relname::text FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull)
    ORDER BY pg_catalog.pg_relation_size(x.oid), x.relname LIMIT 1) AS index
  ${TABLES} AND c.relpersistence = 'p' AND CASE c.relreplident WHEN 'f' THEN false WHEN 'n' THEN true WHEN 'd' THEN NOT ${HAS_KEY}
    ELSE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisreplident) END ORDER BY 1`;

/** Columns of tables that are identified by the whole row, whose type cannot be compared. */
export const NO_EQUALITY_SQL = `SELECT ${COLUMN_NAME} || ': ' || pg_catalog.format_type(a.atttypid, a.atttypmod) AS item
  FROM ${COLUMNS} JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  WHERE c.relkind = 'r' AND c.relreplident = 'f' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_opclass o
    JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod AND m.amname IN ('btree', 'hash') WHERE o.opcdefault AND o.opcintype IN (t.oid,
      CASE WHEN t.typtype = 'd' THEN t.typbasetype END, CASE WHEN t.typtype = 'e' THEN 'pg_catalog.anyenum'::regtype END,
      CASE WHEN t.typcategory = 'A' THEN 'pg_catalog.anyarray'::regtype END,
      CASE WHEN t.typtype = 'r' THEN 'pg_catalog.anyrange'::regtype END,
      CASE WHEN t.typtype = 'm' THEN pg_catalog.to_regtype('pg_catalog.anymultirange') END,
      CASE WHEN t.typtype = 'c' THEN 'pg_catalog.record'::regtype END,
      -- varchar is compared as text
      CASE WHEN t.oid = 'pg_catalog.varchar'::regtype THEN 'pg_catalog.text'::regtype END)) ORDER BY 1`;

export const FULL_IDENTITY_SQL = `SELECT ${RELATION_NAME} AS item ${TABLES} AND c.relreplident = 'f' ORDER BY 1`;

const UNIQUES = '(SELECT count(*) FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisunique)';

export const SEVERAL_UNIQUES_SQL = `SELECT ${RELATION_NAME} AS item ${TABLES} AND ${UNIQUES} > 1 AND c.relreplident <> 'f' ORDER BY 1`;

export const DEFERRABLE_KEY_SQL = `SELECT ${RELATION_NAME} AS item ${TABLES} AND EXISTS (SELECT 1 FROM pg_catalog.pg_index i
  WHERE i.indrelid = c.oid AND i.indisprimary AND NOT i.indimmediate) ORDER BY 1`;

export const UNLOGGED_SQL = `SELECT ${RELATION_NAME} AS item ${TABLES} AND c.relpersistence <> 'p' ORDER BY 1`;

export const LARGE_OBJECTS_SQL = 'SELECT count(*)::int AS count FROM pg_catalog.pg_largeobject_metadata';

/** Columns that may point to large objects. */
export const POINTERS_SQL = `SELECT ${COLUMN_NAME} AS item FROM ${COLUMNS} JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  WHERE c.relkind IN ('r', 'p') AND (t.oid = 'pg_catalog.oid'::regtype OR t.typname = 'lo') ORDER BY 1`;

/** Rows `root`, `leaf`: the partitions with rows of the partitioned tables `$1`, by name. */
export const LEAVES_SQL = `WITH RECURSIVE tree AS (
    SELECT p.oid AS root, p.oid AS part FROM pg_catalog.pg_class p WHERE p.oid = ANY ($1::oid[]) AND p.relkind = 'p'
    UNION ALL SELECT tree.root, h.inhrelid FROM tree JOIN pg_catalog.pg_inherits h ON h.inhparent = tree.part)
  SELECT tree.root::int8::text AS root, ${RELATION_NAME} AS leaf
  FROM tree JOIN ${RELATIONS} ON c.oid = tree.part WHERE c.relkind <> 'p' ORDER BY 1, 2`;

/** The oid of a relation by its schema and name; no row when there is none. */
export const OID_SQL = `SELECT c.oid::int8::text AS oid FROM ${RELATIONS} WHERE n.nspname = $1 AND c.relname = $2`;
