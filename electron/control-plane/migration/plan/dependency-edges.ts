import type { PgSession } from '../../../adapters/postgres/session';
import { isTelling } from '../follow/truncate/truncate-names';

/** An object of the catalogs: `class` is the catalog's number, as in pg_depend. */
export interface CatalogObject {
  readonly class: number;
  readonly oid: number;
}

export type EdgeRow = {
  readonly class: number;
  readonly oid: number;
  readonly neededClass: number;
  readonly neededOid: number;
};

/** Numbers of pg_class, pg_type and pg_proc; the same in every version. */
export const CLASS = 1259;
export const TYPE = 1247;
export const ROUTINE = 1255;

/** Rows of catalogs that are parts of something: that counts for them. */
const partsOf = (versionNum: number): string => {
  const parts = [
    `SELECT tableoid AS class, oid, ${CLASS}::pg_catalog.oid AS of_class, adrelid AS of_oid FROM pg_catalog.pg_attrdef`,
    `SELECT tableoid, oid, ${CLASS}, conrelid FROM pg_catalog.pg_constraint WHERE conrelid <> 0`,
    `SELECT tableoid, oid, ${TYPE}, contypid FROM pg_catalog.pg_constraint WHERE contypid <> 0`,
    `SELECT tableoid, oid, ${CLASS}, tgrelid FROM pg_catalog.pg_trigger`,
    `SELECT tableoid, oid, ${CLASS}, ev_class FROM pg_catalog.pg_rewrite`,
    `SELECT tableoid, oid, ${CLASS}, polrelid FROM pg_catalog.pg_policy`,
    `SELECT tableoid, oid, ${CLASS}, stxrelid FROM pg_catalog.pg_statistic_ext`,
    `SELECT ${CLASS}, indexrelid, ${CLASS}, indrelid FROM pg_catalog.pg_index`,
    // Row types, composite types, arrays of all types.
    `SELECT tableoid, oid, ${CLASS}, typrelid FROM pg_catalog.pg_type WHERE typrelid <> 0`,
    `SELECT tableoid, typarray, CASE WHEN typrelid <> 0 THEN ${CLASS} ELSE ${TYPE} END, CASE WHEN typrelid <> 0 THEN typrelid ELSE oid END
     FROM pg_catalog.pg_type WHERE typarray <> 0`,
  ];
  if (versionNum >= 140_000) parts.push(`SELECT ${TYPE}, rngmultitypid, ${TYPE}, rngtypid FROM pg_catalog.pg_range`);
  return parts.join('\n  UNION ALL ');
};

/** Objects below it were made by initdb: `FirstNormalObjectId` of the server. */
const FIRST_OWN = 16_384;

/**
 * What cannot be without what, parts resolved to what they are parts of; without that which points at itself, schemas, and everything that initdb
 * has made. The triggers of a foreign key do not count: they would turn it round; nor do those of tasks.
 */
export const readEdges = (session: PgSession, signal: AbortSignal): Promise<EdgeRow[]> =>
  session.query<EdgeRow>(
    `WITH part AS (${partsOf(session.serverVersionNum)}), edge AS (
       SELECT DISTINCT coalesce(p.of_class, d.classid) AS class, coalesce(p.of_oid, d.objid) AS oid,
         coalesce(q.of_class, d.refclassid) AS needed_class, coalesce(q.of_oid, d.refobjid) AS needed_oid
       FROM pg_catalog.pg_depend d
         LEFT JOIN part p ON p.class = d.classid AND p.oid = d.objid
         LEFT JOIN part q ON q.class = d.refclassid AND q.oid = d.refobjid
         LEFT JOIN pg_catalog.pg_trigger t ON t.oid = d.objid AND d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass
       WHERE d.deptype IN ('n', 'a', 'i') AND d.objid >= ${FIRST_OWN} AND d.refobjid >= ${FIRST_OWN}
         AND d.refclassid <> 'pg_catalog.pg_namespace'::pg_catalog.regclass AND t.tgisinternal IS NOT TRUE
         AND (t.oid IS NULL OR NOT ${isTelling('t')})
     )
     SELECT class, oid, needed_class AS "neededClass", needed_oid AS "neededOid" FROM edge
     WHERE (class, oid) <> (needed_class, needed_oid) ORDER BY class, oid, needed_class, needed_oid`,
    [],
    signal,
  );

export type MemberRow = { readonly class: number; readonly oid: number; readonly extension: string };

/** What extensions have made. */
export const readMembers = (session: PgSession, signal: AbortSignal): Promise<MemberRow[]> =>
  session.query<MemberRow>(
    `SELECT d.classid AS class, d.objid AS oid, x.extname AS extension
     FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
     WHERE d.deptype = 'e' AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass`,
    [],
    signal,
  );

export type IdentityRow = CatalogObject & {
  /** e.g. `type`, `operator class`. */
  readonly kind: string;
  /** Schema and name quoted where SQL wants it; an empty schema where the object is in none. */
  readonly schema: string;
  readonly name: string;
  /** Whether it is in one of the schemas that were given. */
  readonly inside: boolean;
};

/** Names of objects, whatever they are; without those that are gone. */
export const identify = (
  session: PgSession,
  objects: readonly CatalogObject[],
  schemas: readonly string[],
  signal: AbortSignal,
): Promise<IdentityRow[]> =>
  session.query<IdentityRow>(
    `SELECT o.class, o.oid, i.type AS kind, coalesce(i.schema, '') AS schema, coalesce(i.name,
         CASE WHEN pg_catalog.strpos(i.identity, i.schema || '.') = 1
           THEN pg_catalog.substr(i.identity, pg_catalog.length(i.schema) + 2) ELSE i.identity END) AS name,
       coalesce(i.schema = ANY (ARRAY(SELECT pg_catalog.quote_ident(s) FROM pg_catalog.unnest($3::pg_catalog.text[]) s)), false) AS inside
     FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.oid[]) o (class, oid)
       CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.class, o.oid, 0) i
     WHERE i.identity IS NOT NULL`,
    [objects.map((each) => each.class), objects.map(({ oid }) => oid), schemas],
    signal,
  );
