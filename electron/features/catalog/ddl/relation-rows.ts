import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { aclJson, type AclEntry } from './acl';
import { labelsJson, type Attachments } from './piece';

/** A table, foreign table, view, materialized view or composite type as the catalogs have it. */
export interface RelationRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'r' | 'p' | 'f' | 'v' | 'm' | 'c' | 'S';
  /** `p`, `u` or `t`; empty for sequences before 15, where they had none of their own. */
  readonly persistence: string;
  readonly owner: string;
  readonly acl: readonly AclEntry[] | null;
  readonly defaults: readonly AclEntry[];
  readonly comment: string | null;
  readonly labels: Attachments['labels'];
  readonly options: readonly string[] | null;
  readonly toastOptions: readonly string[] | null;
  readonly tablespace: string | null;
  readonly accessMethod: string | null;
  readonly ofType: string | null;
  readonly partitionKey: string | null;
  readonly partitionBound: string | null;
  readonly parents: readonly { readonly oid: number; readonly schema: string; readonly name: string }[] | null;
  readonly populated: boolean;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  readonly replicaIdentity: string;
  readonly foreignServer: string | null;
  readonly foreignOptions: readonly string[] | null;
  /** Extension that it belongs to. */
  readonly extension: string | null;
}

const relations = (accessMethod: string, ofSequences: string): string => `
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, CASE WHEN c.relkind = 'S' THEN ${ofSequences} ELSE c.relpersistence::text END AS persistence,
       pg_catalog.pg_get_userbyid(c.relowner) AS owner, ${aclJson('c.relacl')} AS acl,
       ${aclJson("pg_catalog.acldefault(CASE c.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r'::\"char\" END, c.relowner)")} AS defaults,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment, ${labelsJson('pg_class', 'c.oid')} AS labels,
       c.reloptions AS options, (SELECT t.reloptions FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid) AS "toastOptions",
       s.spcname AS tablespace, ${accessMethod} AS "accessMethod",
       CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END AS "ofType",
       CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS "partitionKey",
       CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS "partitionBound",
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('oid', p.oid::int8, 'schema', pn.nspname, 'name', p.relname) ORDER BY i.inhseqno)
          FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
          JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid) AS parents,
       c.relispopulated AS populated, c.relrowsecurity AS "rowSecurity", c.relforcerowsecurity AS "forceRowSecurity",
       c.relreplident::text AS "replicaIdentity", fs.srvname AS "foreignServer", ft.ftoptions AS "foreignOptions",
       (SELECT e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
         WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e' LIMIT 1) AS extension
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
  LEFT JOIN pg_catalog.pg_foreign_table ft ON ft.ftrelid = c.oid LEFT JOIN pg_catalog.pg_foreign_server fs ON fs.oid = ft.ftserver
 WHERE c.oid = ANY ($1::oid[]) ORDER BY n.nspname, c.relname`;

const METHOD = "(SELECT am.amname FROM pg_catalog.pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap')";

const RELATIONS: VersionedSql = {
  100000: relations('NULL::text', "''"),
  120000: relations(METHOD, "''"),
  150000: relations(METHOD, 'c.relpersistence::text'),
};

/** Reads relations of any kind by oid, sorted by schema and name. */
export const readRelations = (
  session: PgSession,
  oids: readonly number[],
  signal: AbortSignal,
): Promise<RelationRow[]> => session.query(sqlFor(RELATIONS, session.serverVersionNum), [oids], signal);
