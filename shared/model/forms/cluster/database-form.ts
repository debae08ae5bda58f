import type { Statement } from '../../catalog';
import { defineForm, type FormContext, type PrivilegeRow } from '../../form';
import { quoteIdent, quoteLiteral } from '../../quote';
import { commentChange, ownerChange, renameChange } from '../identity';
import { labelChanges } from '../labels';
import { privilegeChanges } from '../privileges';
import {
  COMMENT,
  commonState,
  DEFAULT_PRIVILEGE_FIELDS,
  defaultPrivilegeChanges,
  LABELS,
  NAME,
  NO_DEFAULT_PRIVILEGES,
  OWNER,
  parameterChanges,
  parametersField,
  TABLESPACE,
  words,
  type CommonState,
  type DefaultPrivileges,
  type ParameterRow,
} from './common';

export interface DatabaseState extends CommonState, DefaultPrivileges {
  /** Of a new database; null: the server chooses. */
  readonly oid: number | null;
  readonly encoding: string;
  readonly template: string;
  readonly tablespace: string;
  readonly strategy: string;
  /** `libc`, `icu`, `builtin`; empty is the template's. */
  readonly localeProvider: string;
  readonly collate: string;
  readonly ctype: string;
  readonly icuLocale: string;
  readonly icuRules: string;
  readonly builtinLocale: string;
  /** -1 is no limit. */
  readonly connectionLimit: number | null;
  readonly allowConnections: boolean;
  readonly isTemplate: boolean;
  readonly privileges: readonly PrivilegeRow[];
  readonly parameters: readonly ParameterRow[];
  /** The dialog's session is in this very database: only there its default privileges can be seen and set. */
  readonly inside: boolean;
}

/** The server keeps those below for itself. */
const FIRST_FREE_OID = 16_384;
const LAST_OID = 4_294_967_295;

const initial = (context: FormContext): DatabaseState => ({
  ...commonState(context),
  ...NO_DEFAULT_PRIVILEGES,
  oid: null,
  encoding: '',
  template: '',
  tablespace: '',
  strategy: '',
  localeProvider: '',
  collate: '',
  ctype: '',
  icuLocale: '',
  icuRules: '',
  builtinLocale: '',
  connectionLimit: -1,
  allowConnections: true,
  isTemplate: false,
  privileges: [],
  parameters: [],
  inside: false,
});

function createStatement(state: DatabaseState): Statement {
  const options: string[] = [];
  const add = (name: string, value: string): void => {
    if (value !== '') options.push(`  ${name} = ${value}`);
  };
  const text = (value: string): string => (value === '' ? '' : quoteLiteral(value));
  const name = (value: string): string => (value === '' ? '' : quoteIdent(value));
  add('OWNER', name(state.owner));
  if (state.oid !== null) add('OID', String(state.oid));
  add('TEMPLATE', name(state.template));
  add('ENCODING', text(state.encoding));
  add('STRATEGY', state.strategy);
  add('LOCALE_PROVIDER', state.localeProvider);
  add('LC_COLLATE', text(state.collate));
  add('LC_CTYPE', text(state.ctype));
  add('ICU_LOCALE', text(state.icuLocale));
  add('ICU_RULES', text(state.icuRules));
  add('BUILTIN_LOCALE', text(state.builtinLocale));
  add('TABLESPACE', name(state.tablespace));
  if (!state.allowConnections) add('ALLOW_CONNECTIONS', 'false');
  if ((state.connectionLimit ?? -1) !== -1) add('CONNECTION LIMIT', String(state.connectionLimit));
  if (state.isTemplate) add('IS_TEMPLATE', 'true');
  const list = options.length === 0 ? '' : `\n${options.join('\n')}`;
  return { sql: `CREATE DATABASE ${quoteIdent(state.name)}${list}`, outside: true };
}

function optionStatements(target: string, before: DatabaseState, state: DatabaseState): Statement[] {
  const options: string[] = [];
  if (before.allowConnections !== state.allowConnections) options.push(`ALLOW_CONNECTIONS ${state.allowConnections}`);
  if (before.connectionLimit !== state.connectionLimit) {
    options.push(`CONNECTION LIMIT ${state.connectionLimit ?? -1}`);
  }
  if (before.isTemplate !== state.isTemplate) options.push(`IS_TEMPLATE ${state.isTemplate}`);
  return options.length === 0 ? [] : [{ sql: `ALTER ${target} WITH ${options.join(' ')}` }];
}

/** What can be set of a new database and changed of an old one alike. */
function settings(target: string, before: DatabaseState | null, state: DatabaseState): Statement[] {
  const alter = (role: string): string =>
    role === '' ? `ALTER ${target}` : `ALTER ROLE ${quoteIdent(role)} IN ${target}`;
  return [
    ...commentChange(target, before?.comment ?? '', state.comment),
    ...privilegeChanges(target, before?.privileges ?? [], state.privileges),
    ...labelChanges(target, before?.labels ?? [], state.labels),
    ...parameterChanges(before?.parameters ?? [], state.parameters, alter),
  ];
}

function statements(state: DatabaseState, before: DatabaseState | null): readonly Statement[] {
  const target = `DATABASE ${quoteIdent(before?.name ?? state.name)}`;
  if (before === null) return [createStatement(state), ...settings(target, null, state)];
  const moved =
    state.tablespace === '' || state.tablespace === before.tablespace
      ? []
      : [
          {
            sql: `ALTER DATABASE ${quoteIdent(state.name)} SET TABLESPACE ${quoteIdent(state.tablespace)}`,
            outside: true as const,
          },
        ];
  return [
    ...optionStatements(target, before, state),
    ...ownerChange(target, before.owner, state.owner),
    ...settings(target, before, state),
    // Seen from outside there are none to change.
    ...(state.inside && !moves(state, before) ? defaultPrivilegeChanges(before, state, '') : []),
    ...renameChange(target, before.name, state.name),
    ...moved,
  ];
}

/** Nobody may be in a database that gets another name or place. */
const moves = (state: DatabaseState, before: DatabaseState | null): boolean =>
  before !== null && (state.name !== before.name || state.tablespace !== before.tablespace);

const isInside = (state: DatabaseState): boolean => state.inside;
const usesIcu = (state: DatabaseState): boolean => state.localeProvider === 'icu';

export const databaseForm = defineForm<DatabaseState>({
  kind: 'database',
  variant: '',
  words: 'forms',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        NAME,
        { id: 'oid', kind: 'number', only: 'create', since: 150_000, min: FIRST_FREE_OID, max: LAST_OID },
        OWNER,
        COMMENT,
      ],
    },
    {
      id: 'definition',
      fields: [
        { id: 'encoding', kind: 'choice', choices: 'encodings', fixed: true },
        { id: 'template', kind: 'choice', choices: 'templates', only: 'create' },
        TABLESPACE,
        { id: 'strategy', kind: 'choice', choices: words('wal_log', 'file_copy'), since: 150_000, only: 'create' },
        {
          id: 'localeProvider',
          kind: 'choice',
          choices: words('libc', 'icu', 'builtin'),
          since: 150_000,
          fixed: true,
          check: (value, _state, { version }) =>
            value === 'builtin' && version < 170_000 ? { problem: 'needs-version', values: { version: 17 } } : null,
        },
        { id: 'collate', kind: 'combo', choices: 'locales', fixed: true },
        { id: 'ctype', kind: 'combo', choices: 'locales', fixed: true },
        { id: 'icuLocale', kind: 'combo', choices: 'icu-locales', since: 150_000, fixed: true, enabled: usesIcu },
        { id: 'icuRules', kind: 'long-text', since: 160_000, fixed: true, enabled: usesIcu },
        {
          id: 'builtinLocale',
          kind: 'choice',
          choices: words('C', 'C.UTF-8', 'PG_UNICODE_FAST'),
          since: 170_000,
          fixed: true,
          enabled: (state) => state.localeProvider === 'builtin',
        },
        { id: 'connectionLimit', kind: 'number', min: -1 },
        { id: 'allowConnections', kind: 'switch' },
        { id: 'isTemplate', kind: 'switch' },
      ],
    },
    {
      id: 'security',
      fields: [{ id: 'privileges', kind: 'privileges', privileges: ['CREATE', 'CONNECT', 'TEMPORARY'] }, LABELS],
    },
    {
      id: 'default-privileges',
      fields: DEFAULT_PRIVILEGE_FIELDS.map((field) => ({ ...field, only: 'edit', shown: isInside })),
    },
    { id: 'parameters', fields: [parametersField('roles')] },
  ],
  initial,
  // What belongs to another provider would be refused.
  derive: (changed, state) =>
    changed === 'localeProvider'
      ? {
          icuLocale: state.localeProvider === 'icu' ? state.icuLocale : '',
          icuRules: state.localeProvider === 'icu' ? state.icuRules : '',
          builtinLocale: state.localeProvider === 'builtin' ? state.builtinLocale : '',
        }
      : {},
  elsewhere: moves,
  statements,
});
