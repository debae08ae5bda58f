import { languages } from 'monaco-editor/editor';

/** The id under which the editor knows the SQL of PostgreSQL. */
export const SQL_LANGUAGE = 'postgresql';

/**
 * Keywords of PostgreSQL 10 to 18 that statements are made of (src/include/parser/kwlist.h, src/pl/plpgsql/src/pl_*_kwlist.h).
 * Words that are far more often names of columns (name, value, data, day …) are left out.
 */
const KEYWORDS =
  'abort absolute access action add after aggregate all also alter always analyse analyze and any as asc asensitive assert assertion ' +
  'assignment asymmetric at atomic attach authorization backward before begin between both breadth by cache call called cascade ' +
  'cascaded case cast chain check checkpoint close cluster collate collation column columns comment comments commit committed ' +
  'concurrently configuration conflict connection constraint constraints continue conversion copy create cross csv cube current ' +
  'current_catalog current_date current_role current_schema current_time current_timestamp current_user cursor cycle database ' +
  'deallocate declare default defaults deferrable deferred definer delete delimiter depends desc detach diagnostics dictionary disable ' +
  'discard distinct do domain drop each else elsif elseif enable encoding end enforced enum escape event except exception exclude ' +
  'excluding exclusive execute exists exit explain extension external extract family fetch filter finalize first following for ' +
  'force foreach foreign forward freeze from full function functions generated get global grant granted group grouping groups handler ' +
  'having header hold identity if ilike immediate immutable import in include including increment index indexes inherit inherits ' +
  'initially inline inner inout insensitive insert instead intersect into invoker is isnull isolation join key language large last ' +
  'lateral leakproof leading left level like limit listen load local localtime localtimestamp locked logged loop mapping match matched ' +
  'materialized maxvalue merge minvalue move natural new next nfc nfd no none normalized not nothing notice notify notnull nowait ' +
  'nulls object of off offset oids old on only open operator option options or order ordinality others out outer over overlaps ' +
  'overriding owned owner parallel parser partial partition passing password perform placing policy preceding prepare prepared ' +
  'preserve primary prior privileges procedural procedure procedures program publication raise range reassign recheck recursive ' +
  'references referencing refresh reindex relative release rename repeatable replace replica reset restart restrict return returning ' +
  'returns reverse revoke right role rollback rollup routine routines row rows rule savepoint schema schemas scroll search security ' +
  'select sequence sequences serializable server session session_user set setof sets share show similar simple skip slice snapshot some ' +
  'sqlstate stable standalone statement statistics stdin stdout storage stored strict strip subscription support symmetric sysid system ' +
  'table tables tablesample tablespace temp template temporary then ties to trailing transaction transform trigger truncate trusted ' +
  'type types unbounded uncommitted unencrypted union unique unknown unlisten unlogged until update user using vacuum valid validate ' +
  'validator values variadic verbose view views virtual volatile when where while window with within without work wrapper write xmltable';

const CONSTANTS = 'true false null';

/** Names of the built-in types as a person writes them, and the words that they continue with. */
const TYPES =
  'bigint bigserial bit bool boolean box bpchar bytea char character cid cidr circle date daterange datemultirange dec decimal double ' +
  'float float4 float8 hstore inet int int2 int4 int8 int4range int8range integer interval json jsonb jsonpath line lseg ltree macaddr ' +
  'macaddr8 money national nchar numeric numrange oid path pg_lsn point polygon precision real record refcursor regclass regnamespace ' +
  'regproc regprocedure regrole regtype serial serial2 serial4 serial8 smallint smallserial text tid time timestamp timestamptz timetz ' +
  'tsquery tsrange tstzrange tsvector txid_snapshot uuid varbit varchar varying void xid xid8 xml zone';

/** How the words and signs of a text are told apart. A `$tag$ … $tag$` body is code: its words keep their colours. */
const tokens: languages.IMonarchLanguage = {
  ignoreCase: true,
  defaultToken: '',
  tokenPostfix: '',
  keywords: KEYWORDS.split(' '),
  constants: CONSTANTS.split(' '),
  types: TYPES.split(' '),
  brackets: [
    { open: '[', close: ']', token: 'delimiter' },
    { open: '(', close: ')', token: 'delimiter' },
  ],
  tokenizer: {
    root: [
      [/\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/, { token: 'string', next: '@body.$0' }],
      [/e'/, { token: 'string', next: '@escapes' }],
      [/(?:u&|[bxn])?'/, { token: 'string', next: '@string' }],
      { include: '@rest' },
    ],
    body: [
      [
        /\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/,
        { cases: { '$0==$S2': { token: 'string', next: '@pop' }, '@default': 'string' } },
      ],
      // A text within a body ends on its line: a lone apostrophe must not run to the end of the script.
      [/'(?:[^'\n]|'')*'/, 'string'],
      { include: '@rest' },
    ],
    rest: [
      [/\s+/, ''],
      [/--.*$/, 'comment'],
      [/\/\*/, { token: 'comment', next: '@comment' }],
      [/(?:u&)?"(?:[^"]|"")*"?/, 'identifier'],
      [/\$\d+/, 'number'],
      [/0x[\da-f_]+|0o[0-7_]+|0b[01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?/, 'number'],
      [/with(?:out)?(?=\s+time\s+zone)/, 'type'],
      // What stands behind a dot is a name, whatever else it may mean.
      [/(\.)([a-z_\u0080-\uffff][\w$\u0080-\uffff]*)/, ['delimiter', 'identifier']],
      [
        /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/,
        {
          cases: {
            '@keywords': 'keyword',
            '@constants': 'constant',
            '@types': 'type',
            '@default': 'identifier',
          },
        },
      ],
      [/[()[\]]/, '@brackets'],
      [/[;,.:]/, 'delimiter'],
      [/[-+*/<>=~!@#%^&|`?]+?/, 'operator'],
    ],
    comment: [
      [/[^*/]+/, 'comment'],
      [/\/\*/, { token: 'comment', next: '@push' }],
      [/\*\//, { token: 'comment', next: '@pop' }],
      [/./, 'comment'],
    ],
    string: [
      [/[^']+/, 'string'],
      [/''/, 'string'],
      [/'/, { token: 'string', next: '@pop' }],
    ],
    escapes: [
      [/[^'\\]+/, 'string'],
      [/\\.|''/, 'string'],
      [/\\$/, 'string'],
      [/'/, { token: 'string', next: '@pop' }],
    ],
  },
};

const pairs = [
  { open: '[', close: ']' },
  { open: '(', close: ')' },
  { open: '"', close: '"' },
  { open: "'", close: "'" },
];

/** Tells the editor how to read SQL; once, before the first editor is made. */
export function registerSqlLanguage(): void {
  languages.register({ id: SQL_LANGUAGE });
  languages.setMonarchTokensProvider(SQL_LANGUAGE, tokens);
  languages.setLanguageConfiguration(SQL_LANGUAGE, {
    comments: { lineComment: '--', blockComment: ['/*', '*/'] },
    brackets: [
      ['[', ']'],
      ['(', ')'],
    ],
    autoClosingPairs: pairs,
    surroundingPairs: pairs,
  });
}
