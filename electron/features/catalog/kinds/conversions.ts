import { always, type KindDefinition } from './kind';

/** Conversions between encodings. */
export const conversions: KindDefinition = {
  folder: 'conversions',
  kind: 'conversion',
  scope: 'schema',
  rare: true,
  select: always(
    `c.oid, c.conname AS name, pg_catalog.pg_encoding_to_char(c.conforencoding) || ' → ' || pg_catalog.pg_encoding_to_char(c.contoencoding) AS note, CASE WHEN c.condefault THEN 'default' ELSE '' END AS mark`,
  ),
  from: always(`FROM pg_catalog.pg_conversion c WHERE c.connamespace = $1`),
  order: 'c.conname',
  properties: {},
};
