import { LAST_ITEMS, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

/** Operator classes; the note is the access method. */
export const operatorClasses: KindDefinition = {
  folder: 'operator-classes',
  kind: 'operator-class',
  scope: 'schema',
  rare: true,
  select: always(
    `o.oid, o.opcname AS name, m.amname AS note, CASE WHEN o.opcdefault THEN 'default' ELSE '' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod WHERE o.opcnamespace = $1`),
  order: 'o.opcname, 3',
  properties: {
    'operator-class': {
      sql: always(`
SELECT o.opcname AS name, o.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(o.opcowner) AS owner, m.amname AS "accessMethod",
       o.opcdefault::text AS "isDefault", pg_catalog.format_type(o.opcintype, NULL) AS type,
       CASE WHEN o.opckeytype <> 0 THEN pg_catalog.format_type(o.opckeytype, NULL) END AS storage,
       pg_catalog.quote_ident(fn.nspname) || '.' || pg_catalog.quote_ident(f.opfname) AS "operatorFamily",${lastFacts('o.oid', 'pg_opclass')}
  FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod
  JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace WHERE o.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['accessMethod', 'text'],
        ['isDefault', 'boolean'],
        ['type', 'code'],
        ['storage', 'code'],
        ['operatorFamily', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [
        {
          key: 'operators',
          columns: ['number', 'operator', 'purpose'],
          sql: always(`
SELECT o.amopstrategy::text AS number, o.amopopr::pg_catalog.regoperator::text AS operator,
       CASE o.amoppurpose WHEN 'o' THEN 'FOR ORDER BY ' || f.opfname ELSE 'FOR SEARCH' END AS purpose
  FROM pg_catalog.pg_opclass c
  JOIN pg_catalog.pg_amop o ON o.amopfamily = c.opcfamily AND o.amoplefttype = c.opcintype AND o.amoprighttype = c.opcintype
  LEFT JOIN pg_catalog.pg_opfamily f ON f.oid = o.amopsortfamily WHERE c.oid = $1 ORDER BY o.amopstrategy`),
        },
        {
          key: 'functions',
          columns: ['number', 'function'],
          sql: always(`
SELECT p.amprocnum::text AS number, p.amproc::pg_catalog.regprocedure::text AS function
  FROM pg_catalog.pg_opclass c
  JOIN pg_catalog.pg_amproc p ON p.amprocfamily = c.opcfamily AND p.amproclefttype = c.opcintype AND p.amprocrighttype = c.opcintype
 WHERE c.oid = $1 ORDER BY p.amprocnum`),
        },
      ],
    },
  },
};
