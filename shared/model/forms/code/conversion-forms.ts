import { defineForm, type AnyForm } from '../../form';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../quote';
import { commentChange } from '../identity';
import { COMMENT, GENERAL, identityChanges, NAME, parentSchema, withoutArguments, words } from './common';

type CastState = {
  readonly sourceType: string;
  readonly targetType: string;
  /** FUNCTION, INOUT or BINARY. */
  readonly method: string;
  readonly function: string;
  /** EXPLICIT, ASSIGNMENT or IMPLICIT. */
  readonly context: string;
  readonly comment: string;
};

const castForm = defineForm<CastState>({
  kind: 'cast',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        { id: 'sourceType', kind: 'combo', choices: 'types', required: true, fixed: true },
        { id: 'targetType', kind: 'combo', choices: 'types', required: true, fixed: true },
        { id: 'method', kind: 'choice', choices: words('FUNCTION', 'INOUT', 'BINARY'), required: true, fixed: true },
        {
          id: 'function',
          kind: 'combo',
          choices: 'cast-functions',
          required: true,
          fixed: true,
          shown: ({ method }) => method === 'FUNCTION',
        },
        {
          id: 'context',
          kind: 'choice',
          choices: words('EXPLICIT', 'ASSIGNMENT', 'IMPLICIT'),
          required: true,
          fixed: true,
        },
        COMMENT,
      ],
    },
  ],
  initial: () => ({
    sourceType: '',
    targetType: '',
    method: 'FUNCTION',
    function: '',
    context: 'EXPLICIT',
    comment: '',
  }),
  statements: (state, before) => {
    const cast = `CAST (${state.sourceType} AS ${state.targetType})`;
    const how =
      state.method === 'FUNCTION'
        ? `WITH FUNCTION ${state.function}`
        : state.method === 'INOUT'
          ? 'WITH INOUT'
          : 'WITHOUT FUNCTION';
    const when = state.context === 'EXPLICIT' ? '' : ` AS ${state.context === 'IMPLICIT' ? 'IMPLICIT' : 'ASSIGNMENT'}`;
    return [
      ...(before ? [] : [{ sql: `CREATE ${cast} ${how}${when}` }]),
      ...commentChange(cast, before?.comment ?? null, state.comment),
    ];
  },
});

type TransformState = {
  readonly type: string;
  readonly language: string;
  readonly fromSql: string;
  readonly toSql: string;
  readonly comment: string;
};

const transformForm = defineForm<TransformState>({
  kind: 'transform',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        { id: 'type', kind: 'combo', choices: 'types', required: true, fixed: true },
        { id: 'language', kind: 'choice', choices: 'languages', required: true, fixed: true },
        { id: 'fromSql', kind: 'combo', choices: 'cast-functions' },
        { id: 'toSql', kind: 'combo', choices: 'cast-functions' },
        COMMENT,
      ],
    },
  ],
  initial: () => ({ type: '', language: '', fromSql: '', toSql: '', comment: '' }),
  check: ({ fromSql, toSql }) => (fromSql === '' && toSql === '' ? { fromSql: { problem: 'required' } } : {}),
  statements: (state, before) => {
    const transform = `TRANSFORM FOR ${state.type} LANGUAGE ${quoteIdent(state.language)}`;
    const parts = [
      ...(state.fromSql === '' ? [] : [`FROM SQL WITH FUNCTION ${state.fromSql}`]),
      ...(state.toSql === '' ? [] : [`TO SQL WITH FUNCTION ${state.toSql}`]),
    ];
    const isSame = before && before.fromSql === state.fromSql && before.toSql === state.toSql;
    return [
      ...(isSame ? [] : [{ sql: `CREATE ${before ? 'OR REPLACE ' : ''}${transform} (${parts.join(', ')})` }]),
      ...commentChange(transform, before?.comment ?? null, state.comment),
    ];
  },
});

type ConversionState = {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  readonly comment: string;
  readonly sourceEncoding: string;
  readonly targetEncoding: string;
  readonly function: string;
  readonly default: boolean;
};

const conversionForm = defineForm<ConversionState>({
  kind: 'conversion',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        { id: 'sourceEncoding', kind: 'combo', choices: 'encodings', required: true, fixed: true },
        { id: 'targetEncoding', kind: 'combo', choices: 'encodings', required: true, fixed: true },
        { id: 'function', kind: 'combo', choices: 'functions', required: true, fixed: true },
        { id: 'default', kind: 'switch', fixed: true },
      ],
    },
  ],
  initial: (context) => ({
    name: '',
    schema: parentSchema(context),
    owner: context.user,
    comment: '',
    sourceEncoding: '',
    targetEncoding: '',
    function: '',
    default: false,
  }),
  statements: (state, before, context) => [
    ...(before
      ? []
      : [
          {
            sql: `CREATE ${state.default ? 'DEFAULT ' : ''}CONVERSION ${quoteQualified(state.schema, state.name)}\n    FOR ${quoteLiteral(state.sourceEncoding)} TO ${quoteLiteral(state.targetEncoding)} FROM ${withoutArguments(state.function)}`,
          },
        ]),
    ...identityChanges({ noun: 'CONVERSION' }, state, before, context),
  ],
});

type AccessMethodState = {
  readonly name: string;
  readonly type: string;
  readonly handler: string;
  readonly comment: string;
};

const accessMethodForm = defineForm<AccessMethodState>({
  kind: 'access-method',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        { ...NAME, fixed: true },
        { id: 'type', kind: 'choice', choices: words('INDEX', 'TABLE'), required: true, fixed: true },
        { id: 'handler', kind: 'combo', choices: 'functions', required: true, fixed: true },
        COMMENT,
      ],
    },
  ],
  initial: () => ({ name: '', type: 'INDEX', handler: '', comment: '' }),
  check: ({ type }, { version }) =>
    type === 'TABLE' && version < 120_000 ? { type: { problem: 'needs-version', values: { version: 12 } } } : {},
  statements: (state, before) => {
    const method = `ACCESS METHOD ${quoteIdent((before ?? state).name)}`;
    const type = state.type === 'TABLE' ? 'TABLE' : 'INDEX';
    return [
      ...(before ? [] : [{ sql: `CREATE ${method} TYPE ${type} HANDLER ${withoutArguments(state.handler)}` }]),
      ...commentChange(method, before?.comment ?? null, state.comment),
    ];
  },
});

export const CONVERSION_FORMS: readonly AnyForm[] = [castForm, transformForm, conversionForm, accessMethodForm];
