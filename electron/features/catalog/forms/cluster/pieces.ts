import { privilegesJson } from '../state-pieces';

/** JSON of `ParameterRow[]` from pg_db_role_setting s; `scope` is the oid of the other side and `name` its name. */
export const parametersJson = (condition: string, scope: string, name: string): string => `
coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('id', ${scope}::text || ' ' || o,
     'scope', CASE WHEN ${scope} = 0 THEN '' ELSE ${name}::text END, 'parameter', pg_catalog.split_part(o, '=', 1),
     'value', pg_catalog.substr(o, pg_catalog.strpos(o, '=') + 1)) ORDER BY ${scope}, n)
   FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) WITH ORDINALITY AS u(o, n)
  WHERE ${condition}), '[]'::json)`;

const ROLE = '(SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user)';

/** Class of pg_default_acl, and of acldefault(). */
const CLASSES = [
  ['defaultTables', 'r', 'r'],
  ['defaultSequences', 'S', 's'],
  ['defaultFunctions', 'f', 'f'],
  ['defaultTypes', 'T', 'T'],
] as const;

/**
 * The default privileges of what the connected role makes later, four columns. In a schema they are what is added there; in the whole
 * database (null) what there is at all.
 */
export const defaultPrivileges = (schema: string | null): string =>
  CLASSES.map(([name, kind, letter]) => {
    const acl = `(SELECT a.defaclacl FROM pg_catalog.pg_default_acl a
         WHERE a.defaclrole = ${ROLE} AND a.defaclnamespace = ${schema ?? '0'} AND a.defaclobjtype = '${kind}')`;
    return `${schema === null ? privilegesJson(acl, `acldefault('${letter}', ${ROLE})`) : privilegesJson(acl)} AS "${name}"`;
  }).join(', ');
