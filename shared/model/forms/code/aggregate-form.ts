import type { Statement } from '../../catalog';
import {
  defineForm,
  type AnyForm,
  type FormContext,
  type FormField,
  type LabelRow,
  type PrivilegeRow,
} from '../../form';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../quote';
import {
  definitionList,
  everybody,
  GENERAL,
  identityChanges,
  LABELS,
  numberOf,
  parentSchema,
  withoutArguments,
  words,
} from './common';

type InputRow = { readonly id: string; readonly mode: string; readonly name: string; readonly type: string };

type AggregateState = {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  readonly comment: string;
  readonly arguments: readonly InputRow[];
  /** Has ORDER BY arguments, although there may be none. */
  readonly ordered: boolean;
  readonly orderBy: readonly InputRow[];
  readonly hypothetical: boolean;
  readonly stateType: string;
  readonly stateFunction: string;
  readonly stateSize: number | null;
  readonly finalFunction: string;
  readonly finalExtra: boolean;
  readonly finalModify: string;
  readonly initial: string;
  /** An initial value that is the empty text is one too. */
  readonly hasInitial: boolean;
  readonly combineFunction: string;
  readonly serialFunction: string;
  readonly deserialFunction: string;
  readonly movingType: string;
  readonly movingFunction: string;
  readonly movingInverse: string;
  readonly movingSize: number | null;
  readonly movingFinal: string;
  readonly movingFinalExtra: boolean;
  readonly movingFinalModify: string;
  readonly movingInitial: string;
  readonly hasMovingInitial: boolean;
  readonly sortOperator: string;
  readonly parallel: string;
  readonly privileges: readonly PrivilegeRow[];
  readonly labels: readonly LabelRow[];
};

const input = ({ mode, name, type }: InputRow): string =>
  [...(mode === 'VARIADIC' ? [mode] : []), ...(name === '' ? [] : [quoteIdent(name)]), type].join(' ');

/** `(integer)`, `(*)`, `(real ORDER BY integer)`. */
function signature({ arguments: direct, ordered, orderBy }: AggregateState): string {
  if (!ordered) return direct.length === 0 ? '(*)' : `(${direct.map(input).join(', ')})`;
  return `(${[...(direct.length === 0 ? [] : [direct.map(input).join(', ')]), `ORDER BY ${orderBy.map(input).join(', ')}`].join(' ')})`;
}

const functionName = (text: string): string => (text === '' ? '' : withoutArguments(text));
const size = (value: number | null): string => {
  const bytes = numberOf(value);
  return bytes === null || bytes === 0 ? '' : String(bytes);
};

function definition(state: AggregateState): string {
  const usualModify = state.ordered ? 'READ_WRITE' : 'READ_ONLY';
  const modify = (final: string, value: string): string =>
    final === '' || value === '' || value === usualModify ? '' : value;
  const parts: (readonly [string, string])[] = [
    ['SFUNC', functionName(state.stateFunction)],
    ['STYPE', state.stateType],
    ['SSPACE', size(state.stateSize)],
    ['FINALFUNC', functionName(state.finalFunction)],
    ['FINALFUNC_EXTRA', state.finalExtra ? 'true' : ''],
    ['FINALFUNC_MODIFY', modify(state.finalFunction, state.finalModify)],
    ['COMBINEFUNC', functionName(state.combineFunction)],
    ['SERIALFUNC', functionName(state.serialFunction)],
    ['DESERIALFUNC', functionName(state.deserialFunction)],
    ['INITCOND', state.hasInitial ? quoteLiteral(state.initial) : ''],
    ['MSFUNC', functionName(state.movingFunction)],
    ['MINVFUNC', functionName(state.movingInverse)],
    ['MSTYPE', state.movingType],
    ['MSSPACE', size(state.movingSize)],
    ['MFINALFUNC', functionName(state.movingFinal)],
    ['MFINALFUNC_EXTRA', state.movingFinalExtra ? 'true' : ''],
    ['MFINALFUNC_MODIFY', modify(state.movingFinal, state.movingFinalModify)],
    ['MINITCOND', state.hasMovingInitial ? quoteLiteral(state.movingInitial) : ''],
    ['SORTOP', state.sortOperator === '' ? '' : `OPERATOR(${state.sortOperator})`],
    ['PARALLEL', state.parallel === 'UNSAFE' ? '' : state.parallel],
    ['HYPOTHETICAL', state.hypothetical && state.ordered ? 'true' : ''],
  ];
  return `CREATE AGGREGATE ${quoteQualified(state.schema, state.name)}${signature(state)} ${definitionList(parts)}`;
}

function statements(state: AggregateState, before: AggregateState | null, context: FormContext): Statement[] {
  const naming = { noun: 'AGGREGATE', after: signature(before ?? state) };
  // GRANT knows aggregates as functions, which have neither * nor ORDER BY.
  const { arguments: direct, orderBy, ordered } = before ?? state;
  const isShared = ordered && direct.at(-1)?.mode === 'VARIADIC';
  const all = [...direct, ...(ordered && !isShared ? orderBy : [])];
  const asFunction = { noun: 'FUNCTION', after: `(${all.map(input).join(', ')})` };
  const { privileges, ...rest } = state;
  const old = before ?? state;
  const held = { name: old.name, schema: old.schema };
  return [
    ...(before ? [] : [{ sql: definition(state) }]),
    ...identityChanges(
      asFunction,
      { ...held, privileges },
      { ...held, privileges: before ? before.privileges : everybody('EXECUTE') },
      context,
    ),
    ...identityChanges(naming, rest, before, context),
  ];
}

const INPUTS: readonly FormField[] = [
  { id: 'mode', kind: 'choice', choices: words('', 'VARIADIC') },
  { id: 'name', kind: 'text' },
  { id: 'type', kind: 'combo', choices: 'types', required: true },
];

type Id = keyof AggregateState;
const reference = (id: Id, required = false): FormField<AggregateState> => ({
  id,
  kind: 'combo',
  choices: 'functions',
  fixed: true,
  required,
});
const typeField = (id: Id, required = false): FormField<AggregateState> => ({
  id,
  kind: 'combo',
  choices: 'types',
  fixed: true,
  required,
});
const bytes = (id: Id): FormField<AggregateState> => ({ id, kind: 'number', min: 0, fixed: true });
const yesNo = (id: Id): FormField<AggregateState> => ({ id, kind: 'switch', fixed: true });
const modifies = (id: Id): FormField<AggregateState> => ({
  id,
  kind: 'choice',
  choices: words('READ_ONLY', 'SHAREABLE', 'READ_WRITE'),
  since: 110_000,
  fixed: true,
});

const aggregateForm = defineForm<AggregateState>({
  kind: 'aggregate',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        { id: 'arguments', kind: 'list', columns: INPUTS, fixed: true },
        yesNo('ordered'),
        { id: 'orderBy', kind: 'list', columns: INPUTS, fixed: true, shown: ({ ordered }) => ordered },
        { ...yesNo('hypothetical'), shown: ({ ordered }) => ordered },
        typeField('stateType', true),
        reference('stateFunction', true),
        bytes('stateSize'),
        reference('finalFunction'),
        yesNo('finalExtra'),
        modifies('finalModify'),
        yesNo('hasInitial'),
        { id: 'initial', kind: 'text', fixed: true, shown: ({ hasInitial }) => hasInitial },
      ],
    },
    {
      id: 'moving',
      fields: [
        typeField('movingType'),
        reference('movingFunction'),
        reference('movingInverse'),
        bytes('movingSize'),
        reference('movingFinal'),
        yesNo('movingFinalExtra'),
        modifies('movingFinalModify'),
        yesNo('hasMovingInitial'),
        { id: 'movingInitial', kind: 'text', fixed: true, shown: ({ hasMovingInitial }) => hasMovingInitial },
      ],
    },
    {
      id: 'advanced',
      fields: [
        reference('combineFunction'),
        reference('serialFunction'),
        reference('deserialFunction'),
        { id: 'sortOperator', kind: 'combo', choices: 'operators', fixed: true },
        { id: 'parallel', kind: 'choice', choices: words('UNSAFE', 'RESTRICTED', 'SAFE'), required: true, fixed: true },
      ],
    },
    { id: 'security', fields: [{ id: 'privileges', kind: 'privileges', privileges: ['EXECUTE'] }, LABELS] },
  ],
  initial: (context) => ({
    name: '',
    schema: parentSchema(context),
    owner: context.user,
    comment: '',
    arguments: [],
    ordered: false,
    orderBy: [],
    hypothetical: false,
    stateType: '',
    stateFunction: '',
    stateSize: 0,
    finalFunction: '',
    finalExtra: false,
    finalModify: 'READ_ONLY',
    initial: '',
    hasInitial: false,
    combineFunction: '',
    serialFunction: '',
    deserialFunction: '',
    movingType: '',
    movingFunction: '',
    movingInverse: '',
    movingSize: 0,
    movingFinal: '',
    movingFinalExtra: false,
    movingFinalModify: 'READ_ONLY',
    movingInitial: '',
    hasMovingInitial: false,
    sortOperator: '',
    parallel: 'UNSAFE',
    privileges: everybody('EXECUTE'),
    labels: [],
  }),
  derive: (changed, { ordered }) => {
    const usual = ordered ? 'READ_WRITE' : 'READ_ONLY';
    return changed === 'ordered' ? { finalModify: usual, movingFinalModify: usual } : {};
  },
  check: ({ ordered, orderBy }) => (ordered && orderBy.length === 0 ? { orderBy: { problem: 'required' } } : {}),
  statements,
});

export const AGGREGATE_FORMS: readonly AnyForm[] = [aggregateForm];
