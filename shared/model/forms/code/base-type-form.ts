import type { Statement } from '../../catalog';
import { defineForm, type AnyForm, type FormContext, type FormField } from '../../form';
import { quoteLiteral, quoteQualified } from '../../quote';
import { definitionList, GENERAL, identityChanges, numberOf, targetOf, withoutArguments, words } from './common';
import { newType, TYPE, TYPE_SECURITY, USUAL_OF_TYPES, type TypeState } from './type-common';

type BaseState = TypeState & {
  readonly input: string;
  readonly output: string;
  readonly receive: string;
  readonly send: string;
  readonly modifierInput: string;
  readonly modifierOutput: string;
  readonly analyze: string;
  readonly subscript: string;
  /** Bytes; -1 is variable. */
  readonly length: number | null;
  readonly byValue: boolean;
  readonly alignment: string;
  readonly storage: string;
  readonly category: string;
  readonly preferred: boolean;
  readonly default: string;
  readonly hasDefault: boolean;
  readonly element: string;
  readonly delimiter: string;
  readonly collatable: boolean;
};

type Id = keyof BaseState;

/** From 13 on ALTER TYPE sets what here has a key. */
const ALTERABLE: readonly (readonly [id: Id, key: string])[] = [
  ['receive', 'RECEIVE'],
  ['send', 'SEND'],
  ['modifierInput', 'TYPMOD_IN'],
  ['modifierOutput', 'TYPMOD_OUT'],
  ['analyze', 'ANALYZE'],
  ['subscript', 'SUBSCRIPT'],
];

const reference = (value: unknown): string => (typeof value === 'string' ? withoutArguments(value) : '');

function definition(state: BaseState, { version }: FormContext): string {
  const length = numberOf(state.length) ?? -1;
  const parts: (readonly [string, string])[] = [
    ['INPUT', reference(state.input)],
    ['OUTPUT', reference(state.output)],
    ...ALTERABLE.filter(([id]) => id !== 'subscript' || version >= 140_000).map(
      ([id, key]) => [key, reference(state[id])] as const,
    ),
    ['INTERNALLENGTH', length < 0 ? 'VARIABLE' : String(length)],
    ['PASSEDBYVALUE', state.byValue ? 'true' : ''],
    ['ALIGNMENT', state.alignment],
    ['STORAGE', state.storage.toLowerCase()],
    ['CATEGORY', state.category === '' ? '' : quoteLiteral(state.category)],
    ['PREFERRED', state.preferred ? 'true' : ''],
    ['DEFAULT', state.hasDefault ? quoteLiteral(state.default) : ''],
    ['ELEMENT', state.element],
    ['DELIMITER', state.delimiter === '' ? '' : quoteLiteral(state.delimiter)],
    ['COLLATABLE', state.collatable ? 'true' : ''],
  ];
  return `CREATE TYPE ${quoteQualified(state.schema, state.name)} ${definitionList(parts)}`;
}

function changes(state: BaseState, before: BaseState): Statement[] {
  const parts = [
    ...ALTERABLE.filter(([id]) => state[id] !== before[id]).map(
      ([id, key]) => `${key} = ${reference(state[id]) === '' ? 'NONE' : reference(state[id])}`,
    ),
    ...(state.storage === before.storage ? [] : [`STORAGE = ${state.storage.toLowerCase()}`]),
  ];
  return parts.length > 0 ? [{ sql: `ALTER ${targetOf(TYPE, before)} SET (${parts.join(', ')})` }] : [];
}

const functionField = (id: Id, given: Partial<FormField<BaseState>> = {}): FormField<BaseState> => ({
  id,
  kind: 'combo',
  choices: 'functions',
  ...given,
});
/** Before 13 nothing of a type's definition could be changed. */
const sinceThirteen = (_state: BaseState, { mode, version }: FormContext): boolean =>
  mode === 'create' || version >= 130_000;

export const baseTypeForm: AnyForm = defineForm<BaseState>({
  kind: 'type',
  variant: 'base',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'functions',
      fields: [
        functionField('input', { required: true, fixed: true }),
        functionField('output', { required: true, fixed: true }),
        functionField('receive', { enabled: sinceThirteen }),
        functionField('send', { enabled: sinceThirteen }),
        functionField('modifierInput', { enabled: sinceThirteen }),
        functionField('modifierOutput', { enabled: sinceThirteen }),
        functionField('analyze', { enabled: sinceThirteen }),
        functionField('subscript', { since: 140_000 }),
      ],
    },
    {
      id: 'storage',
      fields: [
        { id: 'length', kind: 'number', min: -2, fixed: true },
        { id: 'byValue', kind: 'switch', fixed: true },
        { id: 'alignment', kind: 'choice', choices: words('char', 'int2', 'int4', 'double'), fixed: true },
        {
          id: 'storage',
          kind: 'choice',
          choices: words('PLAIN', 'EXTERNAL', 'EXTENDED', 'MAIN'),
          enabled: sinceThirteen,
        },
        { id: 'category', kind: 'text', fixed: true },
        { id: 'preferred', kind: 'switch', fixed: true },
        { id: 'hasDefault', kind: 'switch', fixed: true },
        { id: 'default', kind: 'text', fixed: true, shown: ({ hasDefault }) => hasDefault },
        { id: 'element', kind: 'combo', choices: 'types', fixed: true },
        { id: 'delimiter', kind: 'text', fixed: true },
        { id: 'collatable', kind: 'switch', fixed: true },
      ],
    },
    TYPE_SECURITY,
  ],
  initial: (context) => ({
    ...newType(context),
    input: '',
    output: '',
    receive: '',
    send: '',
    modifierInput: '',
    modifierOutput: '',
    analyze: '',
    subscript: '',
    length: -1,
    byValue: false,
    alignment: 'int4',
    storage: 'PLAIN',
    category: 'U',
    preferred: false,
    default: '',
    hasDefault: false,
    element: '',
    delimiter: ',',
    collatable: false,
  }),
  statements: (state, before, context) =>
    before
      ? [...changes(state, before), ...identityChanges(TYPE, state, before, context)]
      : [{ sql: definition(state, context) }, ...identityChanges(TYPE, state, null, context, USUAL_OF_TYPES)],
});
