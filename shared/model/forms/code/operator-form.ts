import type { Statement } from '../../catalog';
import { defineForm, type AnyForm, type FormContext, type FormField } from '../../form';
import { quoteIdent } from '../../quote';
import { COMMENT, definitionList, identityChanges, OWNER, parentSchema, SCHEMA, withoutArguments } from './common';

type OperatorState = {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  readonly comment: string;
  readonly function: string;
  /** Empty: a prefix operator. */
  readonly leftType: string;
  /** Empty: a postfix operator, which servers know up to 13. */
  readonly rightType: string;
  readonly commutator: string;
  readonly negator: string;
  readonly restrict: string;
  readonly join: string;
  readonly hashes: boolean;
  readonly merges: boolean;
  /** What the server has of what can be given once: empty while creating. */
  readonly known: {
    readonly commutator: string;
    readonly negator: string;
    readonly hashes: boolean;
    readonly merges: boolean;
  };
};

const SYMBOLS = /^[-+*/<>=~!@#%^&|`?]{1,63}$/u;
const NO_LINKS = { commutator: '', negator: '', hashes: false, merges: false };

/** A name that is no operator's can't do harm: it is written as an identifier, which the server refuses here. */
const operatorName = (schema: string, name: string): string => {
  const symbol = SYMBOLS.test(name) ? name : quoteIdent(name);
  return schema === '' ? symbol : `${quoteIdent(schema)}.${symbol}`;
};

const naming = ({ leftType, rightType }: OperatorState) => ({
  noun: 'OPERATOR',
  write: operatorName,
  after: ` (${leftType === '' ? 'NONE' : leftType}, ${rightType === '' ? 'NONE' : rightType})`,
});

const operator = (text: string): string => (text === '' ? '' : `OPERATOR(${text})`);

function create(state: OperatorState, { version }: FormContext): Statement {
  const definition = definitionList([
    [version < 110_000 ? 'PROCEDURE' : 'FUNCTION', withoutArguments(state.function)],
    ['LEFTARG', state.leftType],
    ['RIGHTARG', state.rightType],
    ['COMMUTATOR', operator(state.commutator)],
    ['NEGATOR', operator(state.negator)],
    ['RESTRICT', withoutArguments(state.restrict)],
    ['JOIN', withoutArguments(state.join)],
    ['HASHES', state.hashes ? 'true' : ''],
    ['MERGES', state.merges ? 'true' : ''],
  ]);
  return { sql: `CREATE OPERATOR ${operatorName(state.schema, state.name)} ${definition}` };
}

function change(state: OperatorState, before: OperatorState): Statement[] {
  const { after, noun } = naming(before);
  const estimator = (text: string): string => (text === '' ? 'NONE' : withoutArguments(text));
  const parts = [
    ...(state.restrict === before.restrict ? [] : [`RESTRICT = ${estimator(state.restrict)}`]),
    ...(state.join === before.join ? [] : [`JOIN = ${estimator(state.join)}`]),
    ...(state.commutator === before.commutator ? [] : [`COMMUTATOR = ${operator(state.commutator)}`]),
    ...(state.negator === before.negator ? [] : [`NEGATOR = ${operator(state.negator)}`]),
    ...(state.hashes && !before.hashes ? ['HASHES'] : []),
    ...(state.merges && !before.merges ? ['MERGES'] : []),
  ];
  const target = `${noun} ${operatorName(before.schema, before.name)}${after}`;
  return parts.length > 0 ? [{ sql: `ALTER ${target} SET (${parts.join(', ')})` }] : [];
}

/** From 17 on these can be given to an operator that has none. */
const linkField = (id: 'commutator' | 'negator'): FormField<OperatorState> => ({
  id,
  kind: 'combo',
  choices: 'operators',
  enabled: ({ known }, { mode, version }) => mode === 'create' || (version >= 170_000 && known[id] === ''),
});
const abilityField = (id: 'hashes' | 'merges'): FormField<OperatorState> => ({
  id,
  kind: 'switch',
  enabled: ({ known }, { mode, version }) => mode === 'create' || (version >= 170_000 && !known[id]),
});

const operatorForm = defineForm<OperatorState>({
  kind: 'operator',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        {
          id: 'name',
          kind: 'text',
          required: true,
          fixed: true,
          check: (value) => (typeof value === 'string' && SYMBOLS.test(value) ? null : { problem: 'operator-name' }),
        },
        OWNER,
        SCHEMA,
        COMMENT,
      ],
    },
    {
      id: 'definition',
      fields: [
        { id: 'function', kind: 'combo', choices: 'functions', required: true, fixed: true },
        { id: 'leftType', kind: 'combo', choices: 'types', fixed: true },
        { id: 'rightType', kind: 'combo', choices: 'types', fixed: true },
      ],
    },
    {
      id: 'options',
      fields: [
        linkField('commutator'),
        linkField('negator'),
        { id: 'restrict', kind: 'combo', choices: 'functions' },
        { id: 'join', kind: 'combo', choices: 'functions' },
        abilityField('hashes'),
        abilityField('merges'),
      ],
    },
  ],
  initial: (context) => ({
    name: '',
    schema: parentSchema(context),
    owner: context.user,
    comment: '',
    function: '',
    leftType: '',
    rightType: '',
    commutator: '',
    negator: '',
    restrict: '',
    join: '',
    hashes: false,
    merges: false,
    known: NO_LINKS,
  }),
  check: ({ leftType, rightType }, { version }) => {
    const isMissing = rightType === '' && (leftType === '' || version >= 140_000);
    return isMissing ? { rightType: { problem: 'required' } } : {};
  },
  statements: (state, before, context) => [
    ...(before ? change(state, before) : [create(state, context)]),
    ...identityChanges(naming(before ?? state), { ...state, name: (before ?? state).name }, before, context),
  ],
});

export const OPERATOR_FORMS: readonly AnyForm[] = [operatorForm];
