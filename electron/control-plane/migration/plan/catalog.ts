import { quoteLiteral } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { PROGRESS_SCHEMA } from '../follow/follow-model';

/**
 * The lists that a plan is made of, each by one query over the whole database: tens of thousands of tables must not mean as many round trips.
 * To be read with an empty search path. Sources 10 to 18.
 */

/** What tasks make for themselves on a server does not travel. */
const USER_SCHEMA = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', ${quoteLiteral(PROGRESS_SCHEMA)})`;

/** `e.extname` is the extension that an object of this catalog belongs to. */
export const memberOf = (catalog: string, oid: string): string => `
  LEFT JOIN (SELECT d.objid, x.extname, x.oid AS extoid, x.extconfig, x.extcondition
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
    WHERE d.deptype = 'e' AND d.objsubid = 0 AND d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
      AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass) e ON e.objid = ${oid}`;

export type SchemaRow = {
  readonly name: string;
  readonly extension: string | null;
};

export const readSchemas = (session: PgSession, signal: AbortSignal): Promise<SchemaRow[]> =>
  session.query<SchemaRow>(
    `SELECT n.nspname AS name, e.extname AS extension FROM pg_catalog.pg_namespace n ${memberOf('pg_namespace', 'n.oid')}
     WHERE ${USER_SCHEMA} ORDER BY n.nspname`,
    [],
    signal,
  );

export type RelationRow = {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `relkind`: r, p, v, m, f or S. */
  readonly kind: string;
  readonly unlogged: boolean;
  readonly partition: boolean;
  readonly heap: number;
  readonly toast: number;
  /** Indexes included. */
  readonly total: number;
  readonly rows: number;
  readonly extension: string | null;
  /** Of configuration tables and sequences of an extension; null for all others. */
  readonly condition: string | null;
};

/**
 * Sizes of tables that somebody has locked, or waits to lock, come from the last ANALYZE: asking for the size would wait for them. An estimate of
 * rows is that of the planner, else of the statistics collector.
 */
export const readRelations = (
  session: PgSession,
  signal: AbortSignal,
  want: { readonly total: boolean },
): Promise<RelationRow[]> =>
  session.query<RelationRow>(
    `WITH locked AS (
       SELECT DISTINCT l.relation FROM pg_catalog.pg_locks l
       WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()
         AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
     ), page AS (
       SELECT pg_catalog.current_setting('block_size')::pg_catalog.int8 AS size
     ), relation AS (
       SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, c.relispartition, c.relpages, c.reltuples, page.size AS page,
         e.extname, e.extconfig, e.extcondition,
         CASE WHEN c.relkind NOT IN ('r', 'm') THEN 0
           WHEN l.relation IS NOT NULL THEN c.relpages * page.size
           ELSE coalesce(pg_catalog.pg_relation_size(c.oid), 0) END AS heap,
         CASE WHEN c.reltoastrelid = 0 OR c.relkind NOT IN ('r', 'm') THEN 0
           WHEN l.relation IS NOT NULL THEN coalesce(t.relpages, 0) * page.size
           ELSE coalesce(pg_catalog.pg_relation_size(c.reltoastrelid), 0) END AS toast,
         CASE WHEN ${want.total ? "c.relkind IN ('r', 'm') AND l.relation IS NULL" : 'false'}
           THEN coalesce(pg_catalog.pg_total_relation_size(c.oid), 0) ELSE 0 END AS total
       FROM pg_catalog.pg_class c
         CROSS JOIN page
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
         LEFT JOIN locked l ON l.relation = c.oid
         ${memberOf('pg_class', 'c.oid')}
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND ${USER_SCHEMA}
     )
     SELECT oid, nspname AS schema, relname AS name, relkind AS kind, relpersistence = 'u' AS unlogged, relispartition AS partition,
       heap::pg_catalog.float8 AS heap, toast::pg_catalog.float8 AS toast,
       GREATEST(total, heap + toast)::pg_catalog.float8 AS total, extname AS extension,
       CASE WHEN relkind NOT IN ('r', 'm') THEN 0
         WHEN relpages > 0 AND reltuples >= 0 THEN pg_catalog.round(reltuples / relpages * (heap / page))
         ELSE coalesce(pg_catalog.pg_stat_get_live_tuples(oid), 0) END::pg_catalog.float8 AS rows,
       extcondition[(SELECT i FROM pg_catalog.generate_subscripts(extconfig, 1) i WHERE extconfig[i] = relation.oid)] AS condition
     FROM relation ORDER BY nspname, relname`,
    [],
    signal,
  );

export type ParentRow = {
  readonly child: number;
  readonly parent: number;
};

/** Partitions and the partitioned tables they belong to. */
export const readPartitions = (session: PgSession, signal: AbortSignal): Promise<ParentRow[]> =>
  session.query<ParentRow>(
    `SELECT i.inhrelid AS child, i.inhparent AS parent FROM pg_catalog.pg_inherits i
       JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition AND c.relkind IN ('r', 'p', 'f')`,
    [],
    signal,
  );

export type OwnedSequenceRow = {
  readonly sequence: number;
  readonly table: number;
  readonly column: string;
};

/** Sequences of serial and identity columns, and those given to a column by `OWNED BY`. */
export const readOwnedSequences = (session: PgSession, signal: AbortSignal): Promise<OwnedSequenceRow[]> =>
  session.query<OwnedSequenceRow>(
    `SELECT d.objid AS sequence, d.refobjid AS "table", a.attname AS column
     FROM pg_catalog.pg_depend d
       JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'
       JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
     WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
       AND d.objsubid = 0 AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')`,
    [],
    signal,
  );

export type FunctionRow = {
  readonly oid: number;
  readonly schema: string;
  /** `name(identity arguments)`, types qualified. */
  readonly name: string;
  /** As pg_dump names it. */
  readonly signature: string;
};

/** Functions, procedures, aggregates; none that an extension or a range type has made. */
export const readFunctions = (session: PgSession, signal: AbortSignal): Promise<FunctionRow[]> => {
  const aggregate = session.serverVersionNum >= 110_000 ? "p.prokind = 'a'" : 'p.proisagg';
  return session.query<FunctionRow>(
    `SELECT p.oid, n.nspname AS schema,
       p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS name,
       p.proname || '(' || CASE WHEN ${aggregate} AND p.pronargs = 0 THEN '*' ELSE coalesce((
         SELECT pg_catalog.string_agg(pg_catalog.format_type(t.type, NULL), ', ' ORDER BY t.place)
         FROM pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) WITH ORDINALITY t (type, place)), '') END || ')' AS signature
     FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE ${USER_SCHEMA} AND NOT EXISTS (
       SELECT FROM pg_catalog.pg_depend d
       WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
     ORDER BY n.nspname, p.proname, p.oid`,
    [],
    signal,
  );
};
