import { LAST_ITEMS, lastFacts } from './facts';
import { always, type KindDefinition } from './kind';

/** Operators; the note tells those of one name apart. */
export const operators: KindDefinition = {
  folder: 'operators',
  kind: 'operator',
  scope: 'schema',
  rare: true,
  select: always(
    `o.oid, o.oprname AS name, '(' || CASE WHEN o.oprleft = 0 THEN '' ELSE pg_catalog.format_type(o.oprleft, NULL) || ', ' END || CASE WHEN o.oprright = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprright, NULL) END || ')' AS note, CASE WHEN o.oprcode = 0 THEN 'shell' ELSE '' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_operator o WHERE o.oprnamespace = $1`),
  order: 'o.oprname, 3',
  properties: {
    operator: {
      sql: always(`
SELECT o.oprname AS name, o.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(o.oprowner) AS owner,
       CASE o.oprkind WHEN 'b' THEN 'INFIX' WHEN 'l' THEN 'PREFIX' ELSE 'POSTFIX' END AS variant,
       CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END AS "leftType",
       CASE WHEN o.oprright <> 0 THEN pg_catalog.format_type(o.oprright, NULL) END AS "rightType",
       CASE WHEN o.oprresult <> 0 THEN pg_catalog.format_type(o.oprresult, NULL) END AS "resultType",
       nullif(o.oprcode::text, '-') AS function, nullif(o.oprrest::text, '-') AS "restrictFunction", nullif(o.oprjoin::text, '-') AS "joinFunction",
       CASE WHEN o.oprcom <> 0 THEN o.oprcom::pg_catalog.regoperator::text END AS commutator,
       CASE WHEN o.oprnegate <> 0 THEN o.oprnegate::pg_catalog.regoperator::text END AS negator,
       o.oprcanhash::text AS hashes, o.oprcanmerge::text AS merges,${lastFacts('o.oid', 'pg_operator')}
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['variant', 'text'],
        ['leftType', 'code'],
        ['rightType', 'code'],
        ['resultType', 'code'],
        ['function', 'code'],
        ['restrictFunction', 'code'],
        ['joinFunction', 'code'],
        ['commutator', 'code'],
        ['negator', 'code'],
        ['hashes', 'boolean'],
        ['merges', 'boolean'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
};
