import { LAST_ITEMS, lastFacts } from './facts';
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
  properties: {
    'text-search-configuration': {
      sql: always(`
SELECT c.cfgname AS name, c.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(c.cfgowner) AS owner,
       pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.prsname) AS parser,${lastFacts('c.oid', 'pg_ts_config')}
  FROM pg_catalog.pg_ts_config c JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser
  JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace WHERE c.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['parser', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [
        {
          key: 'tokens',
          columns: ['token', 'description', 'dictionaries'],
          sql: always(`
SELECT t.alias AS token, t.description, string_agg(m.mapdict::pg_catalog.regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
  FROM pg_catalog.pg_ts_config c, pg_catalog.ts_token_type(c.cfgparser) t, pg_catalog.pg_ts_config_map m
 WHERE c.oid = $1 AND m.mapcfg = c.oid AND m.maptokentype = t.tokid GROUP BY t.tokid, t.alias, t.description ORDER BY t.tokid`),
        },
      ],
    },
  },
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
  properties: {
    'text-search-dictionary': {
      sql: always(`
SELECT d.dictname AS name, d.oid::text AS oid, n.nspname AS schema, pg_catalog.pg_get_userbyid(d.dictowner) AS owner,
       pg_catalog.quote_ident(tn.nspname) || '.' || pg_catalog.quote_ident(t.tmplname) AS "textSearchTemplate", d.dictinitoption AS options,
       ${lastFacts('d.oid', 'pg_ts_dict')}
  FROM pg_catalog.pg_ts_dict d JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate
  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace WHERE d.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['owner', 'text'],
        ['textSearchTemplate', 'code'],
        ['options', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
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
  properties: {
    'text-search-parser': {
      sql: always(`
SELECT p.prsname AS name, p.oid::text AS oid, n.nspname AS schema, p.prsstart::text AS "startFunction", p.prstoken::text AS "tokenFunction",
       p.prsend::text AS "endFunction", nullif(p.prsheadline::text, '-') AS "headlineFunction", p.prslextype::text AS "tokenTypesFunction",
       ${lastFacts('p.oid', 'pg_ts_parser')}
  FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace WHERE p.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['startFunction', 'code'],
        ['tokenFunction', 'code'],
        ['endFunction', 'code'],
        ['headlineFunction', 'code'],
        ['tokenTypesFunction', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [
        {
          key: 'tokens',
          columns: ['number', 'token', 'description'],
          sql: always(`
SELECT t.tokid::text AS number, t.alias AS token, t.description
  FROM pg_catalog.pg_ts_parser p, pg_catalog.ts_token_type(p.oid) t WHERE p.oid = $1 ORDER BY t.tokid`),
        },
      ],
    },
  },
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
  properties: {
    'text-search-template': {
      sql: always(`
SELECT t.tmplname AS name, t.oid::text AS oid, n.nspname AS schema, nullif(t.tmplinit::text, '-') AS "initFunction", t.tmpllexize::text AS "lexizeFunction",
       ${lastFacts('t.oid', 'pg_ts_template')}
  FROM pg_catalog.pg_ts_template t JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace WHERE t.oid = $1`),
      items: [
        ['name', 'text'],
        ['oid', 'text'],
        ['schema', 'text'],
        ['initFunction', 'code'],
        ['lexizeFunction', 'code'],
        ...LAST_ITEMS,
      ],
      grids: [],
    },
  },
};
