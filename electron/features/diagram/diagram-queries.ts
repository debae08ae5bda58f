/** What a diagram is read by. All ids are text: an oid doesn't fit into the driver's int4. */

export interface TableRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly comment: string;
  readonly partition_by: string;
  readonly partitions: number;
}

export interface ColumnRow {
  readonly table: string;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly not_null: boolean;
  readonly default: string;
  readonly identity: string;
  readonly generated: string;
  readonly serial: boolean;
  readonly comment: string;
}

export interface KeyRow {
  readonly table: string;
  readonly oid: string;
  readonly name: string;
  readonly primary: boolean;
  readonly columns: readonly number[];
}

export interface ForeignKeyRow {
  readonly oid: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly from_columns: readonly string[];
  readonly to_columns: readonly string[];
  readonly on_update: string;
  readonly on_delete: string;
  readonly match: string;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  /** Whether an end of it is a partition, for which the whole table stands. */
  readonly folded: boolean;
}

/** Tables that a person made: not of the system, not a part of another, not of an extension. */
const OURS = `c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.objid = c.oid AND d.deptype = 'e')`;

export const SCHEMAS = `SELECT n.nspname::text AS name, pg_catalog.count(c.oid)::int AS tables
  FROM pg_catalog.pg_namespace AS n
  LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND ${OURS}
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  GROUP BY n.nspname ORDER BY n.nspname`;

export const TABLE_NAMES = `SELECT c.oid::pg_catalog.text, n.nspname::text AS schema, c.relname::text AS name
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE ${OURS} ORDER BY n.nspname, c.relname`;

/** The table that a partition, however deep, is part of. */
const ROOTS = `roots AS (
    SELECT c.oid AS part, c.oid AS root FROM pg_catalog.pg_class AS c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    UNION ALL
    SELECT i.inhrelid, r.root FROM roots AS r
    JOIN pg_catalog.pg_inherits AS i ON i.inhparent = r.part
    JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid AND c.relispartition
  )`;

/** $1 schemas or null, $2 oids or null, $3 whether neighbours too, $4 how many at most. A partition stands for its table. */
export const CHOSEN = `WITH RECURSIVE ${ROOTS},
  wanted AS (
    SELECT c.oid FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE $2::pg_catalog.oid[] IS NULL AND ${OURS} AND ($1::pg_catalog.text[] IS NULL OR n.nspname = ANY ($1::pg_catalog.text[]))
    UNION SELECT r.root FROM roots AS r WHERE r.part = ANY ($2::pg_catalog.oid[])
  ),
  ties AS (
    SELECT DISTINCT f.root AS one, t.root AS other FROM pg_catalog.pg_constraint AS k
    JOIN roots AS f ON f.part = k.conrelid JOIN roots AS t ON t.part = k.confrelid
    WHERE k.contype = 'f' AND $3::pg_catalog.bool
  )
  SELECT oid::pg_catalog.text FROM (
    SELECT oid FROM wanted
    UNION SELECT t.other FROM ties AS t JOIN wanted AS w ON w.oid = t.one
    UNION SELECT t.one FROM ties AS t JOIN wanted AS w ON w.oid = t.other
  ) AS all_of_them LIMIT $4`;

export const TABLES = `WITH RECURSIVE ${ROOTS}
  SELECT c.oid::pg_catalog.text, n.nspname::text AS schema, c.relname::text AS name,
    COALESCE(pg_catalog.obj_description(c.oid, 'pg_class'), '') AS comment,
    CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) ELSE '' END AS partition_by,
    COALESCE(p.partitions, 0) AS partitions
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN (SELECT root, (pg_catalog.count(*) - 1)::int AS partitions FROM roots GROUP BY root) AS p ON p.root = c.oid
  WHERE c.oid = ANY ($1::pg_catalog.oid[])
  ORDER BY n.nspname, c.relname`;

const columns = (generated: string): string => `SELECT a.attrelid::pg_catalog.text AS table, a.attnum::int AS number,
    a.attname::text AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
    COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') AS default, a.attidentity::text AS identity,
    ${generated} AS generated,
    s.refobjid IS NOT NULL AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%' AS serial,
    COALESCE(pg_catalog.col_description(a.attrelid, a.attnum), '') AS comment
  FROM pg_catalog.pg_attribute AS a
  LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN (SELECT DISTINCT q.refobjid, q.refobjsubid FROM pg_catalog.pg_depend AS q
      JOIN pg_catalog.pg_class AS c ON c.oid = q.objid AND c.relkind = 'S'
      WHERE q.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND q.deptype = 'a'
        AND q.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass) AS s
    ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
      AND a.atttypid IN ('pg_catalog.int2'::pg_catalog.regtype, 'pg_catalog.int4'::pg_catalog.regtype,
        'pg_catalog.int8'::pg_catalog.regtype)
  WHERE a.attrelid = ANY ($1::pg_catalog.oid[]) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attrelid, a.attnum`;

export const COLUMNS = { from10: columns(`''`), from12: columns('a.attgenerated::text') };

/** Primary and unique keys of columns that can be referred to: exclusion and partial indexes are none. */
export const KEYS = `SELECT k.conrelid::pg_catalog.text AS table, k.oid::pg_catalog.text, k.conname::text AS name,
    k.contype = 'p' AS primary, k.conkey::int[] AS columns
  FROM pg_catalog.pg_constraint AS k
  WHERE k.contype IN ('p', 'u') AND k.conrelid = ANY ($1::pg_catalog.oid[])
  ORDER BY k.conname`;

/** Foreign keys with the whole tables at their ends; those that the server made for partitions itself are left out. */
const foreignKeys = (own: string): string => `WITH RECURSIVE ${ROOTS}
  SELECT k.oid::pg_catalog.text, k.conname::text AS name, f.root::pg_catalog.text AS from, t.root::pg_catalog.text AS to,
    (SELECT pg_catalog.array_agg(a.attname::text ORDER BY x.place) FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS x (number, place)
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = x.number) AS from_columns,
    (SELECT pg_catalog.array_agg(a.attname::text ORDER BY x.place) FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS x (number, place)
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = x.number) AS to_columns,
    k.confupdtype::text AS on_update, k.confdeltype::text AS on_delete, k.confmatchtype::text AS match,
    k.condeferrable AS deferrable, k.condeferred AS deferred, f.part <> f.root OR t.part <> t.root AS folded
  FROM pg_catalog.pg_constraint AS k
  JOIN roots AS f ON f.part = k.conrelid JOIN roots AS t ON t.part = k.confrelid
  WHERE k.contype = 'f' ${own} AND f.root = ANY ($1::pg_catalog.oid[]) AND t.root = ANY ($1::pg_catalog.oid[])
  ORDER BY f.part <> f.root OR t.part <> t.root, k.conname, k.oid`;

export const FOREIGN_KEYS = { from10: foreignKeys(''), from11: foreignKeys('AND k.conparentid = 0') };
