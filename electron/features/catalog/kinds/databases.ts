import { always, type KindDefinition } from './kind';

/** pg_database. Template databases count as system objects. */
export const databases: KindDefinition = {
  folder: 'databases',
  kind: 'database',
  scope: 'server',
  select: always(
    "d.oid, d.datname AS name, '' AS note, CASE WHEN NOT d.datallowconn THEN 'closed' WHEN d.datistemplate THEN 'template' ELSE '' END AS mark",
  ),
  from: always('FROM pg_catalog.pg_database d WHERE $1 OR NOT d.datistemplate'),
  order: 'd.datname',
  properties: {
    database: {
      sql: {
        100000: `
SELECT d.datname AS name, d.oid::text AS oid, pg_catalog.pg_get_userbyid(d.datdba) AS owner,
       pg_catalog.pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collation, d.datctype AS ctype,
       t.spcname AS tablespace, d.datconnlimit::text AS "connectionLimit", d.datallowconn::text AS "allowConnections",
       d.datistemplate::text AS template,
       CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') THEN pg_catalog.pg_database_size(d.oid)::text END AS size,
       pg_catalog.shobj_description(d.oid, 'pg_database') AS comment
  FROM pg_catalog.pg_database d LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
 WHERE d.oid = $1`,
      },
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['owner', 'text'],
        ['size', 'bytes'],
        ['encoding', 'text'],
        ['collation', 'text'],
        ['ctype', 'text'],
        ['tablespace', 'text'],
        ['connectionLimit', 'text'],
        ['allowConnections', 'boolean'],
        ['template', 'boolean'],
        ['comment', 'text'],
      ],
      grids: [],
    },
  },
};
