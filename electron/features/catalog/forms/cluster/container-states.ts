import { always } from '../../kinds/kind';
import { labelsJson, optionsJson, privilegesJson, readerOf } from '../state-pieces';
import { defaultPrivileges } from './pieces';

/** pg_tablespace. */
export const tablespaceState = readerOf(
  always(`
SELECT t.spcname::text AS name, pg_catalog.pg_get_userbyid(t.spcowner)::text AS owner,
       coalesce(pg_catalog.shobj_description(t.oid, 'pg_tablespace'), '') AS comment,
       pg_catalog.pg_tablespace_location(t.oid) AS location, ${optionsJson('t.spcoptions')} AS options,
       ${privilegesJson('t.spcacl', "acldefault('t', t.spcowner)")} AS privileges,
       ${labelsJson('pg_tablespace', 't.oid')} AS labels
  FROM pg_catalog.pg_tablespace t WHERE t.oid = $1`),
);

/** pg_namespace, with what things made in it later get. */
export const schemaState = readerOf(
  always(`
SELECT n.nspname::text AS name, pg_catalog.pg_get_userbyid(n.nspowner)::text AS owner,
       coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '') AS comment,
       ${privilegesJson('n.nspacl', "acldefault('n', n.nspowner)")} AS privileges,
       ${labelsJson('pg_namespace', 'n.oid')} AS labels, ${defaultPrivileges('n.oid')}
  FROM pg_catalog.pg_namespace n WHERE n.oid = $1`),
);

/** pg_extension. */
export const extensionState = readerOf(
  always(`
SELECT e.extname::text AS name, n.nspname::text AS schema, e.extversion AS version, false AS cascade, e.extrelocatable AS relocatable,
       coalesce(pg_catalog.obj_description(e.oid, 'pg_extension'), '') AS comment
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.oid = $1`),
);
