import type { ObjectRef } from '../../shared/model/catalog';
import { EVIL, EVIL_AGAIN, EVIL_TEXT, KEEPER, MOVES, NAMED, OWNER, PUBLIC, SCHEMA } from './form-code-ground';
import type { Trip } from './form-trip';

const OPTIONS = [
  { name: 'Op "t"', value: EVIL_TEXT },
  { name: 'host', value: 'h' },
];
const OTHER_OPTIONS = [
  { name: 'host', value: "h'2" },
  { name: 'user', value: '' },
];
const database = (kind: 'foreign-data-wrapper' | 'foreign-server', name: string): ObjectRef => ({
  kind,
  oid: 0,
  schema: '',
  name,
  sub: 0,
});
const UNSCHEMED = MOVES.filter((move) => !('schema' in move));
const UNOWNED = MOVES.filter((move) => !('owner' in move));

const textSearchTrips: readonly Trip[] = [
  {
    kind: 'text-search-configuration',
    parent: SCHEMA,
    given: {
      ...NAMED,
      parser: 'pg_catalog."default"',
      mappings: [
        { id: '1', token: 'asciiword', dictionaries: ['fx."Dict"', 'pg_catalog.english_stem'] },
        { id: '2', token: 'word', dictionaries: ['pg_catalog.simple'] },
      ],
    },
    edits: [
      {
        mappings: [
          { id: '1', token: 'asciiword', dictionaries: ['pg_catalog.english_stem', 'fx."Dict"'] },
          { id: '3', token: 'email', dictionaries: ['pg_catalog.simple'] },
        ],
      },
      ...MOVES,
    ],
  },
  {
    kind: 'text-search-dictionary',
    parent: SCHEMA,
    given: {
      ...NAMED,
      template: 'pg_catalog.synonym',
      options: [{ name: 'synonyms', value: 'synonym_sample' }],
    },
    edits: [
      {
        options: [
          { name: 'synonyms', value: 'synonym_sample' },
          { name: 'casesensitive', value: 'true' },
        ],
      },
      ...MOVES,
    ],
  },
  {
    kind: 'text-search-parser',
    parent: SCHEMA,
    given: {
      ...NAMED,
      start: 'pg_catalog.prsd_start',
      getToken: 'pg_catalog.prsd_nexttoken',
      end: 'pg_catalog.prsd_end',
      tokenTypes: 'pg_catalog.prsd_lextype',
      headline: 'pg_catalog.prsd_headline',
    },
    edits: [...UNOWNED],
  },
  {
    kind: 'text-search-template',
    parent: SCHEMA,
    given: { ...NAMED, init: 'pg_catalog.dsimple_init', lexize: 'pg_catalog.dsimple_lexize' },
    edits: [...UNOWNED],
  },
];

const foreignTrips: readonly Trip[] = [
  {
    kind: 'foreign-data-wrapper',
    given: {
      ...NAMED,
      name: 'far away',
      handler: 'public.file_fdw_handler',
      options: OPTIONS,
      privileges: [KEEPER('USAGE')],
    },
    edits: [
      { handler: '' },
      { validator: 'pg_catalog.postgresql_fdw_validator', options: [] },
      { validator: '', options: OTHER_OPTIONS },
      ...UNSCHEMED,
      { privileges: [] },
    ],
  },
  {
    kind: 'foreign-server',
    parent: database('foreign-data-wrapper', 'far away'),
    given: { ...NAMED, type: EVIL_TEXT, version: '1', options: OPTIONS, privileges: [KEEPER('USAGE')] },
    edits: [{ version: '' }, { options: OTHER_OPTIONS }, ...UNSCHEMED, { privileges: [] }],
  },
  ...['', "keep'er"].map((user): Trip => ({
    kind: 'user-mapping',
    parent: database('foreign-server', EVIL),
    given: { user, options: OPTIONS },
    edits: [{ options: OTHER_OPTIONS }, { options: [] }],
  })),
];

export const otherTrips = (major: number): Trip[] => [
  {
    kind: 'collation',
    parent: SCHEMA,
    given: { ...NAMED, provider: 'libc', collate: 'C', ctype: 'POSIX' },
    edits: [...MOVES],
  },
  {
    kind: 'collation',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: 'icu',
      provider: 'icu',
      locale: major < 15 ? 'de@collation=phonebook' : 'de-u-co-phonebk',
      ...(major < 12 ? {} : { deterministic: false }),
      ...(major < 16 ? {} : { rules: '&a < g' }),
    },
    edits: [{ refresh: true }, { comment: '' }],
    stays: ['refresh'],
  },
  ...(major < 17
    ? []
    : [
        {
          kind: 'collation',
          parent: SCHEMA,
          given: { ...NAMED, name: 'own', provider: 'builtin', locale: 'C.UTF-8' },
          edits: [{ owner: OWNER }],
        } satisfies Trip,
      ]),
  {
    kind: 'conversion',
    parent: SCHEMA,
    given: {
      ...NAMED,
      sourceEncoding: 'LATIN1',
      targetEncoding: 'UTF8',
      function: 'pg_catalog.iso8859_1_to_utf8',
      default: true,
    },
    edits: [...MOVES],
  },
  {
    kind: 'cast',
    given: {
      sourceType: 'integer',
      targetType: 'fx.mood',
      method: 'FUNCTION',
      function: 'fx.to_mood(integer)',
      context: 'ASSIGNMENT',
      comment: EVIL_TEXT,
    },
    edits: [{ comment: '' }],
  },
  {
    kind: 'cast',
    given: { sourceType: 'fx.mood', targetType: 'json', method: 'INOUT', context: 'IMPLICIT' },
    edits: [],
  },
  { kind: 'cast', given: { sourceType: 'lseg', targetType: 'box', method: 'BINARY' }, edits: [] },
  {
    kind: 'transform',
    given: {
      type: 'integer',
      language: 'plpgsql',
      fromSql: 'fx.from_int(internal)',
      toSql: 'fx.to_int(internal)',
      comment: 'x',
    },
    edits: [{ fromSql: '' }, { toSql: 'fx.to_int_again(internal)' }, { comment: EVIL_TEXT }],
  },
  {
    kind: 'access-method',
    given: { name: EVIL, type: 'INDEX', handler: 'pg_catalog.bthandler', comment: EVIL_TEXT },
    edits: [{ comment: '' }],
  },
  ...(major < 12
    ? []
    : [
        {
          kind: 'access-method',
          given: { name: EVIL_AGAIN, type: 'TABLE', handler: 'pg_catalog.heap_tableam_handler' },
          edits: [],
        } satisfies Trip,
      ]),
  {
    kind: 'operator',
    parent: SCHEMA,
    given: {
      name: '@@@==',
      comment: EVIL_TEXT,
      function: 'fx.eq',
      leftType: 'fx.pair',
      rightType: 'fx.pair',
      commutator: 'fx.@@@==',
      ...(major < 17 ? { negator: 'fx.<<>>', hashes: true, merges: true } : {}),
      restrict: 'pg_catalog.eqsel',
      join: 'pg_catalog.eqjoinsel',
    },
    edits: [
      { comment: '' },
      { restrict: '' },
      { join: 'pg_catalog.neqjoinsel' },
      { owner: OWNER },
      ...(major < 17 ? [] : [{ negator: 'fx.<<>>' }, { hashes: true, merges: true }]),
    ],
    stays: ['negator', 'hashes', 'merges'],
  },
  {
    kind: 'operator',
    parent: SCHEMA,
    given: { name: '!!!', function: 'fx.not_pair', rightType: 'fx.pair' },
    edits: [{ comment: 'prefix' }, { schema: 'other "s"' }],
  },
  ...textSearchTrips,
  {
    kind: 'statistics-object',
    parent: { kind: 'table', oid: 0, schema: 'fx', name: 'ta ble', sub: 0 },
    given: {
      ...NAMED,
      kinds: major < 12 ? ['dependencies'] : ['ndistinct', 'mcv'],
      columns: ['a', 'B b'],
      ...(major < 14 ? {} : { expressions: [{ id: '1', expression: "(c || 'x''y'::text)" }] }),
      ...(major < 13 ? {} : { target: 7 }),
    },
    edits: [...(major < 13 ? [] : [{ target: -1 }, { target: 100 }]), ...MOVES],
  },
  ...(major < 14
    ? []
    : [
        {
          kind: 'statistics-object',
          parent: SCHEMA,
          given: {
            ...NAMED,
            name: 'one expression',
            table: 'fx."ta ble"',
            expressions: [{ id: '1', expression: '(a + 1)' }],
          },
          edits: [],
        } satisfies Trip,
      ]),
  {
    kind: 'event-trigger',
    given: {
      ...NAMED,
      event: 'ddl_command_end',
      tags: ['CREATE TYPE', 'DROP TYPE'],
      function: 'fx.on_ddl',
      enabled: 'ENABLE ALWAYS',
    },
    edits: [
      { enabled: 'DISABLE' },
      ...UNSCHEMED,
      { function: 'fx."on ddl"' },
      { event: 'sql_drop', tags: [] },
      { enabled: 'ENABLE REPLICA' },
    ],
  },
  ...foreignTrips,
  {
    kind: 'language',
    given: {
      ...NAMED,
      trusted: true,
      handler: 'pg_catalog.plpgsql_call_handler',
      inline: 'pg_catalog.plpgsql_inline_handler',
      validator: 'pg_catalog.plpgsql_validator',
      privileges: [KEEPER('USAGE'), PUBLIC('USAGE')],
    },
    edits: [{ inline: '' }, { validator: '' }, ...UNSCHEMED, { privileges: [] }, { trusted: false }, { trusted: true }],
    stays: ['trusted'],
  },
];
