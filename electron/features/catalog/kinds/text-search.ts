import { always, type KindDefinition } from './kind';

/** Text search configurations; the note is the parser. */
export const textSearchConfigurations: KindDefinition = {
  folder: 'text-search-configurations',
  kind: 'text-search-configuration',
  scope: 'schema',
  rare: true,
  select: always(`c.oid, c.cfgname AS name, p.prsname AS note, '' AS mark`),
  from: always(
    `FROM pg_catalog.pg_ts_config c JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser WHERE c.cfgnamespace = $1`,
  ),
  order: 'c.cfgname',
  properties: {},
};

/** Text search dictionaries; the note is the template. */
export const textSearchDictionaries: KindDefinition = {
  folder: 'text-search-dictionaries',
  kind: 'text-search-dictionary',
  scope: 'schema',
  rare: true,
  select: always(`d.oid, d.dictname AS name, t.tmplname AS note, '' AS mark`),
  from: always(
    `FROM pg_catalog.pg_ts_dict d JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate WHERE d.dictnamespace = $1`,
  ),
  order: 'd.dictname',
  properties: {},
};

/** Text search parsers. */
export const textSearchParsers: KindDefinition = {
  folder: 'text-search-parsers',
  kind: 'text-search-parser',
  scope: 'schema',
  rare: true,
  select: always(`p.oid, p.prsname AS name, '' AS note, '' AS mark`),
  from: always(`FROM pg_catalog.pg_ts_parser p WHERE p.prsnamespace = $1`),
  order: 'p.prsname',
  properties: {},
};

/** Text search templates. */
export const textSearchTemplates: KindDefinition = {
  folder: 'text-search-templates',
  kind: 'text-search-template',
  scope: 'schema',
  rare: true,
  select: always(`t.oid, t.tmplname AS name, '' AS note, '' AS mark`),
  from: always(`FROM pg_catalog.pg_ts_template t WHERE t.tmplnamespace = $1`),
  order: 't.tmplname',
  properties: {},
};
