import { LAST_ITEMS, functionName, lastFacts, privilegesGrid, securityLabelsGrid } from './facts';
import { always, type KindDefinition } from './kind';

/** pg_language; those that come with the server, PL/pgSQL too, count as system objects. */
export const languages: KindDefinition = {
  folder: 'languages',
  kind: 'language',
  scope: 'database',
  rare: true,
  select: always(`l.oid, l.lanname AS name, '' AS note, CASE WHEN l.lanpltrusted THEN '' ELSE 'untrusted' END AS mark`),
  from: always(`FROM pg_catalog.pg_language l WHERE $1 OR l.oid >= 16384`),
  order: 'l.lanname',
  properties: {
    language: {
      sql: always(`
SELECT l.lanname AS name, l.oid::text AS oid, pg_catalog.pg_get_userbyid(l.lanowner) AS owner, l.lanpltrusted::text AS trusted,
       ${functionName('l.lanplcallfoid')} AS handler, ${functionName('l.laninline')} AS inline, ${functionName('l.lanvalidator')} AS validator,
       ${lastFacts('l.oid', 'pg_language')}
  FROM pg_catalog.pg_language l WHERE l.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['owner', 'text'],
        ['trusted', 'boolean'],
        ['handler', 'code'],
        ['inline', 'code'],
        ['validator', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [privilegesGrid('pg_language', 'lanacl'), securityLabelsGrid('pg_language')],
    },
  },
};
