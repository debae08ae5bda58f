import type { ObjectKind } from '../../../../shared/model/catalog';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { functionJson, type NamedRef } from './aggregate-ddl';
import { commentStatement, joinStatements, PHASE, pieceObject, type Piece } from './piece';
import type { Scope } from './scope';

interface TextSearchRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Null: the kind has no owner. */
  readonly owner: string | null;
  /** What stands between the parentheses, by key. */
  readonly parts: Readonly<Record<string, NamedRef>>;
  /** Options of a dictionary as the server keeps them: SQL text. */
  readonly options: string | null;
  /** Dictionaries of a configuration by the kind of token. */
  readonly mappings: readonly { readonly token: string; readonly dictionaries: readonly NonNullable<NamedRef>[] }[];
  readonly comment: string | null;
}

interface TextSearchKind {
  readonly kind: ObjectKind;
  readonly noun: string;
  readonly catalog: string;
  readonly sql: string;
}

const nameJson = (catalog: string, prefix: string, oid: string): string =>
  `(SELECT pg_catalog.json_build_object('schema', x.nspname, 'name', y.${prefix}name) FROM pg_catalog.${catalog} y
     JOIN pg_catalog.pg_namespace x ON x.oid = y.${prefix}namespace WHERE y.oid = ${oid})`;

const head = (prefix: string): string => `
SELECT o.oid, n.nspname AS schema, o.${prefix}name AS name`;

const tail = (catalog: string, prefix: string): string => `
       pg_catalog.obj_description(o.oid, '${catalog}') AS comment
  FROM pg_catalog.${catalog} o JOIN pg_catalog.pg_namespace n ON n.oid = o.${prefix}namespace`;

const PARSERS = `${head('prs')}, NULL AS owner, NULL AS options, '[]'::json AS mappings,
       pg_catalog.json_build_object('START', ${functionJson('o.prsstart::oid')}, 'GETTOKEN', ${functionJson('o.prstoken::oid')},
         'END', ${functionJson('o.prsend::oid')}, 'HEADLINE', ${functionJson('o.prsheadline::oid')},
         'LEXTYPES', ${functionJson('o.prslextype::oid')}) AS parts, ${tail('pg_ts_parser', 'prs')}`;

const TEMPLATES = `${head('tmpl')}, NULL AS owner, NULL AS options, '[]'::json AS mappings,
       pg_catalog.json_build_object('INIT', ${functionJson('o.tmplinit::oid')}, 'LEXIZE', ${functionJson('o.tmpllexize::oid')}) AS parts,
       ${tail('pg_ts_template', 'tmpl')}`;

const DICTIONARIES = `${head('dict')}, pg_catalog.pg_get_userbyid(o.dictowner) AS owner, o.dictinitoption AS options, '[]'::json AS mappings,
       pg_catalog.json_build_object('TEMPLATE', ${nameJson('pg_ts_template', 'tmpl', 'o.dicttemplate')}) AS parts, ${tail('pg_ts_dict', 'dict')}`;

const CONFIGURATIONS = `${head('cfg')}, pg_catalog.pg_get_userbyid(o.cfgowner) AS owner, NULL AS options,
       pg_catalog.json_build_object('PARSER', ${nameJson('pg_ts_parser', 'prs', 'o.cfgparser')}) AS parts,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('token', m.alias, 'dictionaries', m.dictionaries) ORDER BY m.token)
          FROM (SELECT k.maptokentype AS token, t.alias,
                       pg_catalog.json_agg(${nameJson('pg_ts_dict', 'dict', 'k.mapdict')} ORDER BY k.mapseqno) AS dictionaries
                  FROM pg_catalog.pg_ts_config_map k JOIN pg_catalog.ts_token_type(o.cfgparser) t ON t.tokid = k.maptokentype
                 WHERE k.mapcfg = o.oid GROUP BY 1, 2) m), '[]'::json) AS mappings, ${tail('pg_ts_config', 'cfg')}`;

const PARSER: TextSearchKind = {
  kind: 'text-search-parser',
  noun: 'PARSER',
  catalog: 'pg_ts_parser',
  sql: PARSERS,
};
const TEMPLATE: TextSearchKind = {
  kind: 'text-search-template',
  noun: 'TEMPLATE',
  catalog: 'pg_ts_template',
  sql: TEMPLATES,
};
const DICTIONARY: TextSearchKind = {
  kind: 'text-search-dictionary',
  noun: 'DICTIONARY',
  catalog: 'pg_ts_dict',
  sql: DICTIONARIES,
};
const CONFIGURATION: TextSearchKind = {
  kind: 'text-search-configuration',
  noun: 'CONFIGURATION',
  catalog: 'pg_ts_config',
  sql: CONFIGURATIONS,
};

const piecesOf =
  ({ kind, noun, catalog, sql }: TextSearchKind) =>
  async (session: PgSession, scope: Scope, signal: AbortSignal): Promise<Piece[]> => {
    const rows = await session.query<TextSearchRow>(
      `${sql} WHERE ${scope.where(catalog)} ORDER BY 2, 3`,
      scope.params,
      signal,
    );
    return rows.map((row) => {
      const name = quoteQualified(row.schema, row.name);
      const target = `TEXT SEARCH ${noun} ${name}`;
      const parts = Object.entries(row.parts).flatMap(([key, ref]) =>
        ref ? [`${key} = ${quoteQualified(ref.schema, ref.name)}`] : [],
      );
      if (row.options !== null && row.options !== '') parts.push(row.options);
      const mappings = row.mappings.map(({ token, dictionaries }) => {
        const list = dictionaries.map((each) => quoteQualified(each.schema, each.name)).join(', ');
        return `ALTER ${target} ADD MAPPING FOR ${quoteIdent(token)} WITH ${list};`;
      });
      const rest = [
        ...mappings,
        ...(row.owner === null ? [] : [`ALTER ${target} OWNER TO ${quoteIdent(row.owner)};`]),
        ...commentStatement(target, row.comment),
      ];
      return {
        id: `${catalog}:${row.oid}`,
        object: pieceObject(kind, row.schema, row.name),
        phase: PHASE.operator,
        name,
        sql: joinStatements(`CREATE ${target} (\n    ${parts.join(',\n    ')}\n);`, rest),
        needs: [],
      };
    });
  };

export const textSearchParserPieces = piecesOf(PARSER);
export const textSearchTemplatePieces = piecesOf(TEMPLATE);
export const textSearchDictionaryPieces = piecesOf(DICTIONARY);
export const textSearchConfigurationPieces = piecesOf(CONFIGURATION);
