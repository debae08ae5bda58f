import { defineForm, type AnyForm } from '../../form';
import { quoteLiteral, quoteQualified } from '../../quote';
import { GENERAL, identityChanges, parentSchema, targetOf, words } from './common';

type CollationState = {
  readonly name: string;
  readonly schema: string;
  readonly owner: string;
  readonly comment: string;
  /** Another collation that it becomes a copy of. */
  readonly from: string;
  readonly provider: string;
  /** Of ICU and of the built-in provider. */
  readonly locale: string;
  readonly collate: string;
  readonly ctype: string;
  readonly deterministic: boolean;
  readonly rules: string;
  /** What the server wrote down when the collation was made, and what the provider is now. */
  readonly recordedVersion: string;
  readonly actualVersion: string;
  readonly refresh: boolean;
};

const NAMING = { noun: 'COLLATION' };

function definition(state: CollationState): string {
  const name = quoteQualified(state.schema, state.name);
  if (state.from !== '') return `CREATE COLLATION ${name} FROM ${state.from}`;
  const libc = state.provider === 'libc';
  const parts = [
    `PROVIDER = ${quoteLiteral(state.provider)}`,
    ...(libc
      ? [`LC_COLLATE = ${quoteLiteral(state.collate)}`, `LC_CTYPE = ${quoteLiteral(state.ctype)}`]
      : [`LOCALE = ${quoteLiteral(state.locale)}`]),
    ...(state.deterministic ? [] : ['DETERMINISTIC = false']),
    ...(state.rules === '' ? [] : [`RULES = ${quoteLiteral(state.rules)}`]),
  ];
  return `CREATE COLLATION ${name} (${parts.join(', ')})`;
}

const isOwn = ({ from }: CollationState): boolean => from === '';

const collationForm = defineForm<CollationState>({
  kind: 'collation',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    GENERAL,
    {
      id: 'definition',
      fields: [
        { id: 'from', kind: 'combo', choices: 'collations', only: 'create' },
        {
          id: 'provider',
          kind: 'choice',
          choices: words('libc', 'icu', 'builtin'),
          required: true,
          fixed: true,
          shown: isOwn,
        },
        {
          id: 'locale',
          kind: 'combo',
          choices: 'icu-locales',
          required: true,
          fixed: true,
          shown: (state) => isOwn(state) && state.provider !== 'libc',
        },
        {
          id: 'collate',
          kind: 'combo',
          choices: 'locales',
          required: true,
          fixed: true,
          shown: (state) => isOwn(state) && state.provider === 'libc',
        },
        {
          id: 'ctype',
          kind: 'combo',
          choices: 'locales',
          required: true,
          fixed: true,
          shown: (state) => isOwn(state) && state.provider === 'libc',
        },
        { id: 'deterministic', kind: 'switch', since: 120_000, fixed: true, shown: isOwn },
        {
          id: 'rules',
          kind: 'long-text',
          since: 160_000,
          fixed: true,
          shown: (state) => isOwn(state) && state.provider === 'icu',
        },
        { id: 'recordedVersion', kind: 'fact', only: 'edit' },
        { id: 'actualVersion', kind: 'fact', only: 'edit' },
        { id: 'refresh', kind: 'switch', only: 'edit' },
      ],
    },
  ],
  initial: (context) => ({
    name: '',
    schema: parentSchema(context),
    owner: context.user,
    comment: '',
    from: '',
    provider: 'libc',
    locale: '',
    collate: '',
    ctype: '',
    deterministic: true,
    rules: '',
    recordedVersion: '',
    actualVersion: '',
    refresh: false,
  }),
  check: ({ provider }, { version }) =>
    provider === 'builtin' && version < 170_000
      ? { provider: { problem: 'needs-version', values: { version: 17 } } }
      : {},
  derive: (changed, { provider, collate, ctype }, { mode }) => {
    if (mode === 'edit') return {};
    if (changed === 'collate' && ctype === '') return { ctype: collate };
    return changed === 'provider' && provider !== 'icu' ? { rules: '', deterministic: true } : {};
  },
  statements: (state, before, context) => [
    ...(before ? [] : [{ sql: definition(state) }]),
    ...(before && state.refresh && !before.refresh
      ? [{ sql: `ALTER ${targetOf(NAMING, before)} REFRESH VERSION` }]
      : []),
    ...identityChanges(NAMING, state, before, context),
  ],
});

export const COLLATION_FORMS: readonly AnyForm[] = [collationForm];
