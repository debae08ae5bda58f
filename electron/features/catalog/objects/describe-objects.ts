import type { ObjectKind, ObjectRef } from '../../../../shared/model/catalog';
import type { PgSession } from '../../../adapters/postgres/session';
import { addressParams, CATALOG, type ObjectAddress } from './object-address';

/** A thing of the catalogs in the server's words, and the node of the tree that it is or is a part of. */
export interface DescribedObject {
  readonly text: string;
  readonly ref: ObjectRef | null;
  /** The node is the thing itself, and not what it is a part of (e.g. the column of a default). */
  readonly whole: boolean;
}

interface DescribedRow {
  readonly text: string | null;
  readonly kind: ObjectKind | null;
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly sub: number;
  readonly whole: boolean;
}

const RELATION_KIND = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view'
  WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign-table' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' END`;

/** A node that has a catalog to itself. */
const own = (catalog: keyof typeof CATALOG, kind: string, name: string, namespace?: string): string => `
SELECT '${kind}', x.oid, ${namespace === undefined ? "''" : 'n.nspname::text'}, ${name}, 0, true FROM pg_catalog.${catalog} x
  ${namespace === undefined ? '' : `JOIN pg_catalog.pg_namespace n ON n.oid = x.${namespace}`}
 WHERE w.classid = ${CATALOG[catalog]} AND x.oid = w.objid`;

/** A node that hangs on a relation. */
const onRelation = (catalog: keyof typeof CATALOG, kind: string, name: string, relation: string, more = ''): string => `
SELECT '${kind}', x.oid, n.nspname::text, x.${name}::text, 0, true FROM pg_catalog.${catalog} x
  JOIN pg_catalog.pg_class c ON c.oid = x.${relation} JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE w.classid = ${CATALOG[catalog]} AND x.oid = w.objid ${more}`;

/** A relation that something is a part of; `of` is an expression of its oid. */
const partOf = (catalog: keyof typeof CATALOG, of: string, more = ''): string => `
SELECT ${RELATION_KIND}, c.oid, n.nspname::text, c.relname::text, 0, false FROM pg_catalog.${catalog} x
  JOIN pg_catalog.pg_class c ON c.oid = ${of} JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE w.classid = ${CATALOG[catalog]} AND x.oid = w.objid ${more}`;

const routineKind = (isAggregate: string, isProcedure: string): string => `
CASE WHEN ${isAggregate} THEN 'aggregate' WHEN ${isProcedure} THEN 'procedure'
  WHEN x.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype) THEN 'trigger-function'
  ELSE 'function' END`;

type Catalog = keyof typeof CATALOG;

/** What tells things apart that only newer servers know. */
interface Words {
  /** Kind of a routine. */
  readonly routine: string;
  /** Further ways from a type to the one a person knows. */
  readonly multirange: string;
}

/** How the things of each catalog are told; a thing is found by one of them at most. */
const branches = ({ routine, multirange }: Words): readonly (readonly [readonly Catalog[], string])[] => [
  [
    ['pg_class'],
    `SELECT ${RELATION_KIND} AS kind, c.oid, n.nspname::text AS schema, c.relname::text AS name, 0 AS sub, true AS whole
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE w.classid = ${CATALOG.pg_class} AND w.sub = 0 AND c.oid = w.objid AND c.relkind NOT IN ('c', 't') AND n.nspname <> 'pg_toast'`,
  ],
  [
    ['pg_class'],
    `SELECT 'column', c.oid, n.nspname::text, a.attname::text, a.attnum::int4, true
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE w.classid = ${CATALOG.pg_class} AND w.sub <> 0 AND c.oid = w.objid AND a.attnum = w.sub AND c.relkind IN ('r', 'p', 'f', 'v', 'm')`,
  ],
  [
    ['pg_class'],
    `SELECT 'type', t.oid, n.nspname::text, t.typname::text, 0, w.sub = 0
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_type t ON t.oid = c.reltype JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
 WHERE w.classid = ${CATALOG.pg_class} AND c.oid = w.objid AND c.relkind = 'c'`,
  ],
  [
    ['pg_class'],
    partOf(
      'pg_class',
      `(SELECT o.oid FROM pg_catalog.pg_class o WHERE o.reltoastrelid =
         coalesce((SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = x.oid), x.oid))`,
      `AND (x.relkind = 't' OR x.relnamespace = 'pg_toast'::pg_catalog.regnamespace)`,
    ),
  ],
  [
    ['pg_attrdef'],
    `SELECT 'column', c.oid, n.nspname::text, a.attname::text, a.attnum::int4, false
  FROM pg_catalog.pg_attrdef x JOIN pg_catalog.pg_class c ON c.oid = x.adrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.adnum WHERE w.classid = ${CATALOG.pg_attrdef} AND x.oid = w.objid`,
  ],
  [['pg_rewrite'], partOf('pg_rewrite', 'x.ev_class', "AND x.rulename = '_RETURN'")],
  [['pg_rewrite'], onRelation('pg_rewrite', 'rule', 'rulename', 'ev_class', "AND x.rulename <> '_RETURN'")],
  [['pg_trigger'], onRelation('pg_trigger', 'trigger', 'tgname', 'tgrelid', 'AND NOT x.tgisinternal')],
  [
    ['pg_trigger'],
    `SELECT 'constraint', k.oid, n.nspname::text, k.conname::text, 0, false FROM pg_catalog.pg_trigger x
  JOIN pg_catalog.pg_constraint k ON k.oid = x.tgconstraint JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
 WHERE w.classid = ${CATALOG.pg_trigger} AND x.oid = w.objid AND x.tgisinternal`,
  ],
  [['pg_policy'], onRelation('pg_policy', 'policy', 'polname', 'polrelid')],
  [['pg_constraint'], own('pg_constraint', 'constraint', 'x.conname::text', 'connamespace')],
  [
    ['pg_type'],
    `SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, t.oid, n.nspname::text, t.typname::text, 0, t.oid = x.oid
  FROM pg_catalog.pg_type x JOIN pg_catalog.pg_type t ON t.oid = coalesce(
         (SELECT e.oid FROM pg_catalog.pg_type e WHERE e.typarray = x.oid)${multirange}, x.oid)
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE w.classid = ${CATALOG.pg_type} AND x.oid = w.objid AND coalesce(c.relkind, 'c') = 'c'`,
  ],
  [
    ['pg_type'],
    partOf(
      'pg_type',
      'coalesce((SELECT e.typrelid FROM pg_catalog.pg_type e WHERE e.typarray = x.oid), x.typrelid)',
      "AND c.relkind <> 'c'",
    ),
  ],
  [['pg_proc'], own('pg_proc', '', 'x.proname::text', 'pronamespace').replace("''", routine)],
  [['pg_namespace'], own('pg_namespace', 'schema', 'x.nspname::text')],
  [['pg_collation'], own('pg_collation', 'collation', 'x.collname::text', 'collnamespace')],
  [['pg_conversion'], own('pg_conversion', 'conversion', 'x.conname::text', 'connamespace')],
  [['pg_operator'], own('pg_operator', 'operator', 'x.oprname::text', 'oprnamespace')],
  [['pg_opclass'], own('pg_opclass', 'operator-class', 'x.opcname::text', 'opcnamespace')],
  [['pg_opfamily'], own('pg_opfamily', 'operator-family', 'x.opfname::text', 'opfnamespace')],
  [
    ['pg_amop', 'pg_amproc'],
    `SELECT 'operator-family', f.oid, n.nspname::text, f.opfname::text, 0, false
  FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
 WHERE w.classid IN (${CATALOG.pg_amop}, ${CATALOG.pg_amproc}) AND f.oid = coalesce(
       (SELECT amopfamily FROM pg_catalog.pg_amop WHERE oid = w.objid AND w.classid = ${CATALOG.pg_amop}),
       (SELECT amprocfamily FROM pg_catalog.pg_amproc WHERE oid = w.objid AND w.classid = ${CATALOG.pg_amproc}))`,
  ],
  [['pg_ts_config'], own('pg_ts_config', 'text-search-configuration', 'x.cfgname::text', 'cfgnamespace')],
  [['pg_ts_dict'], own('pg_ts_dict', 'text-search-dictionary', 'x.dictname::text', 'dictnamespace')],
  [['pg_ts_parser'], own('pg_ts_parser', 'text-search-parser', 'x.prsname::text', 'prsnamespace')],
  [['pg_ts_template'], own('pg_ts_template', 'text-search-template', 'x.tmplname::text', 'tmplnamespace')],
  [['pg_statistic_ext'], own('pg_statistic_ext', 'statistics-object', 'x.stxname::text', 'stxnamespace')],
  [['pg_extension'], own('pg_extension', 'extension', 'x.extname::text')],
  [
    ['pg_cast'],
    own(
      'pg_cast',
      'cast',
      "pg_catalog.format_type(x.castsource, NULL) || ' → ' || pg_catalog.format_type(x.casttarget, NULL)",
    ),
  ],
  [['pg_transform'], own('pg_transform', 'transform', 'pg_catalog.format_type(x.trftype, NULL)')],
  [['pg_am'], own('pg_am', 'access-method', 'x.amname::text')],
  [['pg_event_trigger'], own('pg_event_trigger', 'event-trigger', 'x.evtname::text')],
  [['pg_foreign_data_wrapper'], own('pg_foreign_data_wrapper', 'foreign-data-wrapper', 'x.fdwname::text')],
  [['pg_foreign_server'], own('pg_foreign_server', 'foreign-server', 'x.srvname::text')],
  [
    ['pg_user_mapping'],
    `SELECT 'user-mapping', u.umid, '', u.usename::text, 0, true FROM pg_catalog.pg_user_mappings u
 WHERE w.classid = ${CATALOG.pg_user_mapping} AND u.umid = w.objid`,
  ],
  [['pg_language'], own('pg_language', 'language', 'x.lanname::text')],
  [['pg_publication'], own('pg_publication', 'publication', 'x.pubname::text')],
  [
    ['pg_publication_rel'],
    `SELECT 'publication', p.oid, '', p.pubname::text, 0, false FROM pg_catalog.pg_publication_rel x JOIN pg_catalog.pg_publication p ON p.oid = x.prpubid
 WHERE w.classid = ${CATALOG.pg_publication_rel} AND x.oid = w.objid`,
  ],
  [
    ['pg_subscription'],
    `SELECT 'subscription', x.oid, '', x.subname::text, 0, true FROM pg_catalog.pg_subscription x
 WHERE w.classid = ${CATALOG.pg_subscription} AND x.oid = w.objid`,
  ],
  [
    ['pg_authid'],
    `SELECT 'role', x.oid, '', x.rolname::text, 0, true FROM pg_catalog.pg_roles x WHERE w.classid = ${CATALOG.pg_authid} AND x.oid = w.objid`,
  ],
  [['pg_tablespace'], own('pg_tablespace', 'tablespace', 'x.spcname::text')],
  [['pg_database'], own('pg_database', 'database', 'x.datname::text')],
];

/** The node of an address `w` (classid, objid, sub), for a lateral join: no row when it is none; null stands for all catalogs. */
export const nodeSql = (version: number, catalogs: ReadonlySet<number> | null): string => {
  const asked = branches(wordsFor(version)).filter(
    ([of]) => catalogs === null || of.some((catalog) => catalogs.has(CATALOG[catalog])),
  );
  const columns =
    "SELECT NULL::text AS kind, 0::oid AS oid, '' AS schema, '' AS name, 0 AS sub, false AS whole WHERE false";
  return [columns, ...asked.map(([, sql]) => sql)].join('\nUNION ALL ');
};

const describeSql = (nodes: string): string => `
SELECT pg_catalog.pg_describe_object(w.classid, w.objid, w.sub) AS text, r.kind, r.oid, r.schema, r.name, r.sub, r.whole
  FROM unnest($1::pg_catalog.oid[], $2::pg_catalog.oid[], $3::int4[]) WITH ORDINALITY AS w (classid, objid, sub, at)
  LEFT JOIN LATERAL (
${nodes}
  ) r ON true ORDER BY w.at`;

const ROUTINE = routineKind("x.prokind = 'a'", "x.prokind = 'p'");

/** The words by the first version (`server_version_num`) that they are for. */
function wordsFor(version: number): Words {
  if (version < 110_000) return { routine: routineKind('x.proisagg', 'false'), multirange: '' };
  if (version < 140_000) return { routine: ROUTINE, multirange: '' };
  return {
    routine: ROUTINE,
    multirange: `, (SELECT g.rngtypid FROM pg_catalog.pg_range g WHERE g.rngmultitypid = x.oid),
         (SELECT g.rngtypid FROM pg_catalog.pg_range g JOIN pg_catalog.pg_type m ON m.oid = g.rngmultitypid WHERE m.typarray = x.oid)`,
  };
}

/** Says of every address what it is, in the same order; all of them by one query. */
export async function describeObjects(
  session: PgSession,
  addresses: readonly ObjectAddress[],
  signal: AbortSignal,
): Promise<DescribedObject[]> {
  if (addresses.length === 0) return [];
  // Planning all of them takes longer than running those that are needed.
  const sql = describeSql(nodeSql(session.serverVersionNum, new Set(addresses.map(({ classid }) => classid))));
  const rows = await session.query<DescribedRow>(sql, addressParams(addresses), signal);
  return rows.map(({ text, kind, oid, schema, name, sub, whole }) => ({
    text: text ?? name,
    ref: kind === null ? null : { kind, oid, schema, name, sub },
    whole: kind !== null && whole,
  }));
}
