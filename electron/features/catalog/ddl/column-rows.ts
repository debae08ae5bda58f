import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { aclJson, type AclEntry } from './acl';
import { labelsJson, type Attachments } from './piece';

/** A column as the catalogs have it. */
export interface ColumnRow {
  readonly relation: number;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  /** Null: the type's own. */
  readonly collation: { readonly schema: string; readonly name: string } | null;
  readonly notNull: boolean;
  /** 18 and newer: the constraint that says NOT NULL; null before. */
  readonly notNullConstraint: {
    readonly name: string;
    readonly noInherit: boolean;
    readonly validated: boolean;
    readonly local: boolean;
    readonly comment: string | null;
  } | null;
  readonly identity: string;
  /** Oid of the identity's own sequence; null when it has none (partitions share their parent's). */
  readonly identitySequence: number | null;
  readonly generated: string;
  readonly default: string | null;
  /** Whether the default calls functions that this database defines. */
  readonly defaultCalls: boolean;
  readonly local: boolean;
  readonly inherited: boolean;
  readonly parentDefault: string | null;
  readonly parentNotNull: boolean;
  /** Null: as the type says. */
  readonly storage: string | null;
  readonly compression: string;
  /** Null: the default. */
  readonly statistics: number | null;
  readonly options: readonly string[] | null;
  readonly foreignOptions: readonly string[] | null;
  readonly acl: readonly AclEntry[] | null;
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
}

/** SQL condition: the default or constraint `of` calls a function that the database defines itself, outside extensions. */
export const callsOwnFunctions = (catalog: string, oid: string): string =>
  `EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND e.objid = ${oid}
     AND e.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend m
       WHERE m.classid = e.refclassid AND m.objid = e.refobjid AND m.deptype = 'e'))`;

interface Since {
  readonly generated: string;
  readonly compression: string;
  readonly statistics: string;
  readonly notNull: string;
}

const columns = ({ generated, compression, statistics, notNull }: Since): string => `
SELECT a.attrelid AS relation, a.attnum::int4 AS number, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN a.attcollation <> t.typcollation THEN (SELECT pg_catalog.json_build_object('schema', cn.nspname, 'name', co.collname)
         FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation)
       END AS collation,
       a.attnotnull AS "notNull", ${notNull} AS "notNullConstraint", a.attidentity::text AS identity,
       (SELECT q.objid FROM pg_catalog.pg_depend q WHERE q.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND q.refobjid = a.attrelid
           AND q.refobjsubid = a.attnum AND q.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND q.deptype = 'i' LIMIT 1)
         AS "identitySequence",
       ${generated} AS generated, pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS "default",
       d.oid IS NOT NULL AND ${callsOwnFunctions('pg_attrdef', 'd.oid')} AS "defaultCalls",
       a.attislocal AS local, a.attinhcount > 0 AS inherited, p."default" AS "parentDefault", p.attnotnull IS TRUE AS "parentNotNull",
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage, ${compression} AS compression,
       ${statistics} AS statistics, a.attoptions AS options, a.attfdwoptions AS "foreignOptions", ${aclJson('a.attacl')} AS acl,
       pg_catalog.col_description(a.attrelid, a.attnum) AS comment, ${labelsJson('pg_class', 'a.attrelid', 'a.attnum')} AS labels
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN LATERAL (
    SELECT pa.attnotnull, pg_catalog.pg_get_expr(pd.adbin, pd.adrelid) AS "default"
      FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname
      LEFT JOIN pg_catalog.pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum
     WHERE i.inhrelid = a.attrelid ORDER BY pd.oid IS NULL, NOT pa.attnotnull LIMIT 1) p ON a.attinhcount > 0
 WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`;

const OLD: Since = {
  generated: "''::text",
  compression: "''::text",
  statistics: 'nullif(a.attstattarget, -1)::int4',
  notNull: 'NULL::json',
};
const SINCE_12: Since = { ...OLD, generated: 'a.attgenerated::text' };
const SINCE_14: Since = { ...SINCE_12, compression: 'a.attcompression::text' };
const SINCE_17: Since = { ...SINCE_14, statistics: 'a.attstattarget::int4' };
const SINCE_18: Since = {
  ...SINCE_17,
  notNull: `(SELECT pg_catalog.json_build_object('name', k.conname, 'noInherit', k.connoinherit, 'validated', k.convalidated,
      'local', k.conislocal, 'comment', pg_catalog.obj_description(k.oid, 'pg_constraint'))
    FROM pg_catalog.pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum LIMIT 1)`,
};

const COLUMNS: VersionedSql = {
  100000: columns(OLD),
  120000: columns(SINCE_12),
  140000: columns(SINCE_14),
  170000: columns(SINCE_17),
  180000: columns(SINCE_18),
};

/** Columns of relations in order of their numbers, by relation. */
export async function readColumns(
  session: PgSession,
  relations: readonly number[],
  signal: AbortSignal,
): Promise<Map<number, ColumnRow[]>> {
  const rows = await session.query<ColumnRow>(sqlFor(COLUMNS, session.serverVersionNum), [relations], signal);
  return groupBy(rows, (row) => row.relation);
}

/** Rows by key, each group in the order of the rows. */
export function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
