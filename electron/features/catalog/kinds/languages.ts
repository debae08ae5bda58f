import { always, type KindDefinition } from './kind';

/** pg_language. Those in which only the server itself is written count as system objects. */
export const languages: KindDefinition = {
  folder: 'languages',
  kind: 'language',
  scope: 'database',
  rare: true,
  select: always(`l.oid, l.lanname AS name, '' AS note, CASE WHEN l.lanpltrusted THEN '' ELSE 'untrusted' END AS mark`),
  from: always(`FROM pg_catalog.pg_language l WHERE $1 OR l.lanispl`),
  order: 'l.lanname',
  properties: {},
};
