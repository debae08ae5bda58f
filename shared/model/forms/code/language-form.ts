import type { Statement } from '../../catalog';
import { defineForm, type AnyForm, type FormContext, type LabelRow, type PrivilegeRow } from '../../form';
import { quoteIdent } from '../../quote';
import { COMMENT, everybody, identityChanges, LABELS, NAME, OWNER, withoutArguments } from './common';

type LanguageState = {
  readonly name: string;
  readonly owner: string;
  readonly comment: string;
  readonly trusted: boolean;
  readonly handler: string;
  readonly inline: string;
  readonly validator: string;
  readonly privileges: readonly PrivilegeRow[];
  readonly labels: readonly LabelRow[];
};

const NAMING = { noun: 'LANGUAGE' };
const DEFINITION = ['trusted', 'handler', 'inline', 'validator'] as const;

function definition(state: LanguageState, name: string, replace: boolean): Statement {
  const part = (key: string, value: string): string[] => (value === '' ? [] : [`${key} ${withoutArguments(value)}`]);
  return {
    sql: [
      `CREATE ${replace ? 'OR REPLACE ' : ''}${state.trusted ? 'TRUSTED ' : ''}LANGUAGE ${quoteIdent(name)}`,
      ...part('HANDLER', state.handler),
      ...part('INLINE', state.inline),
      ...part('VALIDATOR', state.validator),
    ].join('\n    '),
  };
}

function statements(state: LanguageState, before: LanguageState | null, context: FormContext): Statement[] {
  const { privileges: _privileges, ...unprivileged } = state;
  const isDefined = !before || DEFINITION.some((key) => before[key] !== state[key]);
  return [
    ...(isDefined ? [definition(state, (before ?? state).name, before !== null)] : []),
    // Nothing can be granted on an untrusted language.
    ...identityChanges(NAMING, state.trusted ? state : unprivileged, before, context, everybody('USAGE')),
  ];
}

const languageForm = defineForm<LanguageState>({
  kind: 'language',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, COMMENT] },
    {
      id: 'definition',
      fields: [
        { id: 'trusted', kind: 'switch' },
        { id: 'handler', kind: 'combo', choices: 'language-handlers', required: true },
        { id: 'inline', kind: 'combo', choices: 'language-inline-handlers' },
        { id: 'validator', kind: 'combo', choices: 'language-validators' },
      ],
    },
    {
      id: 'security',
      fields: [
        { id: 'privileges', kind: 'privileges', privileges: ['USAGE'], shown: ({ trusted }) => trusted },
        LABELS,
      ],
    },
  ],
  initial: ({ user }) => ({
    name: '',
    owner: user,
    comment: '',
    trusted: true,
    handler: '',
    inline: '',
    validator: '',
    privileges: everybody('USAGE'),
    labels: [],
  }),
  statements,
});

export const LANGUAGE_FORMS: readonly AnyForm[] = [languageForm];
