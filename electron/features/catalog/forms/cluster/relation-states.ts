import { always } from '../../kinds/kind';
import { DATABASE_TABLESPACE, labelsJson, optionsJson, privilegesJson, readerOf } from '../state-pieces';
import type { StateReader } from '../state-reader';
import { readNeededBy, readRestoring } from './materialized-view-parts';

/** What all relations have. */
const COMMON = `c.relname::text AS name, n.nspname::text AS schema, pg_catalog.pg_get_userbyid(c.relowner)::text AS owner,
       coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') AS comment, ${labelsJson('pg_class', 'c.oid')} AS labels`;
const FROM = 'FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace';

/** pg_sequence and pg_class. */
export const sequenceState = readerOf(
  always(`
SELECT ${COMMON}, pg_catalog.format_type(s.seqtypid, NULL) AS "dataType",
       coalesce(CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE')
                     THEN pg_catalog.pg_sequence_last_value(c.oid)::text END, '') AS current,
       s.seqincrement::text AS increment, s.seqstart::text AS start, s.seqmin::text AS minimum, s.seqmax::text AS maximum,
       s.seqcache::text AS cache, s.seqcycle AS cycle, c.relpersistence = 'u' AS unlogged,
       coalesce(pg_catalog.quote_ident(o.schema) || '.' || pg_catalog.quote_ident(o.relname), '') AS "ownedTable",
       coalesce(o.attname::text, '') AS "ownedColumn",
       ${privilegesJson('c.relacl', "acldefault('s', c.relowner)")} AS privileges
  ${FROM} JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
  LEFT JOIN (SELECT d.objid, tn.nspname AS schema, t.relname, a.attname
               FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
               JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
               JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
              WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
                AND d.deptype IN ('a', 'i')) o ON o.objid = c.oid
 WHERE c.oid = $1 AND c.relkind = 'S'`),
);

const QUERY = String.raw`pg_catalog.rtrim(pg_catalog.ltrim(pg_catalog.pg_get_viewdef(c.oid), E' \n'), E'; \n')`;

const option = (name: string): string => `(SELECT pg_catalog.substr(o, pg_catalog.length('${name}') + 2)
          FROM pg_catalog.unnest(c.reloptions) o WHERE pg_catalog.split_part(o, '=', 1) = '${name}')`;

/** pg_class of a view. */
export const viewState = readerOf(
  always(`
SELECT ${COMMON}, ${QUERY} AS definition, coalesce(${option('security_barrier')}::boolean, false) AS "securityBarrier",
       coalesce(${option('security_invoker')}::boolean, false) AS "securityInvoker", coalesce(${option('check_option')}, '') AS "checkOption",
       ${privilegesJson('c.relacl', "acldefault('r', c.relowner)")} AS privileges
  ${FROM} WHERE c.oid = $1 AND c.relkind = 'v'`),
);

const materializedView = (method: string): string => `
SELECT ${COMMON}, ${QUERY} AS definition, c.relispopulated AS "withData", coalesce(t.spcname::text, '') AS tablespace,
       ${DATABASE_TABLESPACE} AS "databaseTablespace",
       ${method} AS "accessMethod",
       ${optionsJson(
         "(c.reloptions || (SELECT pg_catalog.array_agg('toast.' || o ORDER BY o) FROM pg_catalog.pg_class x, pg_catalog.unnest(x.reloptions) o WHERE x.oid = c.reltoastrelid))",
       )} AS options,
       ${privilegesJson('c.relacl', "acldefault('r', c.relowner)")} AS privileges,
       coalesce((SELECT pg_catalog.json_agg(e.extname ORDER BY e.extname)
          FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
         WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_catalog.pg_extension'::regclass
           AND d.deptype = 'x'), '[]'::json) AS "dependsOnExtensions"
  ${FROM} LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
 WHERE c.oid = $1 AND c.relkind = 'm'`;

const readMaterializedView = readerOf({
  100_000: materializedView("''"),
  120_000: materializedView('(SELECT a.amname::text FROM pg_catalog.pg_am a WHERE a.oid = c.relam)'),
});

/** pg_class of a materialized view, with what a new query takes: it is dropped and made again. */
export const materializedViewState: StateReader = async (session, object, signal) => {
  const found = await readMaterializedView(session, object, signal);
  if (!found) return null;
  const { variant, state } = found;
  const restoring = await readRestoring(session, object.oid, signal);
  const neededBy = await readNeededBy(session, object, signal);
  return { variant, state: { ...state, definitionRead: state['definition'], restoring, neededBy } };
};
