import {
  defineForm,
  type AnyForm,
  type FieldProblem,
  type FormContext,
  type FormField,
  type FormTab,
} from '../../form';
import { checkName } from '../cluster/common';
import { COMMENT, everybody, GENERAL, LABELS, NAME, OWNER, parentSchema, SCHEMA, words } from './common';
import { functionStatements, isCompiled, returnsRows, type ArgumentRow, type FunctionState } from './function-sql';

/** Language and its cost are those that a new function of `language` has. */
const initial = (context: FormContext, given: Partial<FunctionState>): FunctionState => ({
  name: '',
  schema: parentSchema(context),
  owner: context.user,
  comment: '',
  arguments: [],
  returns: '',
  returnType: '',
  returnColumns: [],
  language: 'plpgsql',
  atomic: false,
  body: '',
  objectFile: '',
  symbol: '',
  volatility: 'VOLATILE',
  strict: false,
  securityDefiner: false,
  window: false,
  parallel: 'UNSAFE',
  leakproof: false,
  cost: 100,
  rows: 0,
  support: '',
  parameters: [],
  extensions: [],
  privileges: everybody('EXECUTE'),
  labels: [],
  knownArguments: [],
  ...given,
});

const LANGUAGE: FormField<FunctionState> = { id: 'language', kind: 'choice', choices: 'languages', required: true };
const ARGUMENTS: FormField<FunctionState> = {
  id: 'arguments',
  kind: 'list',
  columns: [
    { id: 'mode', kind: 'choice', choices: words('', 'OUT', 'INOUT', 'VARIADIC') },
    { id: 'name', kind: 'text', check: checkName },
    { id: 'type', kind: 'combo', choices: 'types', required: true },
    { id: 'default', kind: 'text', enabled: ({ mode }) => mode !== 'OUT' },
  ],
};

const CODE: FormTab<FunctionState> = {
  id: 'code',
  fields: [
    {
      id: 'atomic',
      kind: 'switch',
      since: 140_000,
      shown: ({ language }) => language === 'sql',
    },
    { id: 'body', kind: 'sql', shown: ({ language }) => !isCompiled(language) },
    { id: 'objectFile', kind: 'text', required: true, shown: ({ language }) => isCompiled(language) },
    { id: 'symbol', kind: 'text', shown: ({ language }) => isCompiled(language) },
  ],
};

const SECURITY_DEFINER: FormField<FunctionState> = { id: 'securityDefiner', kind: 'switch' };
const EXTENSIONS: FormField<FunctionState> = {
  id: 'extensions',
  kind: 'many',
  choices: 'installed-extensions',
  since: 130_000,
};

const TRAITS: readonly FormField<FunctionState>[] = [
  { id: 'volatility', kind: 'choice', choices: words('VOLATILE', 'STABLE', 'IMMUTABLE'), required: true },
  { id: 'strict', kind: 'switch' },
  SECURITY_DEFINER,
  { id: 'leakproof', kind: 'switch' },
  { id: 'parallel', kind: 'choice', choices: words('UNSAFE', 'RESTRICTED', 'SAFE'), required: true },
  { id: 'cost', kind: 'number', min: 0 },
];

const PARAMETERS: FormTab<FunctionState> = {
  id: 'parameters',
  fields: [{ id: 'parameters', kind: 'options', choices: 'parameters' }],
};

const SECURITY: FormTab<FunctionState> = {
  id: 'security',
  fields: [{ id: 'privileges', kind: 'privileges', privileges: ['EXECUTE'] }, LABELS],
};

/** What CREATE OR REPLACE refuses: other modes or types, names that change, defaults that go. */
function argumentProblem(state: FunctionState, { mode }: FormContext): FieldProblem | null {
  if (mode === 'create') return null;
  const known: readonly ArgumentRow[] = state.knownArguments;
  if (state.arguments.length !== known.length) return { problem: 'arguments-fixed' };
  for (const [index, was] of known.entries()) {
    const is = state.arguments[index];
    if (!is || is.mode !== was.mode || is.type !== was.type) return { problem: 'arguments-fixed' };
    if (was.name !== '' && is.name !== was.name)
      return { problem: 'argument-name-fixed', values: { argument: was.name } };
    if (was.default !== '' && is.default === '') {
      return { problem: 'argument-default-fixed', values: { argument: was.name === '' ? `$${index + 1}` : was.name } };
    }
  }
  return null;
}

const problems = (state: FunctionState, context: FormContext): Record<string, FieldProblem> => {
  const ofArguments = argumentProblem(state, context);
  return ofArguments ? { arguments: ofArguments } : {};
};

/** The cost of a new function follows its language, and a set has a thousand rows unless it is told. */
function derive(changed: string, state: FunctionState, { mode }: FormContext): Partial<FunctionState> {
  if (mode === 'edit') return {};
  if (changed === 'language') return { cost: state.language === 'c' || state.language === 'internal' ? 1 : 100 };
  if (changed === 'returns') return { rows: returnsRows(state) ? 1000 : 0 };
  return {};
}

const functionForm = defineForm<FunctionState>({
  kind: 'function',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        LANGUAGE,
        { id: 'returns', kind: 'choice', choices: words('', 'SETOF', 'TABLE'), fixed: true },
        {
          id: 'returnType',
          kind: 'combo',
          choices: 'types',
          fixed: true,
          shown: ({ returns }) => returns !== 'TABLE',
        },
        {
          id: 'returnColumns',
          kind: 'list',
          fixed: true,
          shown: ({ returns }) => returns === 'TABLE',
          columns: [
            { id: 'name', kind: 'text', required: true, check: checkName },
            { id: 'type', kind: 'combo', choices: 'types', required: true },
          ],
        },
        ARGUMENTS,
      ],
    },
    CODE,
    {
      id: 'options',
      fields: [
        ...TRAITS,
        { id: 'rows', kind: 'number', min: 0, shown: returnsRows },
        { id: 'window', kind: 'switch', fixed: true },
        { id: 'support', kind: 'combo', choices: 'support-functions', since: 120_000 },
        EXTENSIONS,
      ],
    },
    PARAMETERS,
    SECURITY,
  ],
  initial: (context) => initial(context, { language: 'sql' }),
  derive,
  check: (state, context) => {
    const hasResult =
      state.returns === 'TABLE' ||
      state.returnType !== '' ||
      state.arguments.some(({ mode }) => mode === 'OUT' || mode === 'INOUT');
    return { ...problems(state, context), ...(hasResult ? {} : { returnType: { problem: 'required' } }) };
  },
  statements: (state, before, context) => functionStatements('FUNCTION', state, before, context),
});

const procedureForm = defineForm<FunctionState>({
  kind: 'procedure',
  variant: '',
  words: 'forms-code',
  since: 110_000,
  editable: true,
  tabs: [
    GENERAL,
    { id: 'definition', fields: [LANGUAGE, ARGUMENTS] },
    CODE,
    { id: 'options', fields: [SECURITY_DEFINER, EXTENSIONS] },
    PARAMETERS,
    SECURITY,
  ],
  initial: (context) => initial(context, {}),
  check: (state, context) => {
    const isOut = context.version < 140_000 && state.arguments.some(({ mode }) => mode === 'OUT');
    return {
      ...problems(state, context),
      ...(isOut ? { arguments: { problem: 'needs-version', values: { version: 14 } } } : {}),
    };
  },
  statements: (state, before, context) => functionStatements('PROCEDURE', state, before, context),
});

const triggerFunctionForm = defineForm<FunctionState>({
  kind: 'trigger-function',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, SCHEMA, COMMENT] },
    {
      id: 'definition',
      fields: [
        {
          id: 'returnType',
          kind: 'choice',
          choices: words('trigger', 'event_trigger'),
          required: true,
          fixed: true,
        },
        LANGUAGE,
      ],
    },
    CODE,
    { id: 'options', fields: [...TRAITS, EXTENSIONS] },
    PARAMETERS,
    SECURITY,
  ],
  initial: (context) => initial(context, { returnType: 'trigger' }),
  derive,
  statements: (state, before, context) => functionStatements('FUNCTION', state, before, context),
});

export const FUNCTION_FORMS: readonly AnyForm[] = [functionForm, procedureForm, triggerFunctionForm];
