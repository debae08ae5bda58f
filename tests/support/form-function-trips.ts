import type { FormState } from '../../shared/model/form';
import { EVIL, EVIL_TEXT, KEEPER, MOVES, NAMED, OWNER, PUBLIC, SCHEMA } from './form-code-ground';
import type { Trip } from './form-trip';

/** Tags of dollar quotes, a comment that begins, and a dollar at the end. */
const BODY = `$$ $body$ 'x' $`;

const RESULT = { id: '0', mode: 'OUT', name: 'Re "sult"', type: 'integer', default: '' };

export const functionTrips = (major: number): Trip[] => {
  const privileges = [PUBLIC('EXECUTE'), KEEPER('EXECUTE')];
  const kept = {
    arguments: [
      { id: '1', mode: '', name: 'In "x"', type: 'integer', default: '' },
      { id: '2', mode: 'INOUT', name: '', type: 'fx.mood', default: "'a'::fx.mood" },
      { id: '3', mode: 'VARIADIC', name: 'select', type: 'text[]', default: "'{}'::text[]" },
    ],
  };
  const traits: FormState[] = [
    { volatility: 'IMMUTABLE' },
    { strict: true },
    { securityDefiner: true },
    { leakproof: true },
    { parallel: 'SAFE' },
    { cost: 7.5 },
  ];
  const settings: FormState[] = [
    {
      parameters: [
        { name: 'search_path', value: 'fx, "a b"' },
        { name: 'my.setting', value: EVIL_TEXT },
      ],
    },
    { parameters: [{ name: 'work_mem', value: '8MB' }] },
  ];
  const bodies = (result: string): FormState[] => [{ body: `BEGIN RETURN ${result}; END; /* ${BODY} */ ` }];
  return [
    {
      kind: 'function',
      parent: SCHEMA,
      given: {
        ...NAMED,
        name: 'with results',
        arguments: [RESULT, { ...RESULT, id: '1', name: '' }],
        returnType: 'record',
        language: 'sql',
        body: 'SELECT 1, 2',
      },
      edits: [{ body: 'SELECT 2, 3' }, { privileges: [] }, { schema: 'other "s"' }],
    },
    {
      kind: 'function',
      parent: SCHEMA,
      given: {
        ...NAMED,
        ...kept,
        privileges,
        language: 'plpgsql',
        returns: 'SETOF',
        returnType: 'fx.mood',
        rows: 5,
        body: `BEGIN RETURN; END -- ${BODY}`,
        extensions: ['plpgsql'],
        parameters: [{ name: 'DateStyle', value: 'ISO, DMY' }],
        ...(major < 12 ? {} : { support: 'pg_catalog.generate_series_int4_support' }),
      },
      edits: [
        ...traits,
        { rows: 12 },
        ...settings,
        ...bodies(''),
        { privileges: [] },
        ...(major < 13 ? [] : [{ extensions: [] }]),
        ...(major < 12 ? [] : [{ support: '' }]),
        ...MOVES,
      ],
    },
    {
      kind: 'function',
      parent: SCHEMA,
      given: {
        ...NAMED,
        language: 'plpgsql',
        window: false,
        returns: 'TABLE',
        returnColumns: [{ id: '1', name: 'Col "x"', type: 'integer' }],
        arguments: [{ id: '1', mode: '', name: '', type: 'integer', default: '' }],
        rows: 1000,
        body: 'BEGIN RETURN; END',
      },
      edits: [{ arguments: [{ id: '1', mode: '', name: 'now named', type: 'integer', default: '1' }] }],
      stays: ['arguments'],
    },
    {
      kind: 'function',
      parent: SCHEMA,
      given: {
        ...NAMED,
        name: 'compiled',
        language: 'c',
        returnType: 'language_handler',
        objectFile: '$libdir/plpgsql',
        symbol: 'plpgsql_call_handler',
        cost: 1,
      },
      edits: [{ cost: 3 }],
    },
    {
      kind: 'function',
      parent: SCHEMA,
      given: {
        ...NAMED,
        name: 'windowed',
        language: 'internal',
        window: true,
        returnType: 'bigint',
        body: 'window_row_number',
        cost: 1,
      },
      edits: [{ owner: OWNER }],
    },
    ...(major < 14
      ? []
      : [
          {
            kind: 'function',
            parent: SCHEMA,
            given: {
              ...NAMED,
              name: 'atomic',
              language: 'sql',
              returnType: 'integer',
              atomic: true,
              body: 'RETURN 1',
            },
            edits: [{ body: 'BEGIN ATOMIC\n SELECT 2 AS x;\nEND' }, { atomic: false, body: 'SELECT 3' }],
          } satisfies Trip,
        ]),
    ...(major < 11
      ? []
      : [
          {
            kind: 'procedure',
            parent: SCHEMA,
            given: {
              ...NAMED,
              name: `${EVIL}call`,
              arguments: [...(major < 14 ? [] : [RESULT]), ...kept.arguments],
              privileges,
              body: 'BEGIN END',
            },
            edits: [
              { securityDefiner: true },
              ...settings,
              ...bodies(''),
              ...MOVES,
              { privileges: [PUBLIC('EXECUTE')] },
            ],
          } satisfies Trip,
        ]),
    {
      kind: 'trigger-function',
      parent: SCHEMA,
      given: { ...NAMED, privileges, body: 'BEGIN RETURN NEW; END' },
      edits: [...traits, ...settings, ...bodies('NULL'), ...MOVES, { privileges: [] }],
    },
  ];
};

export const aggregateTrips = (major: number): Trip[] => [
  {
    kind: 'aggregate',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: `${EVIL}sum`,
      privileges: [KEEPER('EXECUTE')],
      arguments: [{ id: '1', mode: '', name: 'a "b"', type: 'integer' }],
      stateType: 'bigint[]',
      stateFunction: 'pg_catalog.int4_avg_accum',
      stateSize: 64,
      finalFunction: 'pg_catalog.int8_avg',
      hasInitial: true,
      initial: '{0,0}',
      combineFunction: 'pg_catalog.int4_avg_combine',
      movingType: 'bigint[]',
      movingFunction: 'pg_catalog.int4_avg_accum',
      movingInverse: 'pg_catalog.int4_avg_accum_inv',
      movingFinal: 'pg_catalog.int8_avg',
      movingSize: 32,
      hasMovingInitial: true,
      movingInitial: '{0,0}',
      parallel: 'SAFE',
      ...(major < 11 ? {} : { finalModify: 'SHAREABLE', movingFinalModify: 'READ_WRITE' }),
    },
    edits: [...MOVES, { privileges: [PUBLIC('EXECUTE')] }],
  },
  {
    kind: 'aggregate',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: 'sorted',
      stateType: 'anyarray',
      stateFunction: 'pg_catalog.array_larger',
      arguments: [{ id: '1', mode: '', name: '', type: 'anyarray' }],
      sortOperator: 'pg_catalog.>',
    },
    edits: [{ comment: '' }],
  },
  {
    kind: 'aggregate',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: 'ordered',
      ordered: true,
      arguments: [{ id: '1', mode: '', name: '', type: 'double precision' }],
      orderBy: [{ id: '2', mode: '', name: '', type: 'anyelement' }],
      stateType: 'internal',
      stateFunction: 'pg_catalog.ordered_set_transition',
      finalFunction: 'pg_catalog.percentile_disc_final',
      finalExtra: true,
      finalModify: 'READ_WRITE',
      movingFinalModify: 'READ_WRITE',
    },
    edits: [{ privileges: [] }, { owner: OWNER }],
  },
  {
    kind: 'aggregate',
    parent: SCHEMA,
    given: {
      ...NAMED,
      name: 'hypothetical',
      ordered: true,
      hypothetical: true,
      arguments: [{ id: '1', mode: 'VARIADIC', name: '', type: '"any"' }],
      orderBy: [{ id: '1', mode: 'VARIADIC', name: '', type: '"any"' }],
      stateType: 'internal',
      stateFunction: 'pg_catalog.ordered_set_transition_multi',
      finalFunction: 'pg_catalog.rank_final',
      finalExtra: true,
      finalModify: 'READ_WRITE',
      movingFinalModify: 'READ_WRITE',
    },
    edits: [{ privileges: [KEEPER('EXECUTE')] }, { comment: EVIL_TEXT }],
  },
];
