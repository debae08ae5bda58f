import type { Statement } from '../../catalog';
import {
  defineForm,
  type AnyForm,
  type FormContext,
  type FormTab,
  type OptionRow,
  type PrivilegeRow,
} from '../../form';
import { quoteIdent, quoteLiteral } from '../../quote';
import { foreignOptionChanges, foreignOptionList } from '../options';
import { COMMENT, identityChanges, NAME, OWNER, targetOf, withoutArguments } from './common';

type WrapperState = {
  readonly name: string;
  readonly owner: string;
  readonly comment: string;
  readonly handler: string;
  readonly validator: string;
  readonly options: readonly OptionRow[];
  readonly privileges: readonly PrivilegeRow[];
};

const OPTIONS: FormTab<{ readonly options: readonly OptionRow[] }> = {
  id: 'options',
  fields: [{ id: 'options', kind: 'options' }],
};
const SECURITY: FormTab<{ readonly privileges: readonly PrivilegeRow[] }> = {
  id: 'security',
  fields: [{ id: 'privileges', kind: 'privileges', privileges: ['USAGE'] }],
};
const optionsClause = (rows: readonly OptionRow[]): string[] =>
  rows.length === 0 ? [] : [`OPTIONS (${foreignOptionList(rows)})`];

const WRAPPER = { noun: 'FOREIGN DATA WRAPPER' };

function wrapperStatements(state: WrapperState, before: WrapperState | null, context: FormContext): Statement[] {
  const target = targetOf(WRAPPER, before ?? state);
  const part = (key: string, value: string, was: string): string[] => {
    if (value === was) return [];
    return [value === '' ? `NO ${key}` : `${key} ${withoutArguments(value)}`];
  };
  const functions = [
    ...part('HANDLER', state.handler, before?.handler ?? ''),
    ...part('VALIDATOR', state.validator, before?.validator ?? ''),
  ];
  return [
    ...(before ? [] : [{ sql: ['CREATE', target, ...functions, ...optionsClause(state.options)].join(' ') }]),
    ...(before && functions.length > 0 ? [{ sql: `ALTER ${target} ${functions.join(' ')}` }] : []),
    ...(before ? foreignOptionChanges(target, before.options, state.options) : []),
    ...identityChanges(WRAPPER, state, before, context),
  ];
}

const wrapperForm = defineForm<WrapperState>({
  kind: 'foreign-data-wrapper',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, COMMENT] },
    {
      id: 'definition',
      fields: [
        { id: 'handler', kind: 'combo', choices: 'wrapper-handlers' },
        { id: 'validator', kind: 'combo', choices: 'wrapper-validators' },
      ],
    },
    OPTIONS,
    SECURITY,
  ],
  initial: ({ user }) => ({
    name: '',
    owner: user,
    comment: '',
    handler: '',
    validator: '',
    options: [],
    privileges: [],
  }),
  statements: wrapperStatements,
});

type ServerState = {
  readonly name: string;
  readonly owner: string;
  readonly comment: string;
  readonly wrapper: string;
  readonly type: string;
  readonly version: string;
  readonly options: readonly OptionRow[];
  readonly privileges: readonly PrivilegeRow[];
};

const SERVER = { noun: 'SERVER', grantNoun: 'FOREIGN SERVER' };

function serverStatements(state: ServerState, before: ServerState | null, context: FormContext): Statement[] {
  const target = targetOf(SERVER, before ?? state);
  const create = [
    `CREATE ${target}`,
    ...(state.type === '' ? [] : [`TYPE ${quoteLiteral(state.type)}`]),
    ...(state.version === '' ? [] : [`VERSION ${quoteLiteral(state.version)}`]),
    `FOREIGN DATA WRAPPER ${quoteIdent(state.wrapper)}`,
    ...optionsClause(state.options),
  ];
  const version = state.version === '' ? 'NULL' : quoteLiteral(state.version);
  return [
    ...(before ? [] : [{ sql: create.join(' ') }]),
    ...(before && before.version !== state.version ? [{ sql: `ALTER ${target} VERSION ${version}` }] : []),
    ...(before ? foreignOptionChanges(target, before.options, state.options) : []),
    ...identityChanges(SERVER, state, before, context),
  ];
}

const serverForm = defineForm<ServerState>({
  kind: 'foreign-server',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    { id: 'general', fields: [NAME, OWNER, COMMENT] },
    {
      id: 'definition',
      fields: [
        { id: 'wrapper', kind: 'choice', choices: 'foreign-data-wrappers', required: true, fixed: true },
        { id: 'type', kind: 'text', fixed: true },
        { id: 'version', kind: 'text' },
      ],
    },
    OPTIONS,
    SECURITY,
  ],
  initial: ({ user, parent }) => ({
    name: '',
    owner: user,
    comment: '',
    wrapper: parent?.kind === 'foreign-data-wrapper' ? parent.name : '',
    type: '',
    version: '',
    options: [],
    privileges: [],
  }),
  statements: serverStatements,
});

type MappingState = {
  /** Empty is PUBLIC. */
  readonly user: string;
  readonly server: string;
  readonly options: readonly OptionRow[];
};

const mappingForm = defineForm<MappingState>({
  kind: 'user-mapping',
  variant: '',
  words: 'forms-code',
  editable: true,
  tabs: [
    {
      id: 'general',
      fields: [
        { id: 'user', kind: 'choice', choices: 'roles', fixed: true },
        { id: 'server', kind: 'choice', choices: 'foreign-servers', required: true, fixed: true },
        { id: 'options', kind: 'options' },
      ],
    },
  ],
  initial: ({ user, parent }) => ({
    user,
    server: parent?.kind === 'foreign-server' ? parent.name : '',
    options: [],
  }),
  statements: (state, before) => {
    const { user, server } = before ?? state;
    const target = `USER MAPPING FOR ${user === '' ? 'PUBLIC' : quoteIdent(user)} SERVER ${quoteIdent(server)}`;
    if (before) return foreignOptionChanges(target, before.options, state.options);
    return [{ sql: [`CREATE ${target}`, ...optionsClause(state.options)].join(' ') }];
  },
});

export const FOREIGN_FORMS: readonly AnyForm[] = [wrapperForm, serverForm, mappingForm];
