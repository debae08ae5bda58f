import type { FormState } from '../../../../../shared/model/form';
import { always } from '../../kinds/kind';
import { readerOf } from '../state-pieces';
import type { StateReader } from '../state-reader';
import { dictionaryOptions } from './dictionary-options';
import { commented, dictionaryName, functionName, identity, parserName, templateName } from './names';

export const configurationState = readerOf(
  always(`
SELECT ${identity('c', 'cfg', 'pg_ts_config')}, '' AS copy, ${parserName('c.cfgparser')} AS parser,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('id', 't' || m.token, 'token', m.alias, 'dictionaries', m.dictionaries)
           ORDER BY m.token)
         FROM (SELECT tm.maptokentype AS token, tt.alias,
                      pg_catalog.json_agg(${dictionaryName('tm.mapdict')} ORDER BY tm.mapseqno) AS dictionaries
                 FROM pg_catalog.pg_ts_config_map tm JOIN pg_catalog.ts_token_type(c.cfgparser) tt ON tt.tokid = tm.maptokentype
                WHERE tm.mapcfg = c.oid GROUP BY 1, 2) m), '[]'::json) AS mappings
  FROM pg_catalog.pg_ts_config c WHERE c.oid = $1`),
);

const DICTIONARY = `
SELECT ${identity('d', 'dict', 'pg_ts_dict')}, ${templateName('d.dicttemplate')} AS template, coalesce(d.dictinitoption, '') AS text
  FROM pg_catalog.pg_ts_dict d WHERE d.oid = $1`;

export const dictionaryState: StateReader = async (session, object, signal) => {
  const [row] = await session.query<FormState & { text: string }>(DICTIONARY, [object.oid], signal);
  if (!row) return null;
  const { text, ...rest } = row;
  return { variant: '', state: { ...rest, options: dictionaryOptions(text) } };
};

const SCHEMA = (column: string): string =>
  `(SELECT n.nspname::text FROM pg_catalog.pg_namespace n WHERE n.oid = ${column}) AS schema`;

export const parserState = readerOf(
  always(`
SELECT p.prsname::text AS name, ${SCHEMA('p.prsnamespace')}, ${commented('p', 'pg_ts_parser')}, ${functionName('p.prsstart')} AS start,
       ${functionName('p.prstoken')} AS "getToken", ${functionName('p.prsend')} AS "end", ${functionName('p.prslextype')} AS "tokenTypes",
       ${functionName('p.prsheadline')} AS headline
  FROM pg_catalog.pg_ts_parser p WHERE p.oid = $1`),
);

export const templateState = readerOf(
  always(`
SELECT t.tmplname::text AS name, ${SCHEMA('t.tmplnamespace')}, ${commented('t', 'pg_ts_template')}, ${functionName('t.tmplinit')} AS init,
       ${functionName('t.tmpllexize')} AS lexize
  FROM pg_catalog.pg_ts_template t WHERE t.oid = $1`),
);
