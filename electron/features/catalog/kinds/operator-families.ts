import { LAST_ITEMS, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

/** Operator families; the note is the access method. */
export const operatorFamilies: KindDefinition = {
  folder: 'operator-families',
  kind: 'operator-family',
  scope: 'schema',
  rare: true,
  select: always(`o.oid, o.opfname AS name, m.amname AS note, '' AS mark`),
  from: always(
    `FROM pg_catalog.pg_opfamily o JOIN pg_catalog.pg_am m ON m.oid = o.opfmethod WHERE o.opfnamespace = $1`,
  ),
  order: 'o.opfname, 3',
  properties: {
    'operator-family': {
      sql: always(`
SELECT o.opfname AS name, o.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(o.opfowner) AS owner, m.amname AS "accessMethod",
       ${lastFacts('o.oid', 'pg_opfamily')}
  FROM pg_catalog.pg_opfamily o JOIN pg_catalog.pg_namespace n ON n.oid = o.opfnamespace JOIN pg_catalog.pg_am m ON m.oid = o.opfmethod
 WHERE o.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['accessMethod', 'text'],
        ...LAST_ITEMS,
      ],
      grids: [
        {
          key: 'operatorClasses',
          columns: ['name', 'type', 'isDefault'],
          sql: always(`
SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.opcname) AS name, pg_catalog.format_type(c.opcintype, NULL) AS type,
       c.opcdefault::text AS "isDefault"
  FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace WHERE c.opcfamily = $1 ORDER BY 1`),
        },
        {
          key: 'operators',
          columns: ['number', 'operator', 'purpose'],
          sql: always(`
SELECT o.amopstrategy::text AS number, o.amopopr::pg_catalog.regoperator::text AS operator,
       CASE o.amoppurpose WHEN 'o' THEN 'FOR ORDER BY ' || f.opfname ELSE 'FOR SEARCH' END AS purpose
  FROM pg_catalog.pg_amop o LEFT JOIN pg_catalog.pg_opfamily f ON f.oid = o.amopsortfamily
 WHERE o.amopfamily = $1 ORDER BY o.amoplefttype, o.amoprighttype, o.amopstrategy`),
        },
        {
          key: 'functions',
          columns: ['number', 'leftType', 'rightType', 'function'],
          sql: always(`
SELECT p.amprocnum::text AS number, pg_catalog.format_type(p.amproclefttype, NULL) AS "leftType", pg_catalog.format_type(p.amprocrighttype, NULL) AS "rightType",
       p.amproc::pg_catalog.regprocedure::text AS function
  FROM pg_catalog.pg_amproc p WHERE p.amprocfamily = $1 ORDER BY p.amproclefttype, p.amprocrighttype, p.amprocnum`),
        },
      ],
    },
  },
};
