import { always } from '../../kinds/kind';
import { labelsJson, optionsJson, privilegesJson, readerOf } from '../state-pieces';
import { functionName, owned } from './names';

export const wrapperState = readerOf(
  always(`
SELECT w.fdwname::text AS name, ${owned('w', 'fdw', 'pg_foreign_data_wrapper')}, ${functionName('w.fdwhandler')} AS handler,
       ${functionName('w.fdwvalidator')} AS validator, ${optionsJson('w.fdwoptions')} AS options,
       ${privilegesJson('w.fdwacl', "acldefault('F', w.fdwowner)")} AS privileges
  FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.oid = $1`),
);

export const serverState = readerOf(
  always(`
SELECT s.srvname::text AS name, ${owned('s', 'srv', 'pg_foreign_server')}, w.fdwname::text AS wrapper, coalesce(s.srvtype, '') AS type,
       coalesce(s.srvversion, '') AS version, ${optionsJson('s.srvoptions')} AS options,
       ${privilegesJson('s.srvacl', "acldefault('S', s.srvowner)")} AS privileges
  FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE s.oid = $1`),
);

/** The view, not the catalog: only that may everybody read, and it hides the options of others. */
export const mappingState = readerOf(
  always(`
SELECT CASE WHEN m.umuser = 0 THEN '' ELSE m.usename::text END AS "user", m.srvname::text AS server, ${optionsJson('m.umoptions')} AS options
  FROM pg_catalog.pg_user_mappings m WHERE m.umid = $1`),
);

export const languageState = readerOf(
  always(`
SELECT g.lanname::text AS name, ${owned('g', 'lan', 'pg_language')}, g.lanpltrusted AS trusted, ${functionName('g.lanplcallfoid')} AS handler,
       ${functionName('g.laninline')} AS inline, ${functionName('g.lanvalidator')} AS validator,
       ${privilegesJson('g.lanacl', "acldefault('l', g.lanowner)")} AS privileges, ${labelsJson('pg_language', 'g.oid')} AS labels
  FROM pg_catalog.pg_language g WHERE g.oid = $1`),
);

export const eventTriggerState = readerOf(
  always(`
SELECT e.evtname::text AS name, ${owned('e', 'evt', 'pg_event_trigger')}, e.evtevent::text AS event, coalesce(e.evttags, '{}') AS tags,
       ${functionName('e.evtfoid')} AS function,
       CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END AS enabled,
       ${labelsJson('pg_event_trigger', 'e.oid')} AS labels
  FROM pg_catalog.pg_event_trigger e WHERE e.oid = $1`),
);
